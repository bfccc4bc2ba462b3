// The service behind a server on loopback, with models of a few weights: what is answered, and to
// what is not.
#include "linnet/web/service.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <future>

#include "linnet/core/markup.h"
#include "linnet/core/thread_pool.h"
#include "linnet/media/decode.h"
#include "linnet/media/encode.h"
#include "support/colour_learner.h"
#include "support/http_client.h"
#include "support/picture_writer.h"

namespace linnet::web {
namespace {

using test::form_body;
using test::http_get;
using test::http_post;
using test::http_request;
using test::HttpClient;
using test::HttpReply;
using test::kFormType;

std::string text_of(const std::vector<uint8_t>& bytes) { return {bytes.begin(), bytes.end()}; }

std::string dot_png(int64_t colour) {
  return text_of(encode_image(test::picture_of({.row = 5, .column = 9, .colour = colour})));
}

Limits small_limits() {
  Limits limits;
  limits.parts = 4;
  limits.pixels = 100'000;
  limits.body_bytes = 1 << 20;
  return limits;
}

/** Two models, "colours" and "more", that tell red dots from blue ones. */
struct Serving {
  explicit Serving(const ServiceOptions& options = {.limits = small_limits()})
      : service(models(options.limits), options),
        server([this](const RequestHead& head) { return service.begin(head); },
               {.port = 0,
                .limits = options.limits,
                .headers = Service::security_headers(),
                .on_served = [this](const Served& one) {
                  service.count(one);
                  if (!one.failure.empty()) ADD_FAILURE() << one.failure;
                }}) {}

  static std::vector<std::unique_ptr<ServedModel>> models(const Limits& limits) {
    std::vector<std::unique_ptr<ServedModel>> made;
    for (const char* name : {"colours", "more"}) {
      Learner learn = test::colour_learner();
      learn.model_config = Json{{"kind", "vision"}};
      learn.network().module().eval();
      ServedModelOptions model;
      model.name = name;
      model.pixels.most = limits.pixels;
      model.executor.queue = limits.queue;
      std::vector<std::pair<std::string, std::string>> facts = {{"data", "dots"}};
      made.push_back(std::make_unique<ServedModel>(std::move(learn), model, facts));
    }
    return made;
  }
  int port() const { return server.port(); }

