#include <fmt/format.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "linnet/app/job.h"
#include "linnet/app/model_file.h"
#include "linnet/app/prediction_precision.h"
#include "linnet/core/error.h"
#include "linnet/core/strings.h"
#include "linnet/io/file_text.h"
#include "linnet/web/http_server.h"
#include "linnet/web/service.h"
#include "linnet/web/socket.h"

namespace linnet::web {

namespace {

namespace fs = std::filesystem;

constexpr const char* kServeJobWhere = "serve";
constexpr const char* kTokenVariable = "LINNET_TOKEN";
constexpr size_t kLeastToken = 16;  // letters
constexpr double kDaySeconds = 86'400;

std::vector<Field> limit_fields() {
  using enum FieldKind;
  const Limits limits;
  const ExecutorOptions executor;
  return {{.name = "batch",
           .kind = integer,
           .help = "inputs that are computed at once when so many have come",
           .preset = executor.batch,
           .min = 1},
          {.name = "batch-wait",
           .kind = number,
           .help = "milliseconds that a batch waits for inputs that are being read",
           .preset = executor.wait_seconds * 1e3,
           .min = 0,
           .max = 1000},
          {.name = "max-body",
           .kind = integer,
           .help = "of a request, in megabytes; larger: 413",
           .preset = limits.body_bytes >> 20,
           .min = 1,
           .max = 2048},
          {.name = "max-pixels",
           .kind = number,
           .help = "of a picture, in millions; larger: 422",
           .preset = static_cast<double>(limits.pixels) / 1e6,
           .min = 0,
           .max = 1000,
           .open_range = true},
          {.name = "max-inputs",
           .kind = integer,
           .help = "of a request, and parts of a form; more: 413",
           .preset = limits.parts,
           .min = 1,
           .max = 10000},
          {.name = "max-requests",
           .kind = integer,
           .help = "under way at once; more: 429",
           .preset = limits.concurrency,
           .min = 1},
          {.name = "max-connections",
           .kind = integer,
           .help = "open at once, a thread each; more: 429",
           .preset = limits.connections,
           .min = 1,
           .max = 4096},
          {.name = "max-queue",
           .kind = integer,
           .help = "inputs that wait for one model; more: 429",
           .preset = limits.queue,
           .min = 1},
          {.name = "idle-time",
           .kind = number,
           .help = "seconds that an open connection may ask nothing; then it is closed",
           .preset = limits.idle_seconds,
           .min = 0,
           .max = kDaySeconds,
           .open_range = true},
          {.name = "head-time",
           .kind = number,
           .help = "seconds for the head of a request; longer: 408",
           .preset = limits.head_seconds,
           .min = 0,
           .max = kDaySeconds,
           .open_range = true},
          {.name = "body-time",
           .kind = number,
           .help = "seconds for the whole body of a request; longer: 408",
           .preset = limits.body_seconds,
           .min = 0,
           .max = kDaySeconds,
           .open_range = true},
          {.name = "answer-time",
           .kind = number,
           .help = "seconds until the answer; longer: 504",
           .preset = limits.answer_seconds,
           .min = 0,
           .max = kDaySeconds,
           .open_range = true}};
}

std::vector<Field> serve_fields() {
  using enum FieldKind;
  Field models = model_field();
  models.help = "saved learners, or their runs' folders; the first answers when none is named";
  models.repeated = true;
  std::vector<Field> fields = {
      models,
      {.name = "port",
       .kind = integer,
       .help = "0 takes a free one",
       .preset = 8080,
       .min = 0,
       .max = 65535},
      {.name = "address",
       .help = "to listen at; one that others can reach needs --allow-remote",
       .preset = "127.0.0.1"},
      {.name = "allow-remote",
       .kind = flag,
       .help = "let other machines ask; they need the access token"},
      {.name = "token-file",
       .kind = path,
       .help = "its first line is the access token; else $LINNET_TOKEN",
       .preset_note = "with --allow-remote a new one, which is printed"},
      {.name = "host",
       .kind = list,
       .help = "names under which it is asked for, as behind a proxy; * for any",
       .preset_note = "localhost"}};
  fields.push_back(prediction_precision_field());
  for (Field& field : limit_fields()) fields.push_back(std::move(field));
  return fields;
}

Limits limits_of(const Request& request) {
  Limits limits;
  limits.body_bytes = request.integer("max-body") << 20;
  limits.pixels = static_cast<int64_t>(request.number("max-pixels") * 1e6);
  limits.parts = request.integer("max-inputs");
  limits.concurrency = request.integer("max-requests");
  limits.connections = request.integer("max-connections");
  limits.queue = request.integer("max-queue");
  limits.idle_seconds = request.number("idle-time");
  limits.head_seconds = request.number("head-time");
  limits.body_seconds = request.number("body-time");
  limits.answer_seconds = request.number("answer-time");
  return limits;
}

void check_token_text(const std::string& token) {
  const bool plain =
      std::all_of(token.begin(), token.end(), [](char c) { return c > ' ' && c < 127; });
  if (plain && token.size() >= kLeastToken) return;
  throw UsageError(kServeJobWhere,
                   fmt::format("the access token: expected {} or more letters, digits and signs "
                               "without white space",
                               kLeastToken));
}

struct Token {
  std::string text = {};  // empty: none is asked for
  bool is_new = false;    // made by us: nobody knows it yet
};

Token token_of(const Request& request) {
  std::string token;
  if (request.has("token-file")) {
    token = trim(split(file_text(request.path("token-file"), kServeJobWhere), '\n').front());
    check_token_text(token);
  } else if (const char* given = std::getenv(kTokenVariable)) {
    token = given;
    check_token_text(token);
  }
  if (token.empty() && request.flag("allow-remote"))
    return {.text = random_token(), .is_new = true};
  return {.text = token};
}

AccessRules access_of(const Request& request, const std::string& token) {
  const std::string& address = request.text("address");
  const bool local = is_loopback(address);
  if (!local && !request.flag("allow-remote")) {
    throw UsageError(kServeJobWhere,
                     fmt::format("--address {} lets other machines ask this one. Add "
                                 "--allow-remote if that is meant.",
                                 address));
  }
  AccessRules rules{.token = token};
  const std::vector<std::string> named =
      request.has("host") ? request.texts("host") : std::vector<std::string>();
  const bool any = std::find(named.begin(), named.end(), "*") != named.end();
  // Who brings the token is no page of another site.
  if (any || (!local && named.empty())) return rules;
  rules.hosts = {"localhost", "127.0.0.1", "::1", host_name(address)};
  for (const std::string& name : named) rules.hosts.push_back(host_name(name));
  return rules;
}

// What a model is called: as its run.
std::string name_of(const fs::path& file) {
  const fs::path absolute = fs::absolute(file).lexically_normal();
  return absolute.filename() == "model.safetensors" ? absolute.parent_path().filename().string()
                                                    : absolute.stem().string();
}

std::vector<std::unique_ptr<ServedModel>> load_models(const Request& request, const Limits& limits,
                                                      Reporter& reporter) {
  std::vector<std::unique_ptr<ServedModel>> models;
  const auto taken = [&](const std::string& name) {
    return std::any_of(models.begin(), models.end(),
                       [&](const auto& model) { return model->name() == name; });
  };
  for (const std::string& given : request.texts("model")) {
    const fs::path file = model_file(given, kServeJobWhere);
    std::string name = name_of(file);
    for (int n = 2; taken(name); ++n) name = fmt::format("{}-{}", name_of(file), n);
    ServedModelOptions options;
    options.name = name;
    options.pixels.most = limits.pixels;
    options.executor = {.queue = limits.queue,
                        .batch = request.integer("batch"),
                        .wait_seconds = request.number("batch-wait") / 1e3};
    options.precision = prediction_precision(request);
    options.decoders = std::max(1U, std::thread::hardware_concurrency());
    models.push_back(std::make_unique<ServedModel>(file, options));
    models.back()->warm();
    reporter.note(fmt::format("model {}: {}", name, file.string()));
  }
  return models;
}

/** Waits for SIGTERM or SIGINT. The second one ends the program at once. */
class StopSignal {
 public:
  StopSignal() {
    event = eventfd(0, EFD_CLOEXEC);
    std::signal(SIGTERM, on_signal);
    std::signal(SIGINT, on_signal);
  }
  ~StopSignal() {
    std::signal(SIGTERM, SIG_DFL);
    std::signal(SIGINT, SIG_DFL);
    close(event);
  }
  StopSignal(const StopSignal&) = delete;
  StopSignal& operator=(const StopSignal&) = delete;

