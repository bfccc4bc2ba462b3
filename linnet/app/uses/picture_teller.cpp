#include "linnet/app/uses/picture_teller.h"

#include <fmt/format.h>

#include <algorithm>

#include "linnet/core/error.h"
#include "linnet/core/timer.h"

namespace linnet {

PictureTeller::PictureTeller(std::vector<std::filesystem::path> pictures, Reporter& reporter,
                             size_t widest)
    : pictures_(std::move(pictures)), reporter_(reporter), began_(seconds_now()) {
  for (const auto& path : pictures_)
    width_ = std::max(width_, std::min(widest, path.string().size()));
}

void PictureTeller::good(int64_t item, std::string_view line, const Json& event) {
  tell_bad_before(item);
  const std::string path = path_of(item);
  note(path, line);
  Json told{{"path", path}};
  told.merge(event);
  reporter_.event("prediction", told);
  ++told_;
  tell_progress(item + 1);
}

void PictureTeller::finish() {
  tell_bad_before(static_cast<int64_t>(pictures_.size()));
  if (bad_told_ == 0) return;
  throw DataError("predict", fmt::format("{} of {} pictures cannot be read: {}", bad_told_,
                                         pictures_.size(), first_reason_));
}

void PictureTeller::tell_bad_before(int64_t item) {
  while (!bad_.empty() && bad_.begin()->first < item) {
    const auto [at, reason] = *bad_.begin();
    bad_.erase(bad_.begin());
    const std::string path = path_of(at);
    note(path, "cannot be read");
    reporter_.warn(reason);
    reporter_.event("unreadable", Json{{"path", path}, {"error", reason}});
    if (bad_told_++ == 0) first_reason_ = reason;
  }
}

void PictureTeller::note(const std::string& path, std::string_view line) {
  reporter_.note(fmt::format("{:<{}}  {}", path, width_, line));
}

void PictureTeller::tell_progress(int64_t done) {
  const double elapsed = seconds_now() - began_;
  const double per_second = elapsed > 0 ? static_cast<double>(told_) / elapsed : 0;
  const auto total = static_cast<int64_t>(pictures_.size());
  reporter_.bar(
      {.phase = "predict",
       .unit = "pictures",
       .done = done,
       .total = total,
       .per_second = per_second,
       .seconds_left = per_second > 0 ? static_cast<double>(total - done) / per_second : -1});
}

}  // namespace linnet
