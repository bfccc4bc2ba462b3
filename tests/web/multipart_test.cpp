#include "linnet/web/multipart.h"

#include <gtest/gtest.h>

#include "linnet/web/http_error.h"

namespace linnet::web {
namespace {

constexpr const char* kForm =
    "--xyz\r\nContent-Disposition: form-data; name=\"picture\"; filename=\"a \\\"b\\\".png\"\r\n"
    "Content-Type: image/png\r\n\r\nPNG\r\n--xy\r\n\r\n--xyz\r\n"
    "content-disposition: form-data; name=\"empty\"\r\n\r\n\r\n--xyz  \r\n"
    "Content-Disposition: form-data; name=age\r\n\r\n39\r\n--xyz--\r\nepilogue";

std::vector<FormPart> read_in_pieces(std::string_view body, size_t piece, int64_t most = 10) {
  MultipartReader reader("xyz", most);
  for (size_t at = 0; at < body.size(); at += piece) reader.write(body.substr(at, piece));
  return reader.finish();
}

void expect_form_refused(std::string_view body, int status, std::string_view text,
                         int64_t most = 10) {
  for (const size_t piece : {size_t{1}, size_t{7}, body.size() + 1}) {
    try {
      read_in_pieces(body, piece, most);
      ADD_FAILURE() << "was taken: " << body;
    } catch (const HttpError& error) {
      EXPECT_EQ(error.status(), status) << error.what();
      EXPECT_NE(std::string_view(error.what()).find(text), std::string_view::npos) << error.what();
    }
  }
}

TEST(MultipartReader, ReadsTheSameHoweverTheBytesArrive) {
  for (size_t piece = 1; piece < 200; ++piece) {
    SCOPED_TRACE(piece);
    const auto parts = read_in_pieces(kForm, piece);
    ASSERT_EQ(parts.size(), 3U);
    EXPECT_EQ(parts[0].name, "picture");
    EXPECT_EQ(parts[0].file_name, "a \"b\".png");
    EXPECT_EQ(parts[0].content_type, "image/png");
    EXPECT_EQ(parts[0].content, "PNG\r\n--xy\r\n");  // the beginning of a boundary is content
    EXPECT_EQ(parts[1].name, "empty");
    EXPECT_EQ(parts[1].content, "");
    EXPECT_FALSE(parts[1].file_name);
    EXPECT_EQ(parts[2].name, "age");
    EXPECT_EQ(parts[2].content, "39");
  }
}

TEST(MultipartReader, SkipsAPreamble) {
  const auto parts = read_in_pieces(std::string("hello\r\n") + kForm, 5);
  EXPECT_EQ(parts.size(), 3U);
}

TEST(MultipartReader, RefusesWhatIsNoForm) {
  const std::string part = "--xyz\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nx";
  expect_form_refused("", 400, "cut off");
  expect_form_refused("no form at all", 400, "cut off");
  expect_form_refused(part, 400, "cut off");
  expect_form_refused(part + "\r\n--xyz", 400, "cut off");
  expect_form_refused(part + "\r\n--xyz-", 400, "cut off");
  expect_form_refused(part + "\r\n--xyzw\r\n", 400, "no line end after a boundary");
  expect_form_refused(part + "\r\n--xyz" + std::string(300, ' '), 400,
                      "no line end after a boundary");
  expect_form_refused("--xyz\r\n\r\nx\r\n--xyz--", 400, "which field it is");
  expect_form_refused("--xyz\r\nContent-Type: a/b\r\n\r\nx\r\n--xyz--", 400, "which field it is");
  expect_form_refused("--xyz\r\nContent-Disposition: attachment; name=a\r\n\r\nx\r\n--xyz--", 400,
                      "which field it is");
  expect_form_refused("--xyz\r\nContent-Disposition: form-data; name=\"a\r\n\r\nx\r\n--xyz--", 400,
                      "header is broken");
  expect_form_refused("--xyz\r\nno colon\r\n\r\nx\r\n--xyz--", 400, "no colon");
  expect_form_refused("--xyz\r\nX: " + std::string(10'000, 'x'), 400, "too long");
}

TEST(MultipartReader, CountsPartsWhileTheyArrive) {
  std::string body;
  for (int i = 0; i < 10'000; ++i)
    body += "--xyz\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nx\r\n";
  expect_form_refused(body, 413, "more than 10 parts");  // the end is not even there
}

TEST(MultipartReader, RefusesABoundaryThatIsNone) {
  for (const std::string& boundary : {std::string(), std::string(71, 'x')})
    EXPECT_THROW(MultipartReader(boundary, 1), HttpError);
}

}  // namespace
}  // namespace linnet::web
