#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "linnet/web/access.h"
#include "linnet/web/http_server.h"
#include "linnet/web/limits.h"
#include "linnet/web/metrics.h"
#include "linnet/web/request_body.h"
#include "linnet/web/served_model.h"

namespace linnet::web {

struct ServiceOptions {
  Limits limits = {};
  AccessRules access = {};
};

/** What `linnet serve` answers: the page's files, what is known of models, and predictions. Knows
 * nothing of sockets; methods may be called from many threads.
 */
class Service {
 public:
  /** One model or more, with names of their own. */
  Service(std::vector<std::unique_ptr<ServedModel>> models, ServiceOptions options);

  /** For HttpServer. HttpError 404, 405, 415, 429 and those of check_host and check_token. */
  std::unique_ptr<Exchange> begin(const RequestHead& head);
  void count(const Served& served) { metrics_.count(served); }
  /** Headers of every answer: nothing of it is kept, framed or mixed with other sites' things. */
  static Headers security_headers();

  /** How many requests with a body are under way: no more than the limit. */
  class Slot {
   public:
    /** HttpError 429 when all are taken. */
    explicit Slot(Service& service);
    ~Slot() { --service_->under_way_; }
    Slot(const Slot&) = delete;
    Slot& operator=(const Slot&) = delete;

   private:
    Service* service_;
  };

 private:
  struct Ask;
  struct Route;
  class Asking;

  static std::span<const Route> routes();
  static std::vector<std::string> counted_paths();
  static const Route& route_of(const RequestHead& head);
  HttpResponse health() const;
  HttpResponse version() const;
  HttpResponse metrics() const;
  HttpResponse api() const;
  HttpResponse about_models() const;
  HttpResponse predict(const Ask& ask, RequestBody body);
  HttpResponse predict_batch(const Ask& ask, RequestBody body);
  HttpResponse explain(const Ask& ask, RequestBody body);
  ServedModel& model_of(const Url& url) const;

  std::vector<std::unique_ptr<ServedModel>> models_;
  ServiceOptions options_;
  RequestMetrics metrics_;
  std::atomic<int64_t> under_way_ = 0;
};

}  // namespace linnet::web
