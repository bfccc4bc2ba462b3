#include "linnet/io/pretrained.h"

#include <fmt/format.h>

#include <string>

#include "linnet/core/error.h"
#include "linnet/io/cache.h"
#include "linnet/io/download.h"

namespace linnet {

namespace {

/** "b627a593" of "resnet34-b627a593.pth". */
std::string hash_in_name(const std::string& name) {
  const std::string stem = std::filesystem::path(name).stem().string();
  const size_t dash = stem.rfind('-');
  const std::string digits = dash == std::string::npos ? "" : stem.substr(dash + 1);
  if (digits.size() < 8 || digits.size() > 64 ||
      digits.find_first_not_of("0123456789abcdef") != std::string::npos) {
    throw UsageError("pretrained_weights",
                     fmt::format("got the file name '{}', expected one that ends in '-' and 8 or "
                                 "more digits of its sha256",
                                 name));
  }
  return digits;
}

}  // namespace

std::filesystem::path pretrained_weights(std::string_view url, const PretrainedOptions& options) {
  const std::string name = url_file_name(url);
  const std::string hash = hash_in_name(name);
  const auto path = cached_models_dir() / name;
  if (options.offline && !std::filesystem::exists(path)) {
    throw IoError("pretrained_weights",
                  fmt::format("{} is not in the cache, and the network is not to be used. Get it "
                              "elsewhere and put it at {}",
                              url, path.string()));
  }
  if (!std::filesystem::exists(path)) options.reporter->note(fmt::format("fetching {}", url));
  download(mirrored_url(url), path, {.check = {.sha256 = hash}, .reporter = options.reporter});
  return path;
}

std::filesystem::path cached_pretrained_weights(std::string_view url) {
  const auto path = cached_models_dir() / url_file_name(url);
  return std::filesystem::exists(path) ? path : std::filesystem::path();
}

}  // namespace linnet
