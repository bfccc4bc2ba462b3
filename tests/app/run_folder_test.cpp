#include "linnet/app/run_folder.h"

#include <gtest/gtest.h>

#include "linnet/core/error.h"
#include "support/expect_error.h"
#include "support/temp_dir.h"

namespace linnet {
namespace {

using test::expect_error;
using test::TempDir;

TEST(RunFolder, KeepsWhatWasKept) {
  const TempDir dir;
  {
    RunFolder run(dir / "a/b", "pets");
    run.write_config(Json{{"seed", 42}});
    run.keep();
  }
  EXPECT_EQ(Json::parse(test::read_file(dir / "a/b/config.json")).at("seed").as_int(), 42);
}

TEST(RunFolder, RemovesOnlyWhatItMade) {
  const TempDir dir;
  {
    const RunFolder run(dir / "a/b/", "pets");
    run.write_config(Json{{"seed", 42}});
    test::write_file(run.log_file(), "epoch\n");
  }
  EXPECT_FALSE(std::filesystem::exists(dir / "a"));

  std::filesystem::create_directories(dir / "mine");
  { const RunFolder run(dir / "mine/b", "pets"); }
  EXPECT_TRUE(std::filesystem::exists(dir / "mine"));
  EXPECT_FALSE(std::filesystem::exists(dir / "mine/b"));
  {
    const RunFolder run(dir / "mine", "pets");
    run.write_config(Json{{"seed", 42}});
    test::write_file(dir / "mine/notes.txt", "x");
  }
  EXPECT_TRUE(std::filesystem::exists(dir / "mine/notes.txt"));
  EXPECT_FALSE(std::filesystem::exists(dir / "mine/config.json"));
}

TEST(RunFolder, RefusesOneThatHoldsSomething) {
  const TempDir dir;
  test::write_file(dir / "run/model.safetensors", "x");
  expect_error<UsageError>([&] { RunFolder(dir / "run", "pets"); },
                           {(dir / "run").string(), "is there already", "another --out"});
  EXPECT_EQ(test::read_file(dir / "run/model.safetensors"), "x");
}

TEST(RunFolder, SaysWhyItCannotBeMade) {
  const TempDir dir;
  test::write_file(dir / "file", "x");
  for (const char* path : {"file", "file/run", "file/deep/run"}) {
    expect_error<IoError>([&] { RunFolder(dir / path, "pets"); },
                          {(dir / path).string(), "cannot be made: ", "--out"});
  }
}

}  // namespace
}  // namespace linnet
