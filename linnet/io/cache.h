#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace linnet {

/** Where linnet keeps what it downloads: `$LINNET_HOME`, by default ~/.cache/linnet. Not made by
 * this call. UsageError when neither LINNET_HOME nor HOME is set.
 */
std::filesystem::path cache_dir();

std::filesystem::path cached_data_dir();      // <cache>/data: data sets, unpacked
std::filesystem::path cached_archives_dir();  // <cache>/archives: as they were downloaded
std::filesystem::path cached_models_dir();    // <cache>/models: pretrained weights

/** Makes the folder and those above; IoError that names it when that cannot be. Returns it. */
std::filesystem::path made_dir(const std::filesystem::path& dir);

/** `url`, or, when `$LINNET_MIRROR` names a base address, the same path below that: a firm's own
 * copy, or a test's server. With LINNET_MIRROR=http://files.local/linnet, https://a.org/b/c.tgz
 * becomes http://files.local/linnet/b/c.tgz.
 */
std::string mirrored_url(std::string_view url);

/** The last part of a URL's path: "c.tgz" of https://a.org/b/c.tgz?x=1. UsageError when it has
 * none. */
std::string url_file_name(std::string_view url);

}  // namespace linnet
