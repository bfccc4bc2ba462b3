#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <numeric>
#include <string>
#include <vector>

#include "linnet/app/model_file.h"
#include "linnet/app/uses/picture_teller.h"
#include "linnet/app/uses/vision.h"

namespace linnet {

namespace {

constexpr size_t kWidest = 60;  // letters of a path before what stands below each other

/** What a line says of a picture, behind its path. */
class Words {
 public:
  Words(const Block& target, int64_t top) : target_(target), top_(static_cast<size_t>(top)) {
    for (const Label& label : target->vocab()) labels_.push_back(label.text());
    for (const auto& label : labels_) width_ = std::max(width_, label.size());
  }

  /** `probs` float32 [classes]. */
  std::string operator()(const torch::Tensor& probs, const torch::Tensor& decision) const {
    if (target_->kind() == Kind::category) return likeliest(probs);
    const auto text = target_->decode(decision).text();
    return text.empty() ? "none" : text;
  }

 private:
  std::string likeliest(const torch::Tensor& probs) const {
    const std::vector<float> p(probs.data_ptr<float>(), probs.data_ptr<float>() + probs.numel());
    std::vector<size_t> order(p.size());
    std::iota(order.begin(), order.end(), size_t{0});
    std::stable_sort(order.begin(), order.end(), [&](size_t a, size_t b) { return p[a] > p[b]; });
    std::string line;
    for (size_t i = 0; i < std::min(top_, order.size()); ++i) {
      line += fmt::format("{}{:<{}}  {:.4f}", i == 0 ? "" : "  ", labels_[order[i]], width_,
                          p[order[i]]);
    }
    return line;
  }

  const Block& target_;
  std::vector<std::string> labels_;
  size_t top_;
  size_t width_ = 0;
};

}  // namespace

void vision_predict(const Learner& learn, const Request& request, Reporter& reporter) {
  const auto pictures = pictures_of(request.texts("input"), "predict");
  PictureTeller teller(pictures, reporter, kWidest);
  std::vector<Dataset::Sources> items;
  for (const std::filesystem::path& picture : pictures) items.push_back({picture});
  TestLoaderOptions options{
      .bs = request.integer("batch-size"),
      .on_bad_item = [&](const BadItem& item) { teller.bad(item.position, item.reason); }};
  if (request.has("workers")) options.workers = request.integer("workers");
  const auto stream = learn.dls().test_dl(std::move(items), options)->stream(0);
  const Words words(learn.dls().pipeline().target(), request.integer("top"));
  while (auto batch = stream->next()) {
    const auto positions = batch->items;
    const auto probs = learn.pred_batch(std::move(*batch)).contiguous();
    const auto decisions = learn.loss().decodes(probs);
    for (size_t i = 0; i < positions.size(); ++i) {
      const auto row = static_cast<int64_t>(i);
      teller.good(positions[i], words(probs[row], decisions[row]),
                  vision_answer(learn, probs[row], decisions[row]));
    }
  }
  teller.finish();
}

}  // namespace linnet
