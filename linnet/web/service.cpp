#include "linnet/web/service.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "linnet/app/job_table.h"
#include "linnet/core/error.h"
#include "linnet/core/strings.h"
#include "linnet/core/version.h"
#include "linnet/web/inputs.h"
#include "linnet/web/openapi.h"
#include "linnet/web/static_files.h"

namespace linnet::web {

namespace {

HttpResponse json_response(const Json& json) { return {.body = json.dump()}; }

/** An answer to a request without a body. */
class Ready final : public Exchange {
 public:
  explicit Ready(HttpResponse response) : response_(std::move(response)) {}
  void body(std::string_view) override { throw HttpError(400, "this address takes no body"); }
  HttpResponse answer() override { return std::move(response_); }

 private:
  HttpResponse response_;
};

void check_method(const RequestHead& head, std::string_view wanted) {
  const bool fits = head.method == wanted || (wanted == "GET" && head.method == "HEAD");
  if (fits) return;
  throw HttpError(405, fmt::format("{} is asked with {}", shown_text(head.url.path), wanted),
                  {{"Allow", wanted == "GET" ? "GET, HEAD" : std::string(wanted)}});
}

// As what an error of the library is told to the client; others are faults of ours and pass, those
// of the disk among them, which name files.
template <class Work>
auto told(Work work) {
  try {
    return work();
  } catch (const UsageError& e) {
    throw HttpError(400, e.what());
  } catch (const DataError& e) {
    throw HttpError(422, e.what());
  }
}

Json problem_json(const HttpError& error) {
  return Json{{"problem", Json::parse(problem_text(error.status(), error.what()))}};
}

Json with_model(const ServedModel& model, const Json& answer) {
  Json whole{{"model", model.name()}};
  whole.merge(answer);
  return whole;
}

}  // namespace

/** A request whose body is being read. */
struct Service::Ask {
  ServedModel* model;
  Url url;
};

/** One of the program's addresses, beside the page's files: who answers there. */
struct Service::Route {
  std::string_view path;
  bool open = false;  // answered without a token
  HttpResponse (Service::*get)() const = nullptr;
  HttpResponse (Service::*post)(const Ask&, RequestBody) = nullptr;  // null: it is asked with GET
};

std::span<const Service::Route> Service::routes() {
  static constexpr std::array<Route, 8> kRoutes = {
      {{.path = "/health", .open = true, .get = &Service::health},
       {.path = "/version", .open = true, .get = &Service::version},
       {.path = "/metrics", .get = &Service::metrics},
       {.path = "/openapi.json", .get = &Service::api},
       {.path = "/models", .get = &Service::about_models},
       {.path = "/predict", .post = &Service::predict},
       {.path = "/predict/batch", .post = &Service::predict_batch},
       {.path = "/explain", .post = &Service::explain}}};
  return kRoutes;
}

std::vector<std::string> Service::counted_paths() {
  std::vector<std::string> paths = {"/"};
  for (const Route& route : routes()) paths.emplace_back(route.path);
  return paths;
}

const Service::Route& Service::route_of(const RequestHead& head) {
  const auto all = routes();
  const auto route = std::find_if(all.begin(), all.end(),
                                  [&](const Route& row) { return row.path == head.url.path; });
  if (route == all.end())
    throw HttpError(404, fmt::format("there is nothing at {}", shown_text(head.url.path)));
  return *route;
}

class Service::Asking final : public Exchange {
 public:
  Asking(Service& service, const Route& route, Ask ask, BodyReader reader)
      : service_(&service),
        slot_(service),
        route_(&route),
        ask_(std::move(ask)),
        reader_(std::move(reader)) {}

  void body(std::string_view bytes) override { reader_.write(bytes); }
  HttpResponse answer() override {
    return told([&] { return (service_->*route_->post)(ask_, reader_.finish()); });
  }

