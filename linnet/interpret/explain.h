#pragma once

#include <torch/types.h>

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "linnet/interpret/occlusion.h"
#include "linnet/media/image.h"
#include "linnet/train/learner.h"

namespace linnet {

/** How is asked what in a picture speaks for a label; see grad_cam.h and occlusion.h. */
enum class ExplainMethod { grad_cam, guided_grad_cam, occlusion };

/** "grad-cam", "guided-grad-cam", "occlusion". */
const std::vector<std::string>& explain_method_names();
/** UsageError that offers the nearest for another name. */
ExplainMethod explain_method(std::string_view name);

struct ExplainOptions {
  ExplainMethod method = ExplainMethod::grad_cam;
  std::optional<std::string> label = std::nullopt;  // by default the one that is predicted
  OcclusionOptions occlusion = {};
};

/** What in a picture speaks for a label. */
struct Explanation {
  std::string predicted;   // the likeliest label, or the number
  std::string label;       // the one that is explained
  double probability = 0;  // of it; of a number the number itself
  torch::Tensor map;       // float [height, width]: more speaks more for it
  Image picture;           // as the model sees it
  Image overlay;           // `map` in colours over the picture in grey: red is most
  Image lines;             // guided Grad-CAM's pixels, grey is nothing; else empty

  /** Picture, overlay and lines side by side, with labels and probability above them: 224 pixels
   * each, unless the picture is larger. IoError as image_grid. */
  Image drawn() const;
};

/** Explains a prediction of a learner for one picture.
 *
 *      Image sheet = explain(learn, "cat.jpg").drawn();
 *      const ExplainOptions options{.method = ExplainMethod::occlusion, .label = "dog"};
 *      torch::Tensor map = explain(learn, "cat.jpg", options).map;
 *
 *  Grad-CAM and its guided kin go by the class's score before the softmax and ask the output of the
 *  last stage; occlusion goes by the probability and works for any network.
 *
 *  source  of the picture, as for `Learner::predict`: a path or an Image
 *  errors  UsageError for a label that is none, targets that are neither classes, labels nor one
 *          number, a network of another make (NetworkLayers), or during a fit; DataError for a
 *          picture that cannot be read
 */
Explanation explain(const Learner& learn, const Value& source, const ExplainOptions& options = {});
inline Explanation explain(const Learner& learn, const char* path,
                           const ExplainOptions& options = {}) {
  return explain(learn, Value(std::filesystem::path(path)), options);
}

}  // namespace linnet
