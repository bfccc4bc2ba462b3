#include <fmt/format.h>
#include <torch/torch.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <numeric>
#include <string>
#include <vector>

#include "linnet/app/model_file.h"
#include "linnet/app/uses/vision.h"
#include "linnet/core/error.h"
#include "linnet/core/timer.h"

namespace linnet {

namespace {

namespace fs = std::filesystem;

/** Tells predictions, one line a picture in the order of the pictures. */
class Teller {
 public:
  Teller(std::vector<fs::path> pictures, const std::vector<Label>& vocab, int64_t top,
         Reporter& reporter)
      : pictures_(std::move(pictures)), top_(top), reporter_(reporter), began_(seconds_now()) {
    for (const Label& label : vocab) labels_.push_back(label.text());
    constexpr size_t kWidest = 60;
    for (const auto& path : pictures_)
      path_width_ = std::max(path_width_, std::min(kWidest, path.string().size()));
    for (const auto& label : labels_) label_width_ = std::max(label_width_, label.size());
  }

  /** Picture `item` cannot be read. Told when its turn has come. */
  void bad(int64_t item, const std::string& reason) { bad_[item] = reason; }

  /** `probs` float32 [classes] of picture `item`; items come in rising order. */
  void good(int64_t item, const torch::Tensor& probs) {
    tell_bad_before(item);
    const std::vector<float> p(probs.data_ptr<float>(), probs.data_ptr<float>() + probs.numel());
    std::vector<size_t> order(p.size());
    std::iota(order.begin(), order.end(), size_t{0});
    std::stable_sort(order.begin(), order.end(), [&](size_t a, size_t b) { return p[a] > p[b]; });
    const std::string path = pictures_[static_cast<size_t>(item)].string();
    reporter_.note(line_of(path, p, order));
    reporter_.event("prediction", event_of(path, p, order.front()));
    ++told_;
    tell_progress(item + 1);
  }

  /** The same where a label is no single class: several labels, numbers, points. */
  void good(int64_t item, const torch::Tensor& probs, const Label& decoded) {
    tell_bad_before(item);
    const std::string path = pictures_[static_cast<size_t>(item)].string();
    const auto text = decoded.text();
    reporter_.note(fmt::format("{:<{}}  {}", path, path_width_, text.empty() ? "none" : text));
    Json event{{"path", path}, {"label", decoded.to_json()}};
    if (static_cast<int64_t>(labels_.size()) == probs.numel()) {
      event["probabilities"] = probabilities(probs.data_ptr<float>());
    }
    reporter_.event("prediction", event);
    ++told_;
    tell_progress(item + 1);
  }

  /** Tells the bad ones that are left; DataError when there were any. */
  void finish() {
    tell_bad_before(static_cast<int64_t>(pictures_.size()));
    if (bad_told_ == 0) return;
    throw DataError("predict", fmt::format("{} of {} pictures cannot be read: {}", bad_told_,
                                           pictures_.size(), first_reason_));
  }

 private:
  void tell_bad_before(int64_t item) {
    while (!bad_.empty() && bad_.begin()->first < item) {
      const auto [at, reason] = *bad_.begin();
      bad_.erase(bad_.begin());
      const std::string path = pictures_[static_cast<size_t>(at)].string();
      reporter_.note(fmt::format("{:<{}}  cannot be read", path, path_width_));
      reporter_.warn(reason);
      reporter_.event("unreadable", Json{{"path", path}, {"error", reason}});
      if (bad_told_++ == 0) first_reason_ = reason;
    }
  }

  std::string line_of(const std::string& path, const std::vector<float>& p,
                      const std::vector<size_t>& order) const {
    std::string line = fmt::format("{:<{}}", path, path_width_);
    const size_t shown = std::min(static_cast<size_t>(top_), order.size());
    for (size_t i = 0; i < shown; ++i)
      line += fmt::format("  {:<{}}  {:.4f}", labels_[order[i]], label_width_, p[order[i]]);
    return line;
  }

  Json event_of(const std::string& path, const std::vector<float>& p, size_t best) const {
    return Json{{"path", path},
                {"label", labels_[best]},
                {"probability", static_cast<double>(p[best])},
                {"probabilities", probabilities(p.data())}};
  }

  // By label; `p` has one for each.
  Json probabilities(const float* p) const {
    Json::Object by_label;
    for (size_t i = 0; i < labels_.size(); ++i)
      by_label.emplace_back(labels_[i], static_cast<double>(p[i]));
    return by_label;
  }

  void tell_progress(int64_t done) {
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

  std::vector<fs::path> pictures_;
  std::vector<std::string> labels_;
  int64_t top_;
  Reporter& reporter_;
  double began_;
  size_t path_width_ = 0;
  size_t label_width_ = 0;
  int64_t told_ = 0;
  int64_t bad_told_ = 0;
  std::string first_reason_;
  std::map<int64_t, std::string> bad_;
};

}  // namespace

void vision_predict(const Learner& learn, const Request& request, Reporter& reporter) {
  const auto pictures = pictures_of(request.texts("input"), "predict");
  Teller teller(pictures, learn.dls().vocab(), request.integer("top"), reporter);
  std::vector<Dataset::Sources> items;
  for (const fs::path& picture : pictures) items.push_back({picture});
  TestLoaderOptions options{
      .bs = request.integer("batch-size"),
      .on_bad_item = [&](int64_t item, const std::string& reason) { teller.bad(item, reason); }};
  if (request.has("workers")) options.workers = request.integer("workers");
  const auto stream = learn.dls().test_dl(std::move(items), options)->stream(0);
  const Block& target = learn.dls().pipeline().target();
  while (auto batch = stream->next()) {
    const auto positions = batch->items;
    const auto probs = learn.pred_batch(std::move(*batch));
    const auto decisions = learn.loss().decodes(probs);
    for (size_t i = 0; i < positions.size(); ++i) {
      const auto row = static_cast<int64_t>(i);
      if (target->kind() == Kind::category) {
        teller.good(positions[i], probs[row]);
      } else {
        teller.good(positions[i], probs[row].contiguous(), target->decode(decisions[row]));
      }
    }
  }
  teller.finish();
}

}  // namespace linnet
