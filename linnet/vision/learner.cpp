#include "linnet/vision/learner.h"

#include "linnet/train/learner_file.h"
#include "linnet/vision/learner_of_body.h"

namespace linnet {

namespace {

Json model_config(const ModelEntry& arch, int64_t n_in, int64_t n_out, const HeadOptions& head) {
  return Json{{"kind", "vision"},
              {"arch", arch.name},
              {"n_in", n_in},
              {"n_out", n_out},
              {"head", to_json(head)}};
}

Stack build(const ModelEntry& arch, const Json& config) {
  const auto body = arch.body(config.at("n_in").as_int());
  const auto head =
      create_head(arch.features, config.at("n_out").as_int(), head_from_json(config.at("head")));
  return Stack(body, head);
}

}  // namespace

Learner vision_learner(const DataLoaders& dls, const ModelEntry& arch,
                       const VisionLearnerOptions& options) {
  const int64_t n_out = options.n_out ? *options.n_out : dls.c();
  Json config = model_config(arch, options.n_in, n_out, options.head);
  auto net = build(arch, config);
  return detail::learner_of_body(dls, arch, options,
                                 {.network = net,
                                  .body = *net[0],
                                  .groups = vision_groups,
                                  .config = std::move(config),
                                  .where = "vision_learner"});
}

const Registered<LearnerKind> vision_kind{
    {"vision", [](const Json& config) -> Network {
       return build(registry<ModelEntry>().at(config.at("arch").as_string()), config);
     }}};

}  // namespace linnet
