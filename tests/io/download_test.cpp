#include "linnet/io/download.h"

#include <gtest/gtest.h>

#include "linnet/core/error.h"
#include "linnet/core/random.h"
#include "linnet/io/hash.h"
#include "linnet/io/pretrained.h"
#include "support/expect_error.h"
#include "support/file_size_limit.h"
#include "support/loopback_server.h"
#include "support/recording_reporter.h"
#include "support/temp_dir.h"

namespace linnet {
namespace {

using test::expect_error;
using test::LoopbackServer;
using test::read_file;
using test::Reply;
using test::TempDir;
using test::write_file;

std::string some_bytes(int64_t count) {
  Generator random({static_cast<uint64_t>(count)});
  std::string bytes;
  for (int64_t i = 0; i < count; ++i) bytes.push_back(static_cast<char>(random.integer(256)));
  return bytes;
}

class DownloadTest : public ::testing::Test {
 protected:
  DownloadOptions checked() {
    return {.check = {.bytes = static_cast<int64_t>(body_.size()), .sha256 = sha256_of(body_)},
            .reporter = &reporter_};
  }
  const std::string body_ = some_bytes(200'000);
  test::RecordingReporter reporter_;
  TempDir dir_;
  const std::filesystem::path file_ = dir_ / "models/a.bin";
  const std::filesystem::path part_ = dir_ / "models/a.bin.part";
};

TEST_F(DownloadTest, FetchesAndChecks) {
  const LoopbackServer server({{"/a.bin", {.body = body_}}});
  download(server.url("/a.bin"), file_, checked());
  EXPECT_EQ(read_file(file_), body_);
  EXPECT_FALSE(std::filesystem::exists(part_));
  EXPECT_TRUE(reporter_.warnings.empty());
  ASSERT_FALSE(reporter_.bars.empty());
  EXPECT_EQ(reporter_.bars.back().unit, "bytes");
  EXPECT_EQ(reporter_.bars.back().total, 200'000);
  download(server.url("/a.bin"), file_, checked());  // it is there
  EXPECT_EQ(server.requests().size(), 1U);
}

TEST_F(DownloadTest, WarnsOfAnUnverifiedFile) {
  const LoopbackServer server({{"/a.bin", {.body = body_}}});
  download(server.url("/a.bin"), file_, {.reporter = &reporter_});
  EXPECT_EQ(read_file(file_), body_);
  ASSERT_EQ(reporter_.warnings.size(), 1U);
  EXPECT_NE(reporter_.warnings[0].find("unverified"), std::string::npos);
}

TEST_F(DownloadTest, ContinuesAPart) {
  const LoopbackServer server({{"/a.bin", {.body = body_}}});
  write_file(part_, body_.substr(0, 150'000));
  download(server.url("/a.bin"), file_, checked());
  EXPECT_EQ(read_file(file_), body_);
  EXPECT_NE(server.requests()[0].find("Range: bytes=150000-"), std::string::npos);
}

TEST_F(DownloadTest, ContinuesWhenTheConnectionBreaks) {
  const LoopbackServer server({{"/a.bin", {.body = body_, .cut_after = 120'000}}});
  download(server.url("/a.bin"), file_, checked());
  EXPECT_EQ(read_file(file_), body_);
  ASSERT_EQ(server.requests().size(), 2U);
  EXPECT_NE(server.requests()[1].find("Range: bytes=120000-"), std::string::npos);
}

TEST_F(DownloadTest, BeginsAgainWhenTheServerCannotContinue) {
  const LoopbackServer server({{"/a.bin", {.body = body_, .ranges = false}}});
  write_file(part_, body_.substr(0, 150'000));
  download(server.url("/a.bin"), file_, checked());
  EXPECT_EQ(read_file(file_), body_);
}

TEST_F(DownloadTest, BeginsAgainWhenThePartIsOfAnotherFile) {
  const LoopbackServer server({{"/a.bin", {.body = body_}}});
  for (const int64_t size : {100'000, 200'000, 300'000}) {
    std::filesystem::remove(file_);
    write_file(part_, some_bytes(size));
    download(server.url("/a.bin"), file_, checked());
    EXPECT_EQ(read_file(file_), body_) << size;
  }
}

TEST_F(DownloadTest, DoesNotContinueWhatNoHashCanTell) {
  const LoopbackServer server({{"/a.bin", {.body = body_}}});
  write_file(part_, "another file's beginning");
  download(server.url("/a.bin"), file_);
  EXPECT_EQ(read_file(file_), body_);
}

TEST_F(DownloadTest, KeepsThePartWhenTheConnectionKeepsBreaking) {
  const LoopbackServer server({{"/a.bin", {.body = body_, .cut_after = 50'000, .cut_times = 100}}});
  auto options = checked();
  options.attempts = 2;
  expect_error<IoError>([&] { download(server.url("/a.bin"), file_, options); },
                        {server.url("/a.bin"), "cannot be fetched", "put it at", file_.string()});
  EXPECT_FALSE(std::filesystem::exists(file_));
  EXPECT_EQ(std::filesystem::file_size(part_), 100'000U);
}

TEST_F(DownloadTest, RefusesAnotherFile) {
  const LoopbackServer server({{"/a.bin", {.body = body_}},
                               {"/long", {.body = body_ + "more"}},
                               {"/short", {.body = body_.substr(1)}}});
  auto wrong = checked();
  wrong.check.sha256 = std::string(64, '0');
  expect_error<DataError>(
      [&] { download(server.url("/a.bin"), file_, wrong); },
      {server.url("/a.bin"), "not the file expected", "got sha256 " + sha256_of(body_)});
  expect_error<DataError>([&] { download(server.url("/long"), file_, checked()); },
                          {"not the file expected", "expected 200000"});
  expect_error<DataError>([&] { download(server.url("/short"), file_, checked()); },
                          {"got 199999 bytes, expected 200000"});
  EXPECT_FALSE(std::filesystem::exists(file_));
  EXPECT_FALSE(std::filesystem::exists(part_));
}

TEST_F(DownloadTest, ChecksAFilePutThereByHand) {
  write_file(file_, body_);
  download("http://127.0.0.1:1/a.bin", file_, checked());  // no server needed
  write_file(file_, "wrong");
  expect_error<DataError>([&] { download("http://127.0.0.1:1/a.bin", file_, checked()); },
                          {"got 5 bytes, expected 200000", "Remove the file to download it again"});
  EXPECT_EQ(read_file(file_), "wrong");
}

TEST_F(DownloadTest, SaysWhatTheServerAnswered) {
  const LoopbackServer server({{"/busy", {.body = "x", .status = 503}}});
  expect_error<IoError>([&] { download(server.url("/absent"), file_, checked()); },
                        {server.url("/absent"), "the server answered 404", file_.string()});
  EXPECT_EQ(server.requests().size(), 1U);  // no use trying again
  auto options = checked();
  options.attempts = 2;
  expect_error<IoError>([&] { download(server.url("/busy"), file_, options); }, {"answered 503"});
  EXPECT_EQ(server.requests().size(), 3U);
  EXPECT_FALSE(std::filesystem::exists(part_));
}

TEST_F(DownloadTest, SaysWhatToDoWithoutANetwork) {
  const std::string url = "http://127.0.0.1:" + std::to_string(test::closed_port()) + "/a.bin";
  expect_error<IoError>(
      [&] { download(url, file_, checked()); },
      {url, "cannot be fetched", "Without a network, get", "put it at " + file_.string()});
  expect_error<IoError>([&] { download("http://no-such-host.invalid/a.bin", file_, checked()); },
                        {"no-such-host.invalid", "put it at"});
  EXPECT_FALSE(std::filesystem::exists(part_));
}

TEST_F(DownloadTest, FollowsRedirectsToTheWebOnly) {
  write_file(dir_ / "secret", "secret");
  const LoopbackServer server(
      {{"/a.bin", {.body = body_}},
       {"/moved", {.status = 302, .location = "/a.bin"}},
       {"/local", {.status = 302, .location = "file://" + (dir_ / "secret").string()}},
       {"/loop", {.status = 302, .location = "/loop"}}});
  download(server.url("/moved"), file_, checked());
  EXPECT_EQ(read_file(file_), body_);
  expect_error<IoError>([&] { download(server.url("/local"), dir_ / "b", {}); },
                        {"/local", "cannot be fetched"});
  expect_error<IoError>([&] { download(server.url("/loop"), dir_ / "b", {}); },
                        {"/loop", "cannot be fetched"});
  EXPECT_FALSE(std::filesystem::exists(dir_ / "b"));
}

TEST_F(DownloadTest, TakesFilesAndRefusesOtherSchemes) {
  write_file(dir_ / "local.bin", body_);
  download("file://" + (dir_ / "local.bin").string(), file_, checked());
  EXPECT_EQ(read_file(file_), body_);
  expect_error<UsageError>([&] { download("ftp://a/b", dir_ / "b"); }, {"ftp://a/b", "https://"});
  expect_error<IoError>([&] { download("file:///nowhere/x", dir_ / "b"); },
                        {"/nowhere/x", "cannot be fetched"});
}

TEST_F(DownloadTest, KeepsThePartOnAFullDisk) {
  const LoopbackServer server({{"/a.bin", {.body = body_}}});
  {
    const test::FileSizeLimit limit(70'000);
    expect_error<IoError>([&] { download(server.url("/a.bin"), file_, checked()); },
                          {part_.string(), "cannot be written: File too large", "Free some space"});
  }
  EXPECT_FALSE(std::filesystem::exists(file_));
  download(server.url("/a.bin"), file_, checked());
  EXPECT_EQ(read_file(file_), body_);
}

TEST_F(DownloadTest, NamesAFolderThatCannotBeMade) {
  write_file(dir_ / "file", "x");
  expect_error<IoError>([&] { download("file:///x", dir_ / "file/below/a.bin"); },
                        {"file/below", "cannot be made"});
}

TEST_F(DownloadTest, ChecksMd5OfTheFirstMib) {
  const std::string body = some_bytes(1'500'000);
  write_file(dir_ / "x", body);
  write_file(dir_ / "front", body.substr(0, 1 << 20));
  const FileCheck check{.md5_first_mib = md5_of_first_mib(dir_ / "front")};
  check_file(dir_ / "x", check);
  write_file(dir_ / "x", "Y" + body);
  expect_error<DataError>([&] { check_file(dir_ / "x", check); },
                          {"got md5", "of the first MiB, expected " + check.md5_first_mib});
}

TEST(Hash, IsThatOfTheStandards) {
  const TempDir dir;
  write_file(dir / "abc", "abc");
  // FIPS 180-2, B.1 and RFC 1321, A.5
  EXPECT_EQ(sha256_of_file(dir / "abc"),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(sha256_of("abc"), sha256_of_file(dir / "abc"));
  EXPECT_EQ(md5_of_first_mib(dir / "abc"), "900150983cd24fb0d6963f7d28e17f72");
  expect_error<IoError>([&] { sha256_of_file(dir / "absent"); }, {"absent", "No such file"});
}

TEST(PretrainedWeights, AreFetchedOnceAndCheckedByTheirName) {
  const TempDir dir;
  setenv("LINNET_HOME", dir.path().c_str(), 1);
  const std::string body = some_bytes(1000);
  const std::string name = "/net-" + sha256_of(body).substr(0, 8) + ".pth";
  const LoopbackServer server({{name, {.body = body}}, {"/net-00000000.pth", {.body = body}}});
  EXPECT_TRUE(cached_pretrained_weights(server.url(name)).empty());
  expect_error<IoError>([&] { pretrained_weights(server.url(name), {.offline = true}); },
                        {"not in the cache", (dir / "models").string()});
  EXPECT_EQ(read_file(pretrained_weights(server.url(name))), body);
  EXPECT_EQ(cached_pretrained_weights(server.url(name)), dir / ("models" + name));
  pretrained_weights(server.url(name), {.offline = true});
  EXPECT_EQ(server.requests().size(), 1U);
  expect_error<DataError>([&] { pretrained_weights(server.url("/net-00000000.pth")); },
                          {"expected 00000000"});
  expect_error<UsageError>([&] { pretrained_weights(server.url("/net.pth")); },
                           {"net.pth", "digits of its sha256"});
  setenv("LINNET_MIRROR", server.url().c_str(), 1);
  std::filesystem::remove_all(dir / "models");
  EXPECT_EQ(read_file(pretrained_weights("https://example.invalid" + name)), body);
  unsetenv("LINNET_MIRROR");
  unsetenv("LINNET_HOME");
}

}  // namespace
}  // namespace linnet
