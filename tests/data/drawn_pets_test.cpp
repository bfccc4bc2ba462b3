#include "linnet/data/datasets/drawn_pets.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <map>
#include <set>

#include "linnet/core/error.h"
#include "linnet/data/items.h"
#include "linnet/data/label.h"
#include "support/expect_error.h"
#include "support/file_size_limit.h"
#include "support/recording_reporter.h"
#include "support/temp_dir.h"

namespace linnet {
namespace {

namespace fs = std::filesystem;

using test::expect_error;
using test::read_file;
using test::TempDir;

bool is_cat(const fs::path& path) { return name_case()(path) == Label(true); }

TEST(DrawnPets, SameSeedGivesTheSameBytes) {
  const TempDir dir;
  draw_pets(dir / "a", {.count = 40, .seed = 7});
  draw_pets(dir / "b", {.count = 40, .seed = 7});
  draw_pets(dir / "c", {.count = 40, .seed = 8});
  draw_pets(dir / "d", {.count = 50, .seed = 7});
  const auto files = get_image_files(dir / "a/images");
  ASSERT_EQ(files.size(), 40U);
  for (const fs::path& file : files) {
    const std::string bytes = read_file(file);
    EXPECT_EQ(bytes, read_file(dir / "b/images" / file.filename()));
    EXPECT_NE(bytes, read_file(dir / "c/images" / file.filename()));
    EXPECT_EQ(bytes, read_file(dir / "d/images" / file.filename()))
        << "of more, it is the same one";
  }
}

TEST(DrawnPets, AreNamedAsPetsNamesThemWithAsManyCatsAsDogs) {
  std::map<std::string, int64_t> breeds;
  int64_t cats = 0;
  for (int64_t i = 0; i < 96; ++i) {
    const std::string name = drawn_pet(i, {.side = 16}).name;
    const size_t line = name.rfind('_');
    ASSERT_NE(line, std::string::npos) << name;
    EXPECT_TRUE(name.ends_with(".jpg"));
    EXPECT_NE(std::isdigit(static_cast<unsigned char>(name[line + 1])), 0) << name;
    ++breeds[name.substr(0, line)];
    if (is_cat(name)) ++cats;
  }
  EXPECT_EQ(cats, 48);
  EXPECT_EQ(breeds.size(), 16U);
  for (const auto& [breed, count] : breeds) EXPECT_EQ(count, 6) << breed;
}

TEST(DrawnPets, HaveTheSizeAskedFor) {
  for (const int64_t side : {16, 64, 96, 200}) {
    const Image image = drawn_pet(3, {.side = side}).image;
    EXPECT_EQ(image.height(), side);
    EXPECT_EQ(image.width(), side);
    EXPECT_EQ(image.channels(), 3);
  }
  expect_error<UsageError>([] { drawn_pet(0, {.side = 8}); }, {"8 pixels", "16 to 1024"});
  expect_error<UsageError>([] { drawn_pet(-1); }, {"picture -1"});
}

/** Mean of each channel, standard deviation of all. */
std::array<double, 4> look(const Image& image) {
  const auto pixels =
      torch::from_blob(const_cast<uint8_t*>(image.data()), {image.bytes() / 3, 3}, torch::kUInt8)
          .to(torch::kFloat64);
  const auto mean = pixels.mean(0);
  return {mean[0].item<double>(), mean[1].item<double>(), mean[2].item<double>(),
          pixels.std().item<double>()};
}

double spread(const std::vector<double>& values) {
  const auto [low, high] = std::minmax_element(values.begin(), values.end());
  return *high - *low;
}

TEST(DrawnPets, VaryAndDoNotTellTheirKindByColourOrBrightness) {
  std::map<bool, std::array<std::vector<double>, 4>> looks;
  std::set<std::vector<uint8_t>> all;
  for (int64_t i = 0; i < 480; ++i) {
    const DrawnPet pet = drawn_pet(i, {.side = 48});
    all.emplace(pet.image.data(), pet.image.data() + pet.image.bytes());
    const auto values = look(pet.image);
    for (size_t k = 0; k < 4; ++k) looks[is_cat(pet.name)][k].push_back(values[k]);
  }
  EXPECT_EQ(all.size(), 480U) << "no two pictures are the same";
  for (size_t k = 0; k < 4; ++k) {
    const auto cats = torch::tensor(looks[true][k]);
    const auto dogs = torch::tensor(looks[false][k]);
    EXPECT_GT(spread(looks[true][k]), k < 3 ? 80 : 30);
    EXPECT_GT(spread(looks[false][k]), k < 3 ? 80 : 30);
    const double apart = (cats.mean() - dogs.mean()).abs().item<double>();
    EXPECT_LT(apart, 0.35 * cats.std().item<double>()) << "channel or contrast " << k;
  }
}

class DrawnFolder : public ::testing::Test {
 protected:
  const DrawnPetsOptions options_{.count = 20, .side = 32, .reporter = &reporter_};
  test::RecordingReporter reporter_;
  TempDir dir_;
};

TEST_F(DrawnFolder, IsKeptWhenItIsWhole) {
  draw_pets(dir_ / "pets", options_);
  EXPECT_EQ(reporter_.notes.size(), 1U);
  EXPECT_EQ(reporter_.bars.back().done, 20);
  const auto time = fs::last_write_time(dir_ / "pets/images/Tabby_1.jpg");
  draw_pets(dir_ / "pets", options_);
  EXPECT_EQ(reporter_.notes.size(), 1U);
  EXPECT_EQ(fs::last_write_time(dir_ / "pets/images/Tabby_1.jpg"), time);
}

TEST_F(DrawnFolder, IsDrawnAnewWhenSomethingIsMissing) {
  draw_pets(dir_ / "pets", options_);
  const std::string bytes = read_file(dir_ / "pets/images/beagle_1.jpg");
  test::write_file(dir_ / "pets/images/beagle_1.jpg", "");  // as a crash may leave it
  draw_pets(dir_ / "pets", options_);
  EXPECT_EQ(read_file(dir_ / "pets/images/beagle_1.jpg"), bytes);
  EXPECT_NE(reporter_.notes.back().find("beagle_1.jpg is missing"), std::string::npos);
  fs::remove(dir_ / "pets/images/pug_1.jpg");
  draw_pets(dir_ / "pets", options_);
  EXPECT_EQ(get_image_files(dir_ / "pets").size(), 20U);
}

TEST_F(DrawnFolder, IsDrawnAnewForOtherOptions) {
  draw_pets(dir_ / "pets", options_);
  draw_pets(dir_ / "pets", {.count = 4, .side = 32, .reporter = &reporter_});
  EXPECT_EQ(get_image_files(dir_ / "pets").size(), 4U);
  EXPECT_NE(reporter_.notes.back().find("other options"), std::string::npos);
}

TEST_F(DrawnFolder, NeverReplacesWhatLinnetDidNotDraw) {
  test::write_file(dir_ / "pets/holiday.txt", "mine");
  expect_error<UsageError>([&] { draw_pets(dir_ / "pets", options_); },
                           {"pets is there already", "was not drawn by linnet"});
  EXPECT_EQ(read_file(dir_ / "pets/holiday.txt"), "mine");
}

TEST_F(DrawnFolder, AppearsCompleteOrNotAtAll) {
  {
    const test::FileSizeLimit limit(600);  // a full disk
    expect_error<IoError>([&] { draw_pets(dir_ / "pets", options_); },
                          {".jpg", "cannot be written", "Free some space"});
  }
  EXPECT_TRUE(fs::is_empty(dir_.path()));
  expect_error<UsageError>([&] { draw_pets(dir_ / "pets", {.count = 1}); }, {"count: got 1"});
}

}  // namespace
}  // namespace linnet
