#include "linnet/app/model_file.h"

#include "linnet/core/error.h"
#include "linnet/data/items.h"

namespace linnet {

namespace fs = std::filesystem;

Field model_field() {
  return {.name = "model",
          .kind = FieldKind::path,
          .help = "a model.safetensors that `linnet train` wrote, or the run's folder",
          .positional = true,
          .required = true};
}

fs::path model_file(const fs::path& given, std::string_view where) {
  fs::path file = given;
  if (fs::is_directory(file)) file /= "model.safetensors";
  if (fs::exists(file)) return file;
  throw DataError(where, file,
                  "there is no such model. Give the model.safetensors of a run, or its folder.");
}

std::vector<fs::path> pictures_of(const std::vector<std::string>& given, std::string_view where) {
  std::vector<fs::path> pictures;
  for (const fs::path& path : std::vector<fs::path>(given.begin(), given.end())) {
    if (!fs::is_directory(path)) {
      pictures.push_back(path);
      continue;
    }
    const auto inside = get_image_files(path);
    if (inside.empty()) throw DataError(where, path, "there are no pictures in this folder");
    pictures.insert(pictures.end(), inside.begin(), inside.end());
  }
  return pictures;
}

}  // namespace linnet
