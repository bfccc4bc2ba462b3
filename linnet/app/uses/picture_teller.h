#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "linnet/core/json.h"
#include "linnet/core/reporter.h"

namespace linnet {

/** Tells of predicted pictures in their order: a line and an event each, those that cannot be read
 * in their place, and how far it is. What a line says beside the path is its kind's. */
class PictureTeller {
 public:
  /** `widest`: the lines go on below each other, after the longest path or this many letters. */
  PictureTeller(std::vector<std::filesystem::path> pictures, Reporter& reporter, size_t widest = 0);

  /** Picture `item` cannot be read. Told when its turn has come. */
  void bad(int64_t item, const std::string& reason) { bad_[item] = reason; }
  /** What was predicted for picture `item`; items come in rising order. `event` is what there is
   * beside the path. */
  void good(int64_t item, std::string_view line, const Json& event);
  /** Tells the bad ones that are left; DataError when there were any. */
  void finish();

 private:
  void tell_bad_before(int64_t item);
  void tell_progress(int64_t done);
  std::string path_of(int64_t item) const {
    return pictures_.at(static_cast<size_t>(item)).string();
  }
  void note(const std::string& path, std::string_view line);

  std::vector<std::filesystem::path> pictures_;
  Reporter& reporter_;
  double began_;  // seconds
  size_t width_ = 0;
  int64_t told_ = 0;
  int64_t bad_told_ = 0;
  std::string first_reason_;
  std::map<int64_t, std::string> bad_;
};

}  // namespace linnet
