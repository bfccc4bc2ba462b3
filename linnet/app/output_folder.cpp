#include "linnet/app/output_folder.h"

#include <fmt/format.h>

#include <system_error>
#include <utility>

#include "linnet/core/error.h"
#include "linnet/io/atomic_file.h"
#include "linnet/media/encode.h"

namespace linnet {

namespace fs = std::filesystem;

OutputFolder::OutputFolder(fs::path folder, std::string_view where) : folder_(std::move(folder)) {
  std::error_code failure;
  fs::create_directories(folder_, failure);
  if (failure || !fs::is_directory(folder_)) {
    throw IoError(where, folder_,
                  failure ? "cannot be made: " + failure.message() : "is not a folder");
  }
}

fs::path OutputFolder::write(const std::string& name, std::string_view bytes) const {
  const auto file = folder_ / name;
  write_atomically(file, bytes);
  return file;
}

fs::path OutputFolder::write_png(const std::string& name, const Image& image) const {
  const auto png = encode_image(image, "png");
  return write(name, {reinterpret_cast<const char*>(png.data()), png.size()});
}

std::string PictureNames::name_for(const fs::path& picture) {
  const std::string stem = picture.stem().string();
  std::string name = stem;
  for (int64_t number = 2; !taken_.insert(name).second; ++number) {
    name = fmt::format("{}-{}", stem, number);
  }
  return name;
}

}  // namespace linnet
