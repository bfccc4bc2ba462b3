#include "linnet/data/items.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "linnet/core/error.h"
#include "linnet/core/strings.h"

namespace linnet {

namespace fs = std::filesystem;

namespace {

bool wanted(const fs::path& file, const FileOptions& options) {
  if (options.extensions.empty()) return true;
  const auto extension = to_lower(file.extension().string());
  return std::find(options.extensions.begin(), options.extensions.end(), extension) !=
         options.extensions.end();
}

// `seen` holds the real paths of the folders on the way, so that a link to one of them does not go
// round for ever.
void collect(const fs::path& folder, const FileOptions& options, bool recurse,
             std::set<fs::path>& seen, std::vector<fs::path>& files) {
  if (!seen.insert(fs::canonical(folder)).second) return;
  for (const auto& entry : fs::directory_iterator(folder)) {
    if (entry.path().filename().string().starts_with('.')) continue;
    const fs::file_status status = entry.status();  // once: a link is followed each time
    if (fs::is_directory(status)) {
      if (recurse) collect(entry.path(), options, true, seen, files);
    } else if (fs::is_regular_file(status) && wanted(entry.path(), options)) {
      files.push_back(entry.path());
    }
  }
}

}  // namespace

std::vector<fs::path> get_files(const fs::path& root, const FileOptions& options) {
  if (!fs::is_directory(root)) {
    throw DataError("get_files", root,
                    fs::exists(root) ? "is no folder" : "there is no such folder. Check the path.");
  }
  std::vector<fs::path> files;
  std::set<fs::path> seen;
  try {
    if (options.folders.empty()) collect(root, options, options.recurse, seen, files);
    for (const auto& folder : options.folders) {
      // "." stands for the files directly in the root, as in fastai.
      if (folder == ".") {
        collect(root, options, false, seen, files);
      } else if (fs::is_directory(root / folder)) {
        collect(root / folder, options, options.recurse, seen, files);
      } else {
        throw DataError("get_files", root / folder, "there is no such folder");
      }
    }
  } catch (const fs::filesystem_error& e) {
    throw IoError("get_files", e.path1(), e.code().message());
  }
  std::sort(files.begin(), files.end());
  return files;
}

std::vector<fs::path> get_image_files(const fs::path& root, bool recurse,
                                      const std::vector<std::string>& folders) {
  return get_files(root,
                   {.extensions = image_extensions(), .recurse = recurse, .folders = folders});
}

// What the registry of media types lists as image/*, so that a file in a format we cannot read is
// met with a clear error rather than left out unseen.
const std::vector<std::string>& image_extensions() {
  static const std::vector<std::string> extensions = split(
      ".apng .avif .bmp .cgm .cr2 .crw .djv .djvu .dwg .dxf .emf .exr .fits .gif .heic .heics "
      ".heif .heifs .ico .ief "
      ".jfif .jng .jp2 .jpe .jpeg .jpf .jpg .jpg2 .jpm .jpx .jxl .jxr .ktx .ktx2 .nef .orf .pbm "
      ".pcx .pgm .png .pnm "
      ".ppm .psd .ras .rgb .sgi .svg .svgz .tga .tif .tiff .wbmp .webp .wmf .xbm .xcf .xpm .xwd",
      ' ');
  return extensions;
}

}  // namespace linnet
