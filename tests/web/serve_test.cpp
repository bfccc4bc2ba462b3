// The program itself: `linnet serve` as people start and end it.
#include <gtest/gtest.h>

#include <csignal>
#include <fstream>

#include "linnet/vision.h"
#include "support/background_program.h"
#include "support/http_client.h"
#include "support/pictures.h"
#include "support/program.h"
#include "support/temp_dir.h"

namespace linnet {
namespace {

using test::BackgroundProgram;
using test::expect_failure;
using test::http_get;
using test::http_post;
using test::run_linnet;
using test::TempDir;

/** A folder with an untrained model, run/model.safetensors, and pets. */
class ServeJob : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    dir = std::make_unique<TempDir>();
    test::write_pets(*dir / "pets", 8);
    const auto dls = ImageDataLoaders::from_name_func(*dir / "pets", get_image_files(*dir / "pets"),
                                                      name_case(), {.item_tfms = {Resize(32)}});
    const Learner learn = vision_learner(dls, resnet18, {.weights = Weights::none()});
    std::filesystem::create_directories(*dir / "run");
    learn.export_to(*dir / "run/model.safetensors");
    test::write_file(*dir / "run/config.json",
                     R"({"folder": "/somewhere", "values": {"path": "pets", "size": 32}})");
  }
  static void TearDownTestSuite() { dir.reset(); }

  static std::string run() { return (*dir / "run").string(); }
  static std::string picture() { return test::read_file(*dir / "pets/Abby_1.png"); }
  static int port_in(const std::string& url) { return std::stoi(url.substr(url.rfind(':') + 1)); }

  static inline std::unique_ptr<TempDir> dir;
};

TEST_F(ServeJob, AnswersAndEndsWhenItIsAsked) {
  BackgroundProgram serving({"serve", run(), run(), "--port", "0", "--precision", "bfloat16"});
  const int port = port_in(serving.wait_for("Open http://127.0.0.1"));
  const auto reply = http_post(port, "/predict", "image/png", picture());
  ASSERT_EQ(reply.status, 200) << reply.body;
  EXPECT_EQ(reply.json().at("model").as_string(), "run");
  EXPECT_TRUE(reply.json().at("probabilities").contains("True"));
  const Json models = http_get(port, "/models").json();
  EXPECT_EQ(models.at("models").as_array().at(1).at("name").as_string(), "run-2");
  EXPECT_NE(models.dump().find("\"pets\""), std::string::npos) << models.dump();
  // What its kind tells in a report.
  EXPECT_NE(models.dump().find("32 pixels, square"), std::string::npos) << models.dump();
  EXPECT_EQ(models.dump().find("somewhere"), std::string::npos) << "tells where files lie";
  EXPECT_EQ(models.dump().find(dir->path().string()), std::string::npos) << "tells where files lie";
  EXPECT_EQ(http_post(port, "/explain", "image/png", picture()).status, 200);
  serving.signal(SIGTERM);
  EXPECT_EQ(serving.wait(), 0);
  EXPECT_NE(serving.out().find("Ended."), std::string::npos) << serving.out();
}

TEST_F(ServeJob, FinishesWhatIsUnderWay) {
  BackgroundProgram serving({"serve", run(), "--port", "0"});
  const int port = port_in(serving.wait_for("Open http://127.0.0.1"));
  test::HttpClient client(port);
  const std::string request =
      test::http_request("POST", "/predict", "Content-Type: image/png\r\n", picture());
  client.send(request.substr(0, request.size() - 10));
  EXPECT_EQ(http_get(port, "/health").status, 200);
  while (http_get(port, "/metrics").body.find("linnet_requests_under_way 1") == std::string::npos) {
  }
  serving.signal(SIGTERM);
  std::this_thread::sleep_for(std::chrono::milliseconds(200));
  client.send(request.substr(request.size() - 10));
  EXPECT_EQ(client.read().status, 200);
  EXPECT_EQ(serving.wait(), 0);
}

TEST_F(ServeJob, KeepsNothingThatIsSent) {
  const auto files = [] {
    std::vector<std::string> names;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(dir->path()))
      names.push_back(entry.path().string());
    std::sort(names.begin(), names.end());
    return names;
  };
  const auto before = files();
  TempDir home;
  BackgroundProgram serving({"serve", run(), "--port", "0"},
                            {"LINNET_HOME=" + home.path().string()});
  const int port = port_in(serving.wait_for("Open http://127.0.0.1"));
  EXPECT_EQ(http_post(port, "/predict", "image/png", picture()).status, 200);
  serving.signal(SIGINT);
  EXPECT_EQ(serving.wait(), 0);
  EXPECT_EQ(files(), before);
  EXPECT_TRUE(std::filesystem::is_empty(home.path()));
}

TEST_F(ServeJob, LetsOthersInOnlyWithAFlagAndAToken) {
  expect_failure(run_linnet({"serve", run(), "--address", "0.0.0.0"}), 2, {"--allow-remote"});
  BackgroundProgram serving(
      {"serve", run(), "--port", "0", "--address", "0.0.0.0", "--allow-remote"});
  const std::string url = serving.wait_for("Open http://0.0.0.0");
  const int port = std::stoi(url.substr(1));
  const std::string token = url.substr(url.find("#token=") + 7);
  EXPECT_EQ(token.size(), 32U);
  EXPECT_EQ(http_post(port, "/predict", "image/png", picture()).status, 401);
  EXPECT_EQ(
      http_post(port, "/predict", "image/png", picture(), "Authorization: Bearer " + token + "\r\n")
          .status,
      200);
}

TEST_F(ServeJob, TakesATokenOfOnesOwn) {
  std::ofstream(*dir / "token") << "my-own-token-of-20-letters\n";
  BackgroundProgram serving(
      {"serve", run(), "--port", "0", "--token-file", (*dir / "token").string()});
  const std::string rest = serving.wait_for("Open http://127.0.0.1");
  EXPECT_EQ(rest.find("token"), std::string::npos) << "tells its owner's secret";
  const int port = port_in(rest.substr(0, 7));
  EXPECT_EQ(http_get(port, "/models").status, 401);
  EXPECT_EQ(
      http_get(port, "/models", "Authorization: Bearer my-own-token-of-20-letters\r\n").status,
      200);
  std::ofstream(*dir / "short") << "short\n";
  expect_failure(run_linnet({"serve", run(), "--token-file", (*dir / "short").string()}), 2,
                 {"access token", "16 or more"});
}

TEST_F(ServeJob, SaysWhatIsWrong) {
  expect_failure(run_linnet({"serve"}), 2, {"MODEL is missing"});
  expect_failure(run_linnet({"serve", "nothing.safetensors"}), 3, {"there is no such model"});
  expect_failure(run_linnet({"serve", run(), "--address", "example.org"}), 2,
                 {"address: got 'example.org'"});
  expect_failure(run_linnet({"serve", run(), "--max-queue", "0"}), 2, {"--max-queue"});
  expect_failure(run_linnet({"serve", run(), "--precision", "half"}), 2, {"--precision", "half"});
  for (const char* time : {"--idle-time", "--head-time", "--body-time", "--answer-time"})
    expect_failure(run_linnet({"serve", run(), time, "1e9"}), 2, {time, "86400"});
  BackgroundProgram serving({"serve", run(), "--port", "0"});
  const int port = port_in(serving.wait_for("Open http://127.0.0.1"));
  expect_failure(run_linnet({"serve", run(), "--port", std::to_string(port)}), 4,
                 {"cannot listen", "--port"});
}

}  // namespace
}  // namespace linnet
