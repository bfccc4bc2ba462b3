// label: slow
#include <gtest/gtest.h>

#include <cstdlib>

#include "linnet/io/csv.h"
#include "support/pictures.h"
#include "support/program.h"
#include "support/temp_dir.h"

namespace linnet {
namespace {

namespace fs = std::filesystem;
using test::expect_failure;
using test::holds;
using test::run_linnet;
using test::TempDir;

bool works(const std::string& command) {
  return std::system((command + " > /dev/null 2>&1").c_str()) == 0;
}

const std::vector<std::string> kOddLabels = {"<script>alert(1)</script>", "say \"hi\" & 'bye'",
                                             "two\nlines", "고양이", std::string(300, 'w')};

// Pictures whose names and labels are as bad as names get.
void write_odd_pictures(const fs::path& folder) {
  std::string table = csv_line({"file", "kind"});
  for (size_t i = 0; i < 50; ++i) {
    const std::string name = i % 2 == 0
                                 ? "<img src=x onerror=alert(1)> " + std::to_string(i) + ".png"
                                 : "고양이 'and' \"" + std::to_string(i) + "\".png";
    test::write_picture(folder / name, 0x303030 * static_cast<uint32_t>(i % 5), i);
    table += csv_line({name, kOddLabels[i % 5]});
  }
  test::write_file(folder / "labels.csv", table);
}

std::vector<std::string> training(const std::string& pictures, const std::string& label,
                                  const std::vector<std::string>& more = {}) {
  std::vector<std::string> words = {"train",        pictures, "--label", label,       "--arch",
                                    "resnet18",     "--size", "32",      "--weights", "none",
                                    "--batch-size", "8",      "--out",   "run"};
  words.insert(words.end(), more.begin(), more.end());
  return words;
}

// Without a name that begins an element: every text was escaped.
void expect_no_element_from_text(const std::string& page) {
  for (const char* part : {"<script", "<img src=x", "onerror=alert(1)>"})
    EXPECT_FALSE(holds(page, part)) << part;
}

TEST(TheReport, OfARunIsOnePageOnAllOfIt) {
  const TempDir dir;
  test::write_pets(dir / "pets", 40);
  const auto run =
      run_linnet(training("pets", "name-case", {"--epochs", "2", "--activations", "2"}),
                 {.folder = dir.path()});
  ASSERT_EQ(run.exit_code, 0) << run.err;
  EXPECT_TRUE(holds(run.out, "report    run/report.html")) << run.out;
  const std::string page = test::read_file(dir / "run/report.html");
  EXPECT_LT(page.size(), 5'000'000U);
  for (const char* part : {"<h1>resnet18 on pets</h1>",
                           "After 2 epochs: error_rate ",
                           "8 items that it was not",
                           "name-case",
                           "2: False, True",
                           "fit_one_cycle: 2 epochs",
                           "random, valid_pct 0.2, seed 42",
                           "Figures after each epoch",
                           "Training loss of 8 batches",
                           "Learning rate by batch",
                           "Activations of layer 0.0 over 4 batches",
                           "Validation set, by class",
                           "linnet validate run PICTURES",
                           "linnet train pets --label name-case",
                           "processor",
                           "LibTorch",
                           "The training loop",
                           "The road of the data",
                           "The network, block by block",
                           "adam",
                           "data:image/jpeg;base64,",
                           "Confusion matrix of 2 classes",
                           "The worst",
                           "The best",
                           "train_loss from "})
    EXPECT_TRUE(holds(page, part)) << part;
  EXPECT_FALSE(holds(page, "could not be")) << page;
  EXPECT_FALSE(holds(page, "https://"));
}

TEST(TheReport, ShowsOddNamesAsTheyAre) {
  const TempDir dir;
  write_odd_pictures(dir / "odd");
  const auto run = run_linnet(training("odd", "csv:labels.csv"), {.folder = dir.path()});
  ASSERT_EQ(run.exit_code, 0) << run.err;
  const std::string page = test::read_file(dir / "run/report.html");
  EXPECT_FALSE(holds(page, "could not be made")) << "labels from a table, by a relative path";
  for (const std::string& part :
       {std::string("&lt;script&gt;alert(1)&lt;/script&gt;"),
        std::string("say &quot;hi&quot; &amp; &#39;bye&#39;"), std::string("two\nlines"),
        std::string("고양이"), std::string(300, 'w')})
    EXPECT_TRUE(holds(page, part)) << part;
  EXPECT_TRUE(holds(page, "&lt;img src=x onerror=alert(1)&gt; ") ||
              holds(page, "고양이 &#39;and&#39; &quot;"));
  expect_no_element_from_text(page);
}

TEST(TheReport, IsMadeAgainAndSaysWhatIsGone) {
  const TempDir dir;
  test::write_pets(dir / "pets", 30);
  ASSERT_EQ(
      run_linnet(training("pets", "name-case", {"--no-report"}), {.folder = dir.path()}).exit_code,
      0);
  EXPECT_FALSE(fs::exists(dir / "run/report.html"));
  test::write_pets(dir / "new", 10);
  ASSERT_EQ(run_linnet({"validate", "run", "new"}, {.folder = dir.path()}).exit_code, 0);

  // From another folder: paths count from where the run was started.
  const auto again = run_linnet({"report", (dir / "run").string(), "--json"});
  ASSERT_EQ(again.exit_code, 0) << again.err;
  const std::string page = test::read_file(dir / "run/report.html");
  EXPECT_TRUE(holds(page, "Every look at a test set")) << "the look at new pictures";
  EXPECT_TRUE(holds(page, "Validation set, by class"));

  fs::remove_all(dir / "pets");
  ASSERT_EQ(run_linnet({"report", "run"}, {.folder = dir.path()}).exit_code, 0);
  const std::string without = test::read_file(dir / "run/report.html");
  EXPECT_TRUE(holds(without, "the picture that was held out is no longer there"));
  EXPECT_TRUE(holds(without, "Figures after each epoch"));

  fs::remove(dir / "run/model.safetensors");
  ASSERT_EQ(run_linnet({"report", "run"}, {.folder = dir.path()}).exit_code, 0);
  EXPECT_TRUE(holds(test::read_file(dir / "run/report.html"), "the model cannot be read"));
}

TEST(TheReport, WithoutDrawingProgramsLosesNothingElse) {
  const TempDir dir;
  test::write_pets(dir / "pets", 30);
  const auto run = run_linnet(training("pets", "name-case"),
                              {.environment = {{"PATH", "/nowhere"}}, .folder = dir.path()});
  ASSERT_EQ(run.exit_code, 0) << run.err;
  EXPECT_TRUE(fs::exists(dir / "run/model.safetensors"));
  const std::string page = test::read_file(dir / "run/report.html");
  EXPECT_TRUE(holds(page, "apt-get install graphviz"));
  EXPECT_TRUE(holds(page, "apt-get install gnuplot-nox"));
  EXPECT_TRUE(holds(page, "Validation set, by class"));
}

TEST(TheReport, NeedsARun) {
  const TempDir dir;
  expect_failure(run_linnet({"report", (dir / "none").string()}), 3, {"no such folder"});
  expect_failure(run_linnet({"report", dir.path().string()}), 3,
                 {"holds no run of linnet", "config.json"});
  test::write_file(dir / "config.json", "{");
  expect_failure(run_linnet({"report", dir.path().string()}), 3, {"config.json"});
}

TEST(DiagramJob, DrawsASavedModel) {
  if (!works("command -v dot")) GTEST_SKIP() << "graphviz is not installed";
  const TempDir dir;
  test::write_pets(dir / "pets", 30);
  ASSERT_EQ(run_linnet(training("pets", "name-case", {"--no-report", "--lr", "0.003"}),
                       {.folder = dir.path()})
                .exit_code,
            0);
  for (const char* kind : {"loop", "data", "model"}) {
    const auto drawn = run_linnet({"diagram", kind, "run"}, {.folder = dir.path()});
    EXPECT_EQ(drawn.exit_code, 0) << drawn.err;
    EXPECT_TRUE(holds(drawn.out, std::string(kind) + ".svg"));
    EXPECT_TRUE(holds(test::read_file(dir / (std::string(kind) + ".svg")), "resnet18")) << kind;
  }
  const std::string loop = test::read_file(dir / "loop.svg");
  for (const char* part : {"lr 0.003", "adam", "error_rate", "24 pictures to train on"})
    EXPECT_TRUE(holds(loop, part)) << part;
  ASSERT_EQ(run_linnet({"diagram", "model", "run/model.safetensors", "--out", "net.PNG"},
                       {.folder = dir.path()})
                .exit_code,
            0);
  EXPECT_EQ(test::read_file(dir / "net.PNG").substr(1, 3), "PNG");
  expect_failure(run_linnet({"diagram", "loop", "run", "--out", "x.gif"}, {.folder = dir.path()}),
                 2, {"--out: got x.gif, expected a file that ends in .svg or .png"});
  expect_failure(
      run_linnet({"diagram", "loop", "run", "--out", "no/x.svg"}, {.folder = dir.path()}), 4,
      {"no such folder to write into"});
  expect_failure(run_linnet({"diagram", "loop", "none"}, {.folder = dir.path()}), 3, {"none"});
}

TEST(TheReport, IsUsableInABrowser) {
  const auto modules =
      fs::read_symlink("/proc/self/exe").parent_path().parent_path() / "browser/node_modules";
  const std::string node = "NODE_PATH='" + modules.string() + "' node ";
  if (!works(node + "-e \"require('playwright-core')\"") || !works("command -v chromium"))
    GTEST_SKIP() << "needs chromium, node and playwright-core: ./dev setup browser";
  const TempDir dir;
  write_odd_pictures(dir / "odd");
  ASSERT_EQ(run_linnet(training("odd", "csv:labels.csv"), {.folder = dir.path()}).exit_code, 0);
  const std::string said = (dir / "said").string();
  const int status = std::system(
      (node + "tests/browser/check_page.cjs " + (dir / "run/report.html").string() + " > " + said)
          .c_str());
  EXPECT_EQ(status, 0) << test::read_file(said);
}

}  // namespace
}  // namespace linnet
