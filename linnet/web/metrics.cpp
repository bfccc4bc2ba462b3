#include "linnet/web/metrics.h"

#include <fmt/format.h>

#include <algorithm>

#include "linnet/core/version.h"

namespace linnet::web {

namespace {

// A label's value.
std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '\\' || c == '"') out += '\\';
    out += c == '\n' ? std::string("\\n") : std::string(1, c);
  }
  return out;
}

void begin(std::string& text, std::string_view name, std::string_view type, std::string_view help) {
  text += fmt::format("# HELP {} {}\n# TYPE {} {}\n", name, help, name, type);
}

template <class Value>
void models_part(std::string& text, const std::vector<ModelNumbers>& models, std::string_view name,
                 std::string_view type, std::string_view help, Value value) {
  begin(text, name, type, help);
  for (const ModelNumbers& model : models)
    text += fmt::format("{}{{model=\"{}\"}} {}\n", name, escaped(model.name), value(model));
}

}  // namespace

void RequestMetrics::count(const Served& served) {
  const bool known = std::find(paths_.begin(), paths_.end(), served.path) != paths_.end();
  const std::string path = known ? served.path : "other";
  const std::lock_guard lock(mutex_);
  ++answers_[{path, served.status}];
  Times& times = times_[path];
  for (size_t i = 0; i < kBounds.size(); ++i)
    times.within[i] += served.seconds <= kBounds[i] ? 1 : 0;
  ++times.count;
  times.seconds += served.seconds;
}

std::string RequestMetrics::text(int64_t under_way, const std::vector<ModelNumbers>& models) const {
  std::string text;
  begin(text, "linnet_info", "gauge", "The version of linnet.");
  text += fmt::format("linnet_info{{version=\"{}\"}} 1\n", kVersion);
  {
    const std::lock_guard lock(mutex_);
    begin(text, "linnet_requests_total", "counter", "Answered requests.");
    for (const auto& [key, n] : answers_)
      text += fmt::format("linnet_requests_total{{path=\"{}\",status=\"{}\"}} {}\n",
                          escaped(key.first), key.second, n);
    begin(text, "linnet_request_seconds", "histogram", "From a request's head to its answer.");
    for (const auto& [path, times] : times_) {
      const std::string labels = fmt::format("path=\"{}\"", escaped(path));
      for (size_t i = 0; i < kBounds.size(); ++i)
        text += fmt::format("linnet_request_seconds_bucket{{{},le=\"{}\"}} {}\n", labels,
                            kBounds[i], times.within[i]);
      text +=
          fmt::format("linnet_request_seconds_bucket{{{},le=\"+Inf\"}} {}\n", labels, times.count);
      text += fmt::format("linnet_request_seconds_sum{{{}}} {}\n", labels, times.seconds);
      text += fmt::format("linnet_request_seconds_count{{{}}} {}\n", labels, times.count);
    }
  }
  begin(text, "linnet_requests_under_way", "gauge",
        "Requests with a body that are not answered yet.");
  text += fmt::format("linnet_requests_under_way {}\n", under_way);
  models_part(text, models, "linnet_model_inputs_total", "counter", "Inputs that a model answered.",
              [](const ModelNumbers& model) { return model.done.inputs; });
  models_part(text, models, "linnet_model_batches_total", "counter", "Batches that they came in.",
              [](const ModelNumbers& model) { return model.done.batches; });
  models_part(text, models, "linnet_model_seconds_total", "counter", "Time that a model computed.",
              [](const ModelNumbers& model) { return model.done.seconds; });
  models_part(text, models, "linnet_model_waiting", "gauge", "Inputs that wait for a model.",
              [](const ModelNumbers& model) { return model.waiting; });
  return text;
}

}  // namespace linnet::web
