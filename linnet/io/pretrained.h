#pragma once

#include <filesystem>
#include <string_view>

#include "linnet/core/reporter.h"

namespace linnet {

struct PretrainedOptions {
  Reporter* reporter = &silent_reporter();
  bool offline = false;  // do not use the network: what is not in the cache is an IoError
};

/** The path of pretrained weights in `$LINNET_HOME/models`, downloaded from `url` when they are not
 * there yet. The file's name carries the first digits of its sha256, as torchvision's do
 * ("resnet34-b627a593.pth"), and is checked against it. errors  as `download`; UsageError when the
 * name carries no such digits
 */
std::filesystem::path pretrained_weights(std::string_view url,
                                         const PretrainedOptions& options = {});

/** The file's place in the cache when it is there, whole; otherwise an empty path. Nothing is
 * fetched. */
std::filesystem::path cached_pretrained_weights(std::string_view url);

}  // namespace linnet
