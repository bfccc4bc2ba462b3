#pragma once

#include <torch/types.h>

#include <cstdint>
#include <vector>

namespace linnet {

/** The place in a picture where a channel of a layer was excited most. */
struct Excitation {
  int64_t item = 0;    // which picture
  int64_t row = 0;     // in the layer's output
  int64_t column = 0;  // in the layer's output
  double value = 0;    // of the output there, above 0
};

/** For each channel of a layer the pictures that excite it most, found in one pass over any number
 * of them: of each picture the strongest place counts, so that the best are not one picture nine
 * times. Of equals the one that came first is kept.
 *
 *      const NetworkLayers layers(learn.network().module());
 *      TopPatches top;                             // nine, as in the paper
 *      top.add(layers.output(4, x), {0, 1, 2, 3}); // a batch of four pictures
 *      for (const Excitation& place : top.of(12)) std::cout << place.item << ' ' << place.value;
 *
 *  source  Zeiler, Fergus 2013, figure 2
 */
class TopPatches {
 public:
  /** `most` are kept of a channel, 1 or more; else UsageError. */
  explicit TopPatches(int64_t most = 9);

  /** outputs  float [n, channels, height, width], with the same channels each time
   *  items    what the n pictures are called in the answer; each once */
  void add(const torch::Tensor& outputs, const std::vector<int64_t>& items);

  /** 0 before anything was added. */
  int64_t channels() const { return values_.defined() ? values_.size(1) : 0; }
  /** Strongest first; fewer where fewer pictures excite the channel at all. UsageError for a
   * channel that the layer does not have. */
  std::vector<Excitation> of(int64_t channel) const;

 private:
  int64_t most_;
  torch::Tensor values_;  // float [kept, channels], strongest first
  torch::Tensor items_;   // int64 [kept, channels]
  torch::Tensor places_;  // int64 [kept, channels]: row * width + column
  torch::Tensor widths_;  // int64 [kept, channels]: of that picture's output
};

}  // namespace linnet
