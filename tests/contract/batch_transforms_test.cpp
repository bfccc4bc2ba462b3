#include <gtest/gtest.h>
#include <torch/utils.h>

#include <map>

#include "linnet/data/transform.h"

// What every batch transform promises, for each row of the registry.
namespace linnet {
namespace {

/** Stored options of a transform that has no defaults for them all; empty for the others. */
Json config_of(std::string_view name) {
  const Json sampling{
      {"size", nullptr}, {"mode", "bilinear"}, {"pad_mode", "reflection"}, {"align_corners", true}};
  const Json size = Json::array(std::vector<int64_t>{8, 8});
  const std::map<std::string_view, Json> configs = {
      {"normalize", Json{{"mean", Json::array(std::vector<double>{0.4, 0.5, 0.6})},
                         {"std", Json::array(std::vector<double>{0.2, 0.3, 0.4})}}},
      {"flip", Json{{"p", 0.5}, {"batch", false}, {"sampling", sampling}}},
      {"dihedral", Json{{"p", 0.5}, {"batch", true}, {"sampling", sampling}}},
      {"rotate", Json{{"max_deg", 30.0}, {"p", 0.5}, {"batch", false}, {"sampling", sampling}}},
      {"zoom", Json{{"min_zoom", 0.8},
                    {"max_zoom", 1.2},
                    {"p", 1.0},
                    {"batch", false},
                    {"sampling", sampling}}},
      {"warp", Json{{"magnitude", 0.3}, {"p", 0.5}, {"batch", false}, {"sampling", sampling}}},
      {"brightness", Json{{"max_lighting", 0.3}, {"p", 0.5}, {"batch", false}}},
      {"contrast", Json{{"max_lighting", 0.3}, {"p", 0.5}, {"batch", true}}},
      {"saturation", Json{{"max_lighting", 0.3}, {"p", 0.5}, {"batch", false}}},
      {"hue", Json{{"max_hue", 0.2}, {"p", 0.5}, {"batch", false}}},
      {"random_erasing",
       Json{{"p", 1.0}, {"sl", 0.1}, {"sh", 0.4}, {"min_aspect", 0.5}, {"max_count", 2}}},
      {"random_resized_crop_gpu", Json{{"size", size},
                                       {"min_scale", 0.3},
                                       {"max_scale", 0.9},
                                       {"min_ratio", 0.5},
                                       {"max_ratio", 2.0},
                                       {"valid_scale", 0.9},
                                       {"mode", "nearest"}}}};
  const auto at = configs.find(name);
  return at == configs.end() ? Json::object() : at->second;
}

Batch batch_of(bool bytes) {
  torch::manual_seed(3);
  const auto pictures = torch::rand({4, 3, 12, 10});
  return {{{Kind::image, bytes ? (pictures * 255).to(torch::kByte) : pictures}},
          {{Kind::mask, torch::randint(3, {4, 12, 10}, torch::kByte)},
           {Kind::points, torch::rand({4, 2, 2}) - 0.5},
           {Kind::category, torch::arange(4)}},
          {}};
}

Batch applied(const BatchTransform& transform, Split split, uint64_t seed) {
  Batch batch = batch_of(transform->name() == "int_to_float");
  if (transform->name() != "int_to_float") batch.y[0].data = batch.y[0].data.to(torch::kLong);
  Generator random({seed});
  transform->apply(batch, split, random);
  return batch;
}

TEST(EveryBatchTransform, IsRegistered) {
  EXPECT_GE(registry<BatchTransformEntry>().rows().size(), 13U);
}

TEST(EveryBatchTransform, IsRebuiltFromItsConfig) {
  for (const auto& entry : registry<BatchTransformEntry>().rows()) {
    SCOPED_TRACE(entry.name);
    const Json config = config_of(entry.name);
    const BatchTransform transform = entry.make(config);
    EXPECT_EQ(transform->name(), entry.name);
    const Json saved = Json::parse(transform->config().dump());
    EXPECT_EQ(saved, Json::parse(config.dump()));
    const BatchTransform again = entry.make(saved);
    EXPECT_EQ(again->config(), saved);
    EXPECT_TRUE(applied(transform, Split::train, 4)
                    .x[0]
                    .data.equal(applied(again, Split::train, 4).x[0].data));
  }
}

TEST(EveryBatchTransform, GivesFinitePicturesAndLeavesClassesAlone) {
  for (const auto& entry : registry<BatchTransformEntry>().rows()) {
    SCOPED_TRACE(entry.name);
    const BatchTransform transform = entry.make(config_of(entry.name));
    for (const Split split : {Split::train, Split::valid}) {
      const Batch batch = applied(transform, split, 5);
      EXPECT_EQ(batch.x[0].data.scalar_type(), torch::kFloat);
      EXPECT_EQ(batch.x[0].data.size(0), 4);
      EXPECT_EQ(batch.x[0].data.size(1), 3);
      EXPECT_TRUE(batch.x[0].data.isfinite().all().item<bool>());
      EXPECT_EQ(batch.y[0].data.scalar_type(), torch::kLong);
      EXPECT_EQ(batch.y[0].data.sizes().slice(1), batch.x[0].data.sizes().slice(2));
      EXPECT_LE(batch.y[0].data.max().item<int64_t>(), 2);
      EXPECT_TRUE(batch.y[2].data.equal(torch::arange(4)));
    }
  }
}

TEST(EveryBatchTransform, DrawsFromTheGeneratorAloneAndOnlyInTraining) {
  for (const auto& entry : registry<BatchTransformEntry>().rows()) {
    SCOPED_TRACE(entry.name);
    const BatchTransform transform = entry.make(config_of(entry.name));
    const auto same = [](const Batch& a, const Batch& b) {
      return a.x[0].data.equal(b.x[0].data) && a.y[0].data.equal(b.y[0].data) &&
             a.y[1].data.equal(b.y[1].data);
    };
    torch::manual_seed(1);
    const Batch once = applied(transform, Split::train, 6);
    torch::manual_seed(2);
    EXPECT_TRUE(same(once, applied(transform, Split::train, 6)));
    EXPECT_TRUE(same(applied(transform, Split::valid, 6), applied(transform, Split::valid, 7)));
  }
}

}  // namespace
}  // namespace linnet
