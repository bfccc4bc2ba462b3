// label: slow
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

#include "linnet/core/strings.h"
#include "linnet/data/table.h"
#include "support/drawn_masks.h"
#include "support/net.h"
#include "support/pictures.h"
#include "support/program.h"
#include "support/stored_header.h"
#include "support/temp_dir.h"

// Runs that linnet 0.1.0 (commit dfc1b96) began and that were killed amid an epoch: `train
// --resume` goes on with each, from the folder as it was left, to the end that it came to then.
namespace linnet {
namespace {

namespace fs = std::filesystem;
using test::TempDir;

// Adam's first steps divide by gradients near zero, which makes more of float32's rounding than
// one prediction does.
constexpr double kRoundingOfTraining = 1e-3;

void write_run(const std::string& kind, const fs::path& folder) {
  const fs::path stored = test::nets_dir() / "runs" / kind;
  fs::copy(stored, folder / "run", fs::copy_options::recursive);
  const fs::path header = folder / "run/checkpoint.header.json";
  if (fs::exists(header)) {
    test::write_by_header(header, folder / "run/checkpoint.safetensors");
    fs::remove(header);
  }
  fs::remove(folder / "run/end.jsonl");
  // A run goes on in the folder that it was started in.
  std::string text = test::read_file(stored / "config.json");
  const std::string folder_then = Json::parse(text).at("folder").as_string();
  const size_t at = text.find(folder_then);
  text.replace(at, folder_then.size(), fs::canonical(folder).string());
  test::write_file(folder / "run/config.json", text);
}

// The table of all epochs, those before the kill among them.
Json log_of(const fs::path& file) {
  const Table log = read_csv(file);
  Json rows(Json::Array{});
  for (int64_t i = 0; i < log.rows(); ++i) {
    Json row = Json::object();
    for (const TableColumn& column : log.columns())
      row[column.name()] = std::strtod(std::string(column.text(i)).c_str(), nullptr);
    rows.push_back(row);
  }
  return Json{{"log", rows}};
}

void expect_goes_on(const std::string& kind, const std::vector<std::string>& job,
                    const fs::path& folder) {
  write_run(kind, folder);
  auto words = job;
  words.insert(words.end(), {"--resume", "run", "--json"});
  const auto run = test::run_linnet(words, {.folder = folder});
  ASSERT_EQ(run.exit_code, 0) << run.err;
  auto lines = run.json_lines();
  lines.push_back(log_of(folder / "run/log.csv"));
  lines.push_back(Json{{"batches", read_csv(folder / "run/batches.csv").rows()}});
  test::expect_net("runs/" + kind + "/end.jsonl", lines, {.tolerance = kRoundingOfTraining});
  EXPECT_TRUE(fs::exists(folder / "run/model.safetensors"));
  EXPECT_FALSE(fs::exists(folder / "run/checkpoint.safetensors"));
}

TEST(StoredRun, OfPicturesGoesOnInItsSecondFit) {
  const TempDir dir;
  test::write_pets(dir / "pets", 40);
  expect_goes_on("vision", {"train"}, dir.path());
}

TEST(StoredRun, OfMasksGoesOnWithAnAverageOfWeights) {
  const TempDir dir;
  test::write_drawn_masks(dir / "masks", {.pictures = 24});
  expect_goes_on("unet", {"train", "segment"}, dir.path());
}

TEST(StoredRun, OfATableGoesOnWithItsBestModel) {
  const TempDir dir;
  fs::copy_file(test::nets_dir() / "data/people.csv", dir / "people.csv");
  expect_goes_on("tabular", {"train", "tabular"}, dir.path());
}

TEST(StoredRun, OfRatingsGoesOn) {
  const TempDir dir;
  fs::copy_file(test::nets_dir() / "data/films.csv", dir / "films.csv");
  expect_goes_on("collab", {"train", "collab"}, dir.path());
}

}  // namespace
}  // namespace linnet
