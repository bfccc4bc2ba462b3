#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "linnet/web/http_server.h"
#include "linnet/web/model_executor.h"

namespace linnet::web {

/** Numbers of one model for the metrics page. */
struct ModelNumbers {
  std::string name;
  ExecutorCounts done = {};
  int64_t waiting = 0;
};

/** Counts requests, for Prometheus. Safe from many threads. */
class RequestMetrics {
 public:
  /** `paths` are counted by name, all others together. */
  explicit RequestMetrics(std::vector<std::string> paths) : paths_(std::move(paths)) {}

  void count(const Served& served);
  /** In Prometheus' text format, version 0.0.4. `under_way`: requests with a body right now. */
  std::string text(int64_t under_way, const std::vector<ModelNumbers>& models) const;

 private:
  static constexpr std::array<double, 10> kBounds = {0.005, 0.01, 0.025, 0.05, 0.1,
                                                     0.25,  0.5,  1,     2.5,  10};  // seconds
  struct Times {
    std::array<int64_t, kBounds.size()> within = {};  // as many as took so long at most
    int64_t count = 0;
    double seconds = 0;
  };

  std::vector<std::string> paths_;
  mutable std::mutex mutex_;
  std::map<std::pair<std::string, int>, int64_t> answers_;  // by path and status
  std::map<std::string, Times> times_;
};

}  // namespace linnet::web