  void wait() const {
    uint64_t count = 0;
    while (read(event, &count, sizeof count) < 0 && errno == EINTR) {
    }
  }

 private:
  // Only what may be called in a signal handler.
  static void on_signal(int number) {
    const uint64_t one = 1;
    if (write(event, &one, sizeof one) < 0) _exit(128 + number);
    std::signal(number, SIG_DFL);
  }
  static inline volatile int event = -1;
};

std::string url_of(const std::string& address, int port) {
  const bool six = address.find(':') != std::string::npos;
  return six ? fmt::format("http://[{}]:{}/", address, port)
             : fmt::format("http://{}:{}/", address, port);
}

Json run_serve(const Request& request, Reporter& reporter) {
  const Limits limits = limits_of(request);
  ServiceOptions options;
  options.limits = limits;
  const Token token = token_of(request);
  options.access = access_of(request, token.text);
  Service service(load_models(request, limits, reporter), std::move(options));
  std::mutex telling;  // a reporter is called by one thread at a time
  const auto tell = [&](const Served& served) {
    service.count(served);
    const std::lock_guard lock(telling);
    reporter.event("request", Json{{"method", served.method},
                                   {"path", served.path},
                                   {"status", served.status},
                                   {"seconds", served.seconds}});
    if (!served.failure.empty())
      reporter.warn(fmt::format("a request to {} failed: {}", shown_text(served.path),
                                shown_text(served.failure, 500)));
  };
  const StopSignal stop;
  HttpServer server([&service](const RequestHead& head) { return service.begin(head); },
                    {.address = request.text("address"),
                     .port = static_cast<int>(request.integer("port")),
                     .limits = limits,
                     .headers = Service::security_headers(),
                     .on_served = tell});
  const std::string url = url_of(request.text("address"), server.port());
  {
    const std::lock_guard lock(telling);
    // A token of one's own is a secret that has no place in logs.
    reporter.note(fmt::format("Open {}{}", url, token.is_new ? "#token=" + token.text : ""));
    reporter.note("Ctrl-C ends it; what is under way is answered first.");
    reporter.event("serving", Json{{"url", url}});
  }
  stop.wait();
  server.stop();
  reporter.note("Ended.");
  return nullptr;
}

}  // namespace

const Registered<Job> serve_job{
    {.name = "serve",
     .summary = "a page, and a service, that answers with a trained model",
     .help =
         "Opens a page on this machine where one drops, chooses, pastes or takes a picture (or "
         "fills\n"
         "in a form, as the model wants it) and sees the answer. Programs ask the same by HTTP:\n"
         "  curl -F picture=@cat.jpg http://127.0.0.1:8080/predict\n"
         "What they may ask is described at /openapi.json. Nothing that is sent is kept. SIGTERM\n"
         "finishes what is under way.\n\n"
         "Examples\n"
         "  linnet serve runs/pets-resnet34\n"
         "  linnet serve runs/pets runs/flowers --port 9000\n"
         "  linnet serve runs/pets --address 0.0.0.0 --allow-remote",
     .fields = serve_fields,
     .run = run_serve}};

}  // namespace linnet::web
