#include "linnet/vision/unet_learner.h"

#include "linnet/core/error.h"
#include "linnet/train/learner_file.h"
#include "linnet/vision/learner_of_body.h"

namespace linnet {

namespace {

constexpr const char* kUnetLearnerWhere = "unet_learner";

ImageSize size_of_pictures(const DataLoaders& dls) {
  const auto batch = dls.valid().stream(0)->next();
  if (!batch || batch->x.empty() || batch->x[0].data.dim() != 4) {
    throw UsageError(kUnetLearnerWhere,
                     "the first input is no picture, so its size is not known. Give "
                     "img_size.");
  }
  const auto& pictures = batch->x[0].data;
  return {pictures.size(2), pictures.size(3)};
}

DynamicUnet build_unet(const ModelEntry& arch, const Json& config) {
  const auto size = config.at("img_size").as_ints();
  return DynamicUnet(arch.body(config.at("n_in").as_int()), config.at("n_out").as_int(),
                     ImageSize{size.at(0), size.at(1)}, unet_from_json(config.at("unet")));
}

}  // namespace

Learner unet_learner(const DataLoaders& dls, const ModelEntry& arch,
                     const UnetLearnerOptions& options) {
  const ImageSize size = options.img_size ? *options.img_size : size_of_pictures(dls);
  Json config{{"kind", "unet"},
              {"arch", arch.name},
              {"n_in", options.n_in},
              {"n_out", options.n_out ? *options.n_out : dls.c()},
              {"img_size", Json(Json::Array{size.height, size.width})},
              {"unet", to_json(options.unet)}};
  auto net = build_unet(arch, config);
  return detail::learner_of_body(dls, arch, options,
                                 {.network = net,
                                  .body = *net->encoder(),
                                  .groups = unet_groups,
                                  .config = std::move(config),
                                  .where = kUnetLearnerWhere});
}

const Registered<LearnerKind> unet_kind{
    {"unet", [](const Json& config) -> Network {
       return build_unet(registry<ModelEntry>().at(config.at("arch").as_string()), config);
     }}};

}  // namespace linnet
