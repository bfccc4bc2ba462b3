#include "linnet/data/cleaning_list.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "linnet/core/error.h"
#include "support/expect_error.h"
#include "support/temp_dir.h"

namespace linnet {
namespace {

namespace fs = std::filesystem;
using test::expect_error;
using test::read_file;
using test::TempDir;
using test::write_file;

class ACleaningList : public testing::Test {
 protected:
  void SetUp() override {
    for (const char* name : {"cat/1.jpg", "cat/2.jpg", "dog/3.jpg"}) {
      write_file(root() / name, name);
    }
  }
  fs::path root() const { return folder_ / "pictures"; }
  CleaningList read(const std::string& rows,
                    const std::string& header = "path,label,suggestion,action") {
    write_file(folder_ / "list.csv", header + "\n" + rows);
    return read_cleaning_list(folder_ / "list.csv", root());
  }
  void refused(const std::string& rows, std::initializer_list<std::string_view> parts) {
    SCOPED_TRACE(rows);
    expect_error<DataError>([&] { read(rows); }, parts);
  }

  TempDir folder_;
};

TEST_F(ACleaningList, IsReadWithItsActions) {
  const auto list = read("cat/1.jpg,cat,dog,relabel\ncat/2.jpg,cat,,Delete\ndog/3.jpg,dog,cat,\n");
  ASSERT_EQ(list.rows.size(), 3U);
  EXPECT_EQ(list.rows[0].action, CleaningAction::relabel);
  EXPECT_EQ(list.rows[0].file, root() / "cat/1.jpg");
  EXPECT_EQ(list.rows[0].suggestion, "dog");
  EXPECT_EQ(list.rows[1].action, CleaningAction::remove);
  EXPECT_EQ(list.rows[2].action, CleaningAction::keep) << "when nothing is said";
  EXPECT_EQ(list.rows[2].line, 4);
}

TEST_F(ACleaningList, FindsItsPictures) {
  write_file(root() / "list.csv", "action,label,suggestion,path,more\nkeep,cat,,cat/1.jpg,x\n");
  EXPECT_EQ(read_cleaning_list(root() / "list.csv").rows.size(), 1U) << "beside the list";
  write_file(folder_ / "b.csv",
             "path,label,suggestion,action,folder\ncat/1.jpg,cat,,," + root().string() + "\n");
  EXPECT_EQ(read_cleaning_list(folder_ / "b.csv").root, root()) << "where the list says";
  EXPECT_EQ(read((root() / "cat/1.jpg").string() + ",cat,,\n").rows[0].name, "cat/1.jpg");
}

TEST_F(ACleaningList, NamesFileAndRowOfWhatIsWrong) {
  const std::string good = "cat/1.jpg,cat,dog,relabel\n";
  refused(good + "cat/2.jpg,cat,dog,remove\n",
          {"list.csv", "3", "action: got 'remove', expected keep, relabel or delete"});
  refused(good + "cat/9.jpg,cat,dog,keep\n", {"list.csv", "3", "no file", "cat/9.jpg"});
  refused(good + "cat/2.jpg,cat,,relabel\n", {"list.csv", "3", "no suggestion"});
  refused(good + "cat/2.jpg,cat,dog\n", {"list.csv", "3"});
  refused(good + "cat/2.jpg,cat,dog,keep,more\n", {"list.csv", "3"});
  refused(good + "cat/../cat/1.jpg,cat,dog,delete\n", {"list.csv", "3", "in row 2 already"});
  refused(good + "../list.csv,cat,dog,delete\n", {"list.csv", "3", "is not below"});
  refused(good + "/etc/passwd,cat,dog,delete\n", {"list.csv", "3", "is not below"});
  refused(good + ",cat,dog,delete\n", {"list.csv", "3"});
  expect_error<DataError>([&] { read("", "path,label,action"); }, {"list.csv", "suggestion"});
  expect_error<DataError>([&] { read_cleaning_list(folder_ / "list.csv", folder_ / "none"); },
                          {"none", "no such folder"});
}

TEST_F(ACleaningList, KnowsLabels) {
  const auto list = read("cat/1.jpg,cat,dgo,relabel\ncat/2.jpg,cat,bird,keep\n");
  expect_error<DataError>(
      [&] {
        require_known_labels(list, {"cat", "dog"});
      },
      {"list.csv", "2", "unknown label 'dgo'. Did you mean dog"});
  EXPECT_NO_THROW(require_known_labels(list, {"dgo"})) << "what is kept is not looked at";
}

TEST_F(ACleaningList, MovesFilesAndNothingElse) {
  const auto list =
      read("cat/1.jpg,cat,dog,relabel\ncat/2.jpg,cat,,delete\ndog/3.jpg,dog,cat,keep\n");
  const auto moves = plan_moves(list);
  ASSERT_EQ(moves.size(), 2U);
  EXPECT_TRUE(fs::exists(root() / "cat/1.jpg")) << "a plan moves nothing";
  move_files(moves);
  EXPECT_EQ(read_file(root() / "dog/1.jpg"), "cat/1.jpg");
  EXPECT_EQ(read_file(folder_ / "pictures-trash/cat/2.jpg"), "cat/2.jpg");
  EXPECT_TRUE(fs::exists(root() / "dog/3.jpg"));
  EXPECT_FALSE(fs::exists(root() / "cat/1.jpg"));
}

TEST_F(ACleaningList, RefusesMovesThatCannotBe) {
  const auto refuse = [&](const std::string& rows, std::initializer_list<std::string_view> parts) {
    SCOPED_TRACE(rows);
    const auto list = read(rows);
    expect_error<DataError>([&] { plan_moves(list); }, parts);
  };
  refuse("cat/1.jpg,tiger,dog,relabel\n", {"list.csv", "2", "not in one of its label 'tiger'"});
  refuse("cat/1.jpg,cat,../dog,relabel\n", {"list.csv", "2", "cannot be the name of a folder"});
  refuse("cat/1.jpg,cat,..,relabel\n", {"cannot be the name of a folder"});
  write_file(root() / "dog/1.jpg", "another");
  refuse("cat/2.jpg,cat,dog,relabel\ncat/1.jpg,cat,dog,relabel\n",
         {"list.csv", "3", "dog/1.jpg is taken"});
  EXPECT_TRUE(plan_moves(read("cat/1.jpg,cat,cat,relabel\n")).empty()) << "it is there already";
}

TEST_F(ACleaningList, MovesBackWhenOneMoveFails) {
  const auto moves = plan_moves(read("cat/1.jpg,cat,dog,relabel\ncat/2.jpg,cat,dog,relabel\n"));
  fs::remove(root() / "cat/2.jpg");  // gone after the plan was made
  expect_error<IoError>([&] { move_files(moves); }, {"cat/2.jpg", "moved back"});
  EXPECT_EQ(read_file(root() / "cat/1.jpg"), "cat/1.jpg");
  EXPECT_FALSE(fs::exists(root() / "dog/1.jpg"));
}

TEST_F(ACleaningList, WantsWriteAccessBeforeItMoves) {
  if (geteuid() == 0) GTEST_SKIP() << "root may write everywhere";
  chmod((root() / "dog").c_str(), 0500);
  const auto list = read("cat/1.jpg,cat,dog,relabel\n");
  expect_error<IoError>([&] { plan_moves(list); }, {"dog", "write access"});
  chmod((root() / "dog").c_str(), 0700);
}

}  // namespace
}  // namespace linnet
