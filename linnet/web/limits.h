#pragma once

#include <cstdint>

namespace linnet::web {

/** What a request may cost, enforced while bytes arrive. All but the length of a head are
 * options of `linnet serve`. */
struct Limits {
  int64_t head_bytes = 16 * 1024;         // request line and headers; beyond: 431
  int64_t body_bytes = 32 * 1024 * 1024;  // beyond: 413
  int64_t parts = 64;                     // of a form, and inputs of one request; beyond: 413
  int64_t pixels = 50'000'000;            // of a picture; beyond: 422
  int64_t connections = 128;              // open at once; beyond: 429
  int64_t concurrency = 64;               // requests with a body at once; beyond: 429
  int64_t queue = 128;                    // inputs that wait for one model; beyond: 429
  double idle_seconds = 15;               // an open connection without a request; then it is closed
  double head_seconds = 10;               // for the whole head; then 408
  double body_seconds = 30;               // for the whole body; then 408
  double answer_seconds = 30;             // from the whole body to the answer; then 504
};

}  // namespace linnet::web
