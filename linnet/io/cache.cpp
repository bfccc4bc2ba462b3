#include "linnet/io/cache.h"

#include <fmt/format.h>

#include <cstdlib>
#include <system_error>

#include "linnet/core/error.h"

namespace linnet {

namespace {

/** An environment variable that is set and not empty, else null. */
const char* environment(const char* name) {
  const char* value = std::getenv(name);
  return value != nullptr && *value != '\0' ? value : nullptr;
}

/** Scheme and host taken off: "/b/c.tgz". */
std::string_view path_of(std::string_view url) {
  const size_t scheme = url.find("://");
  const size_t host = scheme == std::string_view::npos ? 0 : scheme + 3;
  const size_t slash = url.find('/', host);
  return slash == std::string_view::npos ? std::string_view() : url.substr(slash);
}

}  // namespace

std::filesystem::path cache_dir() {
  if (const char* home = environment("LINNET_HOME")) return home;
  if (const char* home = environment("HOME")) return std::filesystem::path(home) / ".cache/linnet";
  throw UsageError(
      "cache_dir",
      "neither LINNET_HOME nor HOME is set. Set LINNET_HOME to a folder for downloads");
}

std::filesystem::path cached_data_dir() { return cache_dir() / "data"; }
std::filesystem::path cached_archives_dir() { return cache_dir() / "archives"; }
std::filesystem::path cached_models_dir() { return cache_dir() / "models"; }

std::filesystem::path made_dir(const std::filesystem::path& dir) {
  std::error_code failure;
  std::filesystem::create_directories(dir, failure);
  if (failure || !std::filesystem::is_directory(dir)) {
    throw IoError("cache", dir,
                  fmt::format("this folder cannot be made: {}. Choose another by LINNET_HOME",
                              failure ? failure.message() : "a file is in its place"));
  }
  return dir;
}

std::string mirrored_url(std::string_view url) {
  const char* mirror = environment("LINNET_MIRROR");
  if (mirror == nullptr) return std::string(url);
  std::string base(mirror);
  while (base.ends_with('/')) base.pop_back();
  return base + std::string(path_of(url));
}

std::string url_file_name(std::string_view url) {
  std::string_view path = path_of(url);
  path = path.substr(0, path.find_first_of("?#"));
  const std::string_view name = path.substr(path.rfind('/') + 1);
  if (name.empty() || name == "." || name == "..") {
    throw UsageError("url_file_name",
                     fmt::format("got the URL '{}', expected one that ends in a file's name", url));
  }
  return std::string(name);
}

}  // namespace linnet
