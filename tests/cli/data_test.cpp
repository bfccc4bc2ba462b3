#include <gtest/gtest.h>

#include <map>

#include "support/loopback_server.h"
#include "support/program.h"
#include "support/temp_dir.h"

namespace linnet {
namespace {

using test::expect_failure;
using test::run_linnet;
using test::TempDir;

TEST(DataCommands, ListTellsWhatThereIs) {
  const TempDir home;
  test::write_file(home / "data/mnist_sample/labels.csv", "a,b\n");
  const test::ProgramOptions options{.environment = {{"LINNET_HOME", home.path().string()}}};
  const auto run = run_linnet({"data", "list", "--json"}, options);
  EXPECT_EQ(run.exit_code, 0) << run.err;
  std::map<std::string, Json> datasets;
  for (const Json& line : run.json_lines()) datasets[line.at("name").as_string()] = line;
  EXPECT_GT(datasets.size(), 10U);
  EXPECT_EQ(datasets.at("pets").at("bytes").as_int(), 811'706'944);
  EXPECT_FALSE(datasets.at("pets").at("licence").as_string().empty());
  EXPECT_FALSE(datasets.at("pets").at("in_cache").as_bool());
  EXPECT_TRUE(datasets.at("mnist_sample").at("in_cache").as_bool());

  const auto shown = run_linnet({"data", "list"}, options).out;
  EXPECT_NE(shown.find("pets"), std::string::npos);
  EXPECT_NE(shown.find("812 MB"), std::string::npos);
}

TEST(DataCommands, PathPrintsThePathAlone) {
  const TempDir home;
  const test::ProgramOptions options{.environment = {{"LINNET_HOME", home.path().string()}}};
  expect_failure(run_linnet({"data", "path", "pets"}, options), 3,
                 {"oxford-iiit-pet", "not in the cache", "linnet data get pets"});
  test::write_file(home / "data/oxford-iiit-pet/README", "x");
  const auto run = run_linnet({"data", "path", "pets"}, options);
  EXPECT_EQ(run.exit_code, 0);
  EXPECT_EQ(run.out, (home / "data/oxford-iiit-pet").string() + "\n");
}

TEST(DataCommands, UnknownNamesOfferTheNearest) {
  expect_failure(run_linnet({"data", "get", "petz"}), 2,
                 {"unknown data set 'petz'", "Did you mean pets"});
  expect_failure(run_linnet({"data", "path", "mnits"}), 2, {"mnist"});
}

TEST(DataCommands, WithoutANetworkTheUrlAndThePlaceAreTold) {
  const TempDir home;
  const auto nowhere = "http://127.0.0.1:" + std::to_string(test::closed_port());
  const test::ProgramOptions options{
      .environment = {{"LINNET_HOME", home.path().string()}, {"LINNET_MIRROR", nowhere}}};
  const auto run = run_linnet({"data", "get", "mnist_tiny"}, options);
  expect_failure(run, 4, {nowhere, (home / "archives/mnist_tiny.tgz").string()});
  EXPECT_FALSE(std::filesystem::exists(home / "data/mnist_tiny"));
  const auto offline = run_linnet({"data", "get", "mnist_tiny", "--offline"}, options);
  expect_failure(offline, 4, {"mnist_tiny.tgz", "not in the cache"});
}

}  // namespace
}  // namespace linnet
