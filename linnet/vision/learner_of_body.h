#pragma once

#include <functional>
#include <string_view>
#include <utility>

#include "linnet/train/learner_options.h"
#include "linnet/vision/pretrained_body.h"

// Insides that the makers of learners with a pretrained body share.
namespace linnet::detail {

/** A network around the body of an architecture. */
struct BodyNetwork {
  Network network;
  torch::nn::Module& body;
  ParamGroups (*groups)(const torch::nn::Module& model, const ModelEntry& arch);
  Json config;             // a LearnerKind builds the network again from it
  std::string_view where;  // who asks, for errors
};

/** A learner for it: the body's weights, the data as these were trained on, frozen but for the
 * head and BatchNorm. */
template <class Options>
Learner learner_of_body(const DataLoaders& dls, const ModelEntry& arch, const Options& options,
                        BodyNetwork net) {
  load_pretrained_body(net.body, arch, options.weights, net.where, *options.reporter);
  const bool normalize = options.normalize && options.weights.pretrained();
  LearnerOptions common = learner_options(options);
  common.splitter = [arch, groups = net.groups](const torch::nn::Module& module) {
    return groups(module, arch);
  };
  Learner learn(normalize ? normalized_for(arch, dls) : dls, net.network, std::move(common));
  learn.model_config = std::move(net.config);
  if (!is_registered(arch)) learn.export_obstacle = unregistered(arch);
  learn.set_reporter(*options.reporter);
  if (options.weights.pretrained()) learn.freeze();
  return learn;
}

}  // namespace linnet::detail
