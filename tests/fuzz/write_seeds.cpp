// Writes what the fuzzers begin with into the folder that is given: small pictures of each kind,
// forms and requests.
#include <filesystem>
#include <fstream>
#include <string>

#include "linnet/media/encode.h"
#include "support/picture_writer.h"

namespace {

namespace fs = std::filesystem;
using namespace linnet;

void write(const fs::path& file, const std::vector<uint8_t>& bytes) {
  std::ofstream(file, std::ios::binary)
      .write(reinterpret_cast<const char*>(bytes.data()),
             static_cast<std::streamsize>(bytes.size()));
}
void write(const fs::path& file, const std::string& text) {
  write(file, std::vector<uint8_t>(text.begin(), text.end()));
}

Image gradient() {
  Image image(6, 9, 3);
  for (int64_t i = 0; i < image.bytes(); ++i) image.data()[i] = static_cast<uint8_t>(i * 3);
  return image;
}

void write_pictures(const fs::path& folder) {
  const Image picture = gradient();
  write(folder / "png", encode_image(picture));
  write(folder / "png-palette", test::make_png({.height = 2,
                                                .width = 3,
                                                .colour_type = 3,
                                                .rows = {0, 1, 2, 2, 1, 0},
                                                .palette = {0, 0, 0, 9, 9, 9, 255, 0, 0}}));
  write(folder / "png-16",
        test::make_png(
            {.height = 1, .width = 2, .bit_depth = 16, .colour_type = 0, .rows = {0, 1, 255, 2}}));
  write(folder / "jpeg", encode_image(picture, "jpeg"));
  write(
      folder / "jpeg-exif",
      test::with_exif(test::make_jpeg({.levels = {100, 90, 80}, .blocks = 2}), test::make_exif(6)));
  write(folder / "jpeg-cmyk",
        test::make_jpeg({.levels = {10, 20, 30, 40}, .blocks = 2, .restart_interval = 1}));
  Image indices(3, 4, 1);
  indices.at(1, 2) = 1;
  write(folder / "gif",
        test::make_gif(
            {.height = 4, .width = 5, .indices = indices, .palette = {1, 2, 3, 200, 100, 0}}));
  write(folder / "gif-interlaced", test::make_gif({.height = 3,
                                                   .width = 4,
                                                   .indices = indices,
                                                   .palette = {1, 2, 3, 9, 9, 9},
                                                   .transparent = 1,
                                                   .interlaced = true}));
  write(folder / "bmp", test::make_bmp(picture));
  write(folder / "tiff", test::make_tiff(picture));
  write(folder / "tiff-wide", test::make_tiff(Image(2, 2, 1), true));
  write(folder / "webp", test::make_webp({4, 5}, {10, 200, 30}, test::make_exif(3, false)));
}

const std::string kForm =
    "--xyz\r\nContent-Disposition: form-data; name=\"picture\"; "
    "filename=\"a.png\"\r\nContent-Type: image/png\r\n\r\n"
    "bytes\r\n--xyz\r\nContent-Disposition: form-data; name=age\r\n\r\n39\r\n--xyz--\r\n";

std::string post(const std::string& type, const std::string& body) {
  return "POST /predict?model=a%20b HTTP/1.1\r\nHost: localhost\r\nContent-Type: " + type +
         "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

}  // namespace

int main(int count, char** words) {
  if (count != 2) return 2;
  const fs::path folder = words[1];
  for (const char* name : {"picture_fuzz", "form_fuzz", "request_fuzz"})
    fs::create_directories(folder / name);
  write_pictures(folder / "picture_fuzz");
  write(folder / "form_fuzz/form", kForm);
  write(folder / "form_fuzz/header", "form-data; name=\"a \\\"b\\\"\"; filename=c");
  write(folder / "form_fuzz/base64", "data:image/png;base64,Zm9v\r\nYmE=");
  write(folder / "request_fuzz/form", post("multipart/form-data; boundary=xyz", kForm));
  write(folder / "request_fuzz/json",
        post("application/json", "{\"picture\": \"Zm9v\", \"age\": 3}"));
  write(folder / "request_fuzz/file", post("image/png", "PNG"));
  write(
      folder / "request_fuzz/chunks",
      "POST / HTTP/1.1\r\nHost: x\r\nContent-Type: image/png\r\nTransfer-Encoding: chunked\r\n\r\n"
      "3\r\nPNG\r\n4;a=b\r\nmore\r\n0\r\nTrailer: x\r\n\r\n");
  return 0;
}