  Service service;
  HttpServer server;
};

void expect_red(const Json& answer) {
  EXPECT_EQ(answer.at("label").as_string(), "red");
  EXPECT_GT(answer.at("probability").as_double(), 0.8);
  EXPECT_DOUBLE_EQ(answer.at("probabilities").at("red").as_double(),
                   answer.at("probability").as_double());
}

TEST(Service, AnswersAPictureHoweverItIsSent) {
  const Serving serving;
  const std::string png = dot_png(0);
  const std::string json = Json{{"picture", base64(png)}}.dump();
  for (const auto& [type, body] :
       {std::pair<std::string, std::string>(kFormType, form_body({{"picture|cat.png", png}})),
        {kFormType, form_body({{"file|cat.png", png}})},
        {"image/png", png},
        {"application/octet-stream", png},
        {"application/json", json}}) {
    const HttpReply reply = http_post(serving.port(), "/predict", type, body);
    EXPECT_EQ(reply.status, 200) << type << reply.body;
    EXPECT_EQ(reply.json().at("model").as_string(), "colours");
    expect_red(reply.json());
  }
  const HttpReply blue = http_post(serving.port(), "/predict?model=more", "image/png", dot_png(2));
  EXPECT_EQ(blue.json().at("model").as_string(), "more");
  EXPECT_EQ(blue.json().at("label").as_string(), "blue");
}

TEST(Service, AnswersSeveralWithAProblemInThePlaceOfABadOne) {
  const Serving serving;
  const std::string body =
      "--xyz\r\nContent-Disposition: form-data; name=\"p\"; filename=\"a\"\r\n\r\n" + dot_png(0) +
      "\r\n--xyz\r\nContent-Disposition: form-data; name=\"p\"; filename=\"b\"\r\n\r\n"
      "no picture\r\n"
      "--xyz\r\nContent-Disposition: form-data; name=\"p\"; filename=\"c\"\r\n\r\n" +
      dot_png(2) + "\r\n--xyz--";
  const HttpReply reply = http_post(serving.port(), "/predict/batch", kFormType, body);
  ASSERT_EQ(reply.status, 200) << reply.body;
  const auto answers = reply.json().at("answers").as_array();
  ASSERT_EQ(answers.size(), 3U);
  expect_red(answers[0]);
  EXPECT_EQ(answers[1].at("problem").at("status").as_int(), 422);
  EXPECT_EQ(answers[2].at("label").as_string(), "blue");
  const std::string inputs =
      Json{{"inputs", Json(Json::Array{Json{{"picture", base64(dot_png(0))}}, Json{{"x", 1}}})}}
          .dump();
  const HttpReply from_json =
      http_post(serving.port(), "/predict/batch", "application/json", inputs);
  expect_red(from_json.json().at("answers").as_array().at(0));
  EXPECT_EQ(from_json.json().at("answers").as_array().at(1).at("problem").at("status").as_int(),
            400);
}

TEST(Service, ShowsWhatSpeaksForALabel) {
  const Serving serving;
  for (const char* target : {"/explain", "/explain?label=blue&model=more"}) {
    const HttpReply reply = http_post(serving.port(), target, "image/png", dot_png(0));
    ASSERT_EQ(reply.status, 200) << reply.body;
    EXPECT_EQ(reply.headers.at("content-type"), "image/png");
    const Image picture = decode_image(
        std::span(reinterpret_cast<const uint8_t*>(reply.body.data()), reply.body.size()));
    EXPECT_EQ(picture.height(), test::kDotsHeight);
    EXPECT_EQ(picture.width(), test::kDotsWidth);
  }
  const HttpReply unknown =
      http_post(serving.port(), "/explain?label=green", "image/png", dot_png(0));
  EXPECT_EQ(unknown.status, 400);
  EXPECT_NE(unknown.detail().find("unknown label 'green'"), std::string::npos);
}

TEST(ServedModel, WaitsForItsTurnToReadUntilTheDeadlineOnly) {
  Learner learn = test::colour_learner();
  learn.model_config = Json{{"kind", "vision"}};
  ServedModel model(std::move(learn), {.decoders = 0});
  try {
    model.prepared({.files = {{"picture", dot_png(0)}}}, in_seconds(0.05));
    ADD_FAILURE() << "was read";
  } catch (const HttpError& error) {
    EXPECT_EQ(error.status(), 504);
  }
}

TEST(ServedModel, IsWarmedByABatchOfEachSize) {
  Learner learn = test::colour_learner();
  learn.model_config = Json{{"kind", "vision"}};
  learn.network().module().eval();
  ServedModel model(std::move(learn), {.executor = {.queue = 1, .batch = 4}});
  model.warm();
  EXPECT_GT(model.executor().counts().seconds, 0);
  EXPECT_EQ(model.executor().counts().inputs, 0) << "nobody asked";
  std::vector<Prepared> one;
  one.push_back(model.prepared({.files = {{"picture", dot_png(0)}}}, in_seconds(10)));
  auto answers = model.answers(std::move(one), in_seconds(10));
  expect_red(result_of(answers[0], in_seconds(10)));
}

TEST(Service, TellsWhatItIs) {
  const Serving serving;
  EXPECT_EQ(http_get(serving.port(), "/health").json().at("status").as_string(), "ok");
  EXPECT_FALSE(http_get(serving.port(), "/version").json().at("version").as_string().empty());
  const Json models = http_get(serving.port(), "/models").json();
  const Json& model = models.at("models").as_array().at(0);
  EXPECT_EQ(model.at("name").as_string(), "colours");
  EXPECT_EQ(model.at("kind").as_string(), "vision");
  EXPECT_EQ(model.at("labels").as_strings(), (std::vector<std::string>{"blue", "red"}));
  EXPECT_EQ(model.at("explanation").at("name").as_string(), "Where it looked");
  EXPECT_EQ(model.at("form").as_array().at(0).at("kind").as_string(), "path");
  EXPECT_EQ(model.at("facts").as_array().at(0).at("value").as_string(), "dots");
  const Json api = http_get(serving.port(), "/openapi.json").json();
  EXPECT_EQ(api.at("openapi").as_string(), "3.1.0");
  for (const char* path :
       {"/health", "/version", "/metrics", "/models", "/predict", "/predict/batch", "/explain"})
    EXPECT_TRUE(api.at("paths").contains(path)) << path;
  EXPECT_FALSE(api.contains("security"));
}

// Which answers the service's description names for an address.
std::vector<std::string> told_statuses(const Json& api, const char* path, const char* method) {
  std::vector<std::string> names;
  for (const auto& [name, answer] : api.at("paths").at(path).at(method).at("responses").as_object())
    names.push_back(name);
  std::sort(names.begin(), names.end());
  return names;
}

TEST(Service, DescribesWhichAnswersThereAre) {
  const std::vector<std::string> always = {"200", "400", "408", "413", "421",
                                           "429", "431", "500", "501", "505"};
  const Serving serving;
  const Json api = http_get(serving.port(), "/openapi.json").json();
  for (const char* path : {"/health", "/version", "/metrics", "/models"})
    EXPECT_EQ(told_statuses(api, path, "get"), always) << path;
  auto asked = always;
  for (const char* more : {"403", "404", "415", "422", "504"}) asked.emplace_back(more);
  std::sort(asked.begin(), asked.end());
  for (const char* path : {"/predict", "/predict/batch", "/explain"})
    EXPECT_EQ(told_statuses(api, path, "post"), asked) << path;

  const Serving guarded({.limits = small_limits(), .access = {.token = "0123456789abcdef"}});
  const Json closed =
      http_get(guarded.port(), "/openapi.json", "Authorization: Bearer 0123456789abcdef\r\n")
          .json();
  for (const char* path : {"/health", "/version"}) {
    EXPECT_EQ(told_statuses(closed, path, "get"), always) << path;
    EXPECT_TRUE(closed.at("paths").at(path).at("get").at("security").as_array().empty()) << path;
  }
  for (const auto& [path, method] : {std::pair("/metrics", "get"), std::pair("/predict", "post")}) {
    const auto told = told_statuses(closed, path, method);
    EXPECT_EQ(std::count(told.begin(), told.end(), "401"), 1) << path;
    EXPECT_FALSE(closed.at("paths").at(path).at(method).contains("security")) << path;
  }
}

TEST(Service, CountsForPrometheus) {
  const Serving serving;
  http_post(serving.port(), "/predict", "image/png", dot_png(0));
  http_get(serving.port(), "/nothing/here");
  const HttpReply reply = http_get(serving.port(), "/metrics");
  EXPECT_EQ(reply.headers.at("content-type"), "text/plain; version=0.0.4");
  for (const char* line :
       {"linnet_requests_total{path=\"/predict\",status=\"200\"} 1\n",
        "linnet_requests_total{path=\"other\",status=\"404\"} 1\n",
        "linnet_request_seconds_bucket{path=\"/predict\",le=\"+Inf\"} 1\n",
        "linnet_model_inputs_total{model=\"colours\"} 1\n",
        "linnet_model_batches_total{model=\"more\"} 0\n", "linnet_requests_under_way 0\n",
        "# TYPE linnet_request_seconds histogram\n"})
    EXPECT_NE(reply.body.find(line), std::string::npos) << line << reply.body;
}

TEST(Service, GivesThePageWithHeadersThatKeepItSafe) {
  const Serving serving;
  for (const auto& [path, type] : {std::pair("/", "text/html; charset=utf-8"),
                                   std::pair("/app.js", "text/javascript; charset=utf-8"),
                                   std::pair("/style.css", "text/css; charset=utf-8"),
                                   std::pair("/icon.svg", "image/svg+xml")}) {
    const HttpReply reply = http_get(serving.port(), path);
    EXPECT_EQ(reply.status, 200);
    EXPECT_EQ(reply.headers.at("content-type"), type);
    const std::string& policy = reply.headers.at("content-security-policy");
    EXPECT_NE(policy.find("default-src 'none'"), std::string::npos);
    EXPECT_EQ(policy.find("unsafe"), std::string::npos);
    EXPECT_EQ(reply.headers.at("x-content-type-options"), "nosniff");
    EXPECT_EQ(reply.headers.count("access-control-allow-origin"), 0U);
  }
  const std::string page = http_get(serving.port(), "/").body;
  for (const char* outside : {"http://", "https://", "<style", "style=", "onclick", "<script>"})
    EXPECT_EQ(page.find(outside), std::string::npos) << outside;
}

TEST(Service, SaysWhatIsWrong) {
  const Serving serving;
  const auto refused = [&](const HttpReply& reply, int status, std::string_view says) {
    EXPECT_EQ(reply.status, status) << reply.body;
    const std::string detail = reply.detail();
    EXPECT_NE(detail.find(says), std::string::npos) << detail;
  };
  const int port = serving.port();
  refused(http_get(port, "/nothing"), 404, "nothing at /nothing");
  refused(http_get(port, "/predict"), 405, "asked with POST");
  EXPECT_EQ(http_get(port, "/predict").headers.at("allow"), "POST");
  refused(http_post(port, "/health", "image/png", ""), 405, "asked with GET");
  refused(http_post(port, "/predict?model=colour", "image/png", dot_png(0)), 404, "colours");
  refused(http_post(port, "/predict", "text/plain", "x"), 415, "multipart/form-data");
  refused(http_post(port, "/predict", "image/png", dot_png(0), "Content-Encoding: gzip\r\n"), 415,
          "compressed");
  refused(http_post(port, "/predict", "image/png", ""), 400, "picture is missing");
  refused(http_post(port, "/predict", "image/png", "no picture"), 422, "picture");
  refused(http_post(port, "/predict", "application/json", "{"), 400, "not JSON");
  refused(http_post(port, "/predict", "application/json", R"({"picture": "!"})"), 400, "base64");
  refused(http_post(port, "/predict", kFormType, form_body({{"name", "x"}})), 400, "unknown field");
  refused(http_post(port, "/predict", kFormType, "--xyz\r\nContent-Disposition: form-data; na"),
          400, "cut off");
  refused(http_get(port, "/models", "Host: evil.example\r\n"), 400, "twice");
  refused(http_post(port, "/predict", "image/png", dot_png(0), "Origin: http://evil.example\r\n"),
          403, "other sites");
}

TEST(Service, ReadsNoFileForARequest) {
  const Serving serving;
  for (const char* target :
       {"/../etc/passwd", "/..%2f..%2fetc/passwd", "/static/../../etc/passwd", "//etc/passwd",
        "/app.js/../../../etc/passwd", "/%2e%2e/etc/passwd", "/app.js%00.png", "/index.html/."})
    EXPECT_EQ(http_get(serving.port(), target).status, 404) << target;
  const std::string body =
      "--xyz\r\nContent-Disposition: form-data; name=\"picture\"; "
      "filename=\"../../../etc/passwd\"\r\n\r\n"
      "/etc/passwd\r\n--xyz--";
  EXPECT_EQ(http_post(serving.port(), "/predict", kFormType, body).status, 422);
  // Which is base64, of no picture.
  EXPECT_EQ(
      http_post(serving.port(), "/predict", "application/json", R"({"picture": "/etc/passwd"})")
          .status,
      422);
}

TEST(Service, AsksForTheTokenButForHealthAndThePage) {
  const Serving serving({.limits = small_limits(), .access = {.token = "0123456789abcdef"}});
  const std::string token = "Authorization: Bearer 0123456789abcdef\r\n";
  for (const char* path : {"/health", "/version", "/", "/app.js"})
    EXPECT_EQ(http_get(serving.port(), path).status, 200) << path;
  for (const char* path : {"/models", "/metrics", "/openapi.json"}) {
    EXPECT_EQ(http_get(serving.port(), path).status, 401) << path;
    EXPECT_EQ(http_get(serving.port(), path, token).status, 200) << path;
  }
  const HttpReply without = http_post(serving.port(), "/predict", "image/png", dot_png(0));
  EXPECT_EQ(without.status, 401);
  EXPECT_TRUE(without.headers.at("www-authenticate").starts_with("Bearer"));
  EXPECT_EQ(http_post(serving.port(), "/predict", "image/png", dot_png(0), token).status, 200);
  EXPECT_TRUE(http_get(serving.port(), "/openapi.json", token).json().contains("security"));
}

// Small files that would be huge pictures, and files of other kinds than they say.
TEST(Service, LivesThroughBombs) {
  const Serving serving;
  test::ByteVector gif =
      test::make_gif({.height = 60'000, .width = 60'000, .indices = Image(1, 1, 1)});
  const std::vector<std::string> bombs = {
      text_of(test::make_png({.height = 30'000, .width = 30'000})),
      text_of(test::make_png({.height = 2'147'483'647, .width = 2'147'483'647})),
      text_of(gif),
      text_of(test::make_webp({16'000, 16'000}, {1, 2, 3})),
      dot_png(0).substr(0, 60),
      text_of(test::make_jpeg({.blocks = 4, .coded = 1})),
      "GIF89a" + std::string(40, '\xff'),
      std::string("\x7f"
                  "ELF\x02\x01\x01",
                  7) +
          std::string(100, '\0'),
      "<svg xmlns='http://www.w3.org/2000/svg' width='1e9' height='1e9'/>",
      "%PDF-1.7"};
  for (const std::string& bomb : bombs) {
    const HttpReply reply = http_post(serving.port(), "/predict", "image/png", bomb);
    EXPECT_EQ(reply.status, 422) << reply.body;
    reply.detail();
  }
  EXPECT_EQ(http_post(serving.port(), "/predict", "image/png", dot_png(0)).status, 200);
}

TEST(Service, CountsPartsAndBytesWhileTheyArrive) {
  const Serving serving;
  std::string many;
  for (int i = 0; i < 10'000; ++i)
    many += "--xyz\r\nContent-Disposition: form-data; name=\"picture\"\r\n\r\nx\r\n";
  EXPECT_EQ(http_post(serving.port(), "/predict/batch", kFormType, many + "--xyz--").status, 413);
  EXPECT_EQ(http_post(serving.port(), "/predict", "image/png", std::string(2 << 20, 'x')).status,
            413);
  HttpClient client(serving.port());
  client.send(
      "POST /predict HTTP/1.1\r\nHost: x\r\nContent-Type: image/png\r\n"
      "Content-Length: 2000000000\r\n\r\n" +
      std::string(1000, 'x'));
  EXPECT_EQ(client.read().status, 413);
}

// A value of two bytes takes a hundred when it is parsed.
TEST(Service, CountsValuesOfJsonWhileTheyArrive) {
  const Serving serving;
  std::string zeros = "[0";
  for (int i = 0; i < 20'000; ++i) zeros += ",0";
  const HttpReply reply =
      http_post(serving.port(), "/predict/batch", "application/json", zeros + "]");
  EXPECT_EQ(reply.status, 413);
  EXPECT_NE(reply.detail().find("more than 4000 values"), std::string::npos) << reply.detail();
}

TEST(Service, RefusesMoreInputsThanItsQueueEverHolds) {
  Limits limits = small_limits();
  limits.queue = 2;
  const Serving serving({.limits = limits});
  const Json one{{"picture", base64(dot_png(0))}};
  const HttpReply reply = http_post(serving.port(), "/predict/batch", "application/json",
                                    Json{{"inputs", Json(Json::Array{one, one, one})}}.dump());
  EXPECT_EQ(reply.status, 413) << reply.body;
  EXPECT_NE(reply.detail().find("got 3 inputs, expected 2 at most"), std::string::npos);
}

TEST(Service, RefusesMoreRequestsThanItsLimit) {
  Limits limits = small_limits();
  limits.concurrency = 1;
  const Serving serving({.limits = limits});
  HttpClient holding(serving.port());
  holding.send(
      "POST /predict HTTP/1.1\r\nHost: x\r\nContent-Type: image/png\r\nContent-Length: 99\r\n\r\n");
  HttpReply second;
  for (int i = 0; i < 100 && second.status != 429; ++i)  // until the first head is read
    second = http_post(serving.port(), "/predict", "image/png", dot_png(0));
  EXPECT_EQ(second.status, 429);
  EXPECT_EQ(http_get(serving.port(), "/health").status, 200);
}

TEST(Service, AnswersManyClientsAtOnce) {
  const Serving serving;
  const std::string red = dot_png(0), blue = dot_png(2);
  std::atomic<int> good = 0;
  {
    ThreadPool clients(8);
    std::vector<std::future<void>> done;
    for (int c = 0; c < 8; ++c) {
      done.push_back(clients.submit([&, c] {
        HttpClient client(serving.port());
        for (int i = 0; i < 25; ++i) {
          const bool is_red = (c + i) % 2 == 0;
          const char* model = i % 3 == 0 ? "more" : "colours";
          client.send(http_request("POST", std::string("/predict?model=") + model,
                                   "Content-Type: image/png\r\n", is_red ? red : blue));
          const HttpReply reply = client.read();
          if (reply.status != 200) continue;
          const Json answer = reply.json();
          good += answer.at("label").as_string() == (is_red ? "red" : "blue") &&
                          answer.at("model").as_string() == model
                      ? 1
                      : 0;
        }
      }));
    }
    for (auto& one : done) one.get();
  }
  EXPECT_EQ(good, 8 * 25);
}

}  // namespace
}  // namespace linnet::web
