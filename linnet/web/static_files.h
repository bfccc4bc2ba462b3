#pragma once

#include <string_view>

namespace linnet::web {

/** A file of the page, held by the program: web/static/ as it was when it was built. */
struct StaticFile {
  std::string_view path;  // "/app.js"; "/" for index.html
  std::string_view content_type;
  std::string_view bytes;
};

/** Null when there is none at that path. */
const StaticFile* find_static_file(std::string_view path);

}  // namespace linnet::web