 private:
  Service* service_;
  Slot slot_;
  const Route* route_;
  Ask ask_;
  BodyReader reader_;
};

Service::Slot::Slot(Service& service) : service_(&service) {
  const int64_t most = service.options_.limits.concurrency;
  if (++service.under_way_ <= most) return;
  --service.under_way_;
  throw HttpError(429,
                  fmt::format("{} requests are under way already. Try again in a moment.", most),
                  {{"Retry-After", "1"}});
}

Service::Service(std::vector<std::unique_ptr<ServedModel>> models, ServiceOptions options)
    : models_(std::move(models)), options_(std::move(options)), metrics_(counted_paths()) {
  if (models_.empty()) throw UsageError("serve", "got no model, expected one or more");
}

Headers Service::security_headers() {
  return {{"Content-Security-Policy",
           "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; "
           "connect-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'"},
          {"X-Content-Type-Options", "nosniff"},
          {"X-Frame-Options", "DENY"},
          {"Referrer-Policy", "no-referrer"},
          {"Cross-Origin-Opener-Policy", "same-origin"},
          {"Cross-Origin-Resource-Policy", "same-origin"},
          {"Permissions-Policy", "camera=(), microphone=(), geolocation=()"},
          {"Cache-Control", "no-store"}};
}

std::unique_ptr<Exchange> Service::begin(const RequestHead& head) {
  check_host(head, options_.access);
  if (const StaticFile* file = find_static_file(head.url.path)) {
    check_method(head, "GET");
    return std::make_unique<Ready>(HttpResponse{.content_type = std::string(file->content_type),
                                                .body = std::string(file->bytes)});
  }
  const Route& route = route_of(head);
  if (!route.open) check_token(head, options_.access);
  check_method(head, route.post == nullptr ? "GET" : "POST");
  if (route.post == nullptr) return std::make_unique<Ready>((this->*route.get)());

  if (const auto* coding = head.header("content-encoding");
      coding != nullptr && *coding != "identity")
    throw HttpError(415, "a compressed body is not taken: send it as it is");
  ServedModel& model = model_of(head.url);
  BodyReader reader(head.header("content-type"), options_.limits.parts);
  return std::make_unique<Asking>(*this, route, Ask{&model, head.url}, std::move(reader));
}

ServedModel& Service::model_of(const Url& url) const {
  const std::string* name = url.parameter("model");
  if (name == nullptr) return *models_.front();
  std::vector<std::string> names;
  for (const auto& model : models_) {
    if (model->name() == *name) return *model;
    names.push_back(model->name());
  }
  throw HttpError(404, unknown_name("model", shown_text(*name), names));
}

HttpResponse Service::health() const { return json_response(Json{{"status", "ok"}}); }

HttpResponse Service::version() const {
  return json_response(Json{{"name", "linnet"}, {"version", kVersion}});
}

HttpResponse Service::api() const {
  std::vector<std::pair<std::string, std::vector<Field>>> forms;
  for (const auto& model : models_) forms.emplace_back(model->name(), model->form());
  return json_response(openapi(forms, !options_.access.token.empty()));
}

HttpResponse Service::metrics() const {
  std::vector<ModelNumbers> numbers;
  for (const auto& model : models_) {
    numbers.push_back({.name = model->name(),
                       .done = model->executor().counts(),
                       .waiting = model->executor().waiting()});
  }
  return {.content_type = "text/plain; version=0.0.4", .body = metrics_.text(under_way_, numbers)};
}

HttpResponse Service::about_models() const {
  Json models(Json::Array{});
  for (const auto& model : models_) {
    Json form(Json::Array{});
    for (const Field& field : model->form()) form.push_back(to_json(field));
    Json facts(Json::Array{});
    for (const auto& [name, value] : model->facts())
      facts.push_back(Json{{"name", name}, {"value", value}});
    models.push_back(
        Json{{"name", model->name()},
             {"kind", model->kind()},
             {"labels", Json::array(model->labels())},
             {"explanation", model->explains() ? Json{{"name", model->explanation_name()},
                                                      {"words", model->explanation_words()}}
                                               : Json(nullptr)},
             {"facts", facts},
             {"form", form}});
  }
  const Json limits{{"body_bytes", options_.limits.body_bytes}, {"parts", options_.limits.parts}};
  return json_response(Json{{"models", models}, {"limits", limits}});
}

HttpResponse Service::predict(const Ask& ask, RequestBody body) {
  const Deadline deadline = in_seconds(options_.limits.answer_seconds);
  auto answers = [&] {
    const ModelExecutor::Coming coming(ask.model->executor());
    std::vector<Prepared> inputs;
    inputs.push_back(ask.model->prepared(input_of(std::move(body), ask.model->form()), deadline));
    return ask.model->answers(std::move(inputs), deadline);
  }();
  return json_response(with_model(*ask.model, result_of(answers.front(), deadline)));
}

// A bad input has a problem in its place; the others are answered.
HttpResponse Service::predict_batch(const Ask& ask, RequestBody body) {
  const Deadline deadline = in_seconds(options_.limits.answer_seconds);
  std::vector<Json> results;
  std::vector<Prepared> inputs;
  std::vector<size_t> places;  // of the inputs among the results
  const auto attempt = [&results](size_t place, const auto& work) {
    try {
      told(work);
    } catch (const HttpError& error) {
      if (error.status() == 429 || error.status() == 504) throw;
      results[place] = problem_json(error);
    }
  };
  auto answers = [&] {
    const ModelExecutor::Coming coming(ask.model->executor());
    for (MaybeInput& input : inputs_of(std::move(body), ask.model->form(), options_.limits.parts)) {
      const size_t place = results.size();
      results.emplace_back();
      attempt(place, [&] {
        if (input.error) std::rethrow_exception(input.error);
        inputs.push_back(ask.model->prepared(std::move(input.input), deadline));
        places.push_back(place);
      });
    }
    return ask.model->answers(std::move(inputs), deadline);
  }();
  for (size_t i = 0; i < answers.size(); ++i)
    attempt(places[i], [&] { results[places[i]] = result_of(answers[i], deadline); });
  return json_response(Json{{"model", ask.model->name()}, {"answers", Json::array(results)}});
}

HttpResponse Service::explain(const Ask& ask, RequestBody body) {
  if (!ask.model->explains()) {
    throw HttpError(400, fmt::format("a model of kind {} does not show what speaks for its answer",
                                     ask.model->kind()));
  }
  const std::string* label = ask.url.parameter("label");
  const FormInput input = input_of(std::move(body), ask.model->form());
  return {
      .content_type = "image/png",
      .body = ask.model->explanation(input, label != nullptr ? std::optional(*label) : std::nullopt,
                                     in_seconds(options_.limits.answer_seconds))};
}

}  // namespace linnet::web
