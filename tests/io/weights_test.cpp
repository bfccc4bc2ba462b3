#include <torch/nn/modules/batchnorm.h>
#include <torch/nn/modules/container/sequential.h>
#include <torch/nn/modules/linear.h>
#include <torch/utils.h>

#include "linnet/io/weights.h"

#include <gtest/gtest.h>

#include "linnet/core/error.h"
#include "linnet/io/safetensors.h"
#include "support/expect_error.h"
#include "support/pth_writer.h"
#include "support/temp_dir.h"

namespace linnet {
namespace {

using test::expect_error;
using test::TempDir;
using test::write_file;

torch::nn::Sequential small_model(int64_t classes = 3) {
  return torch::nn::Sequential(torch::nn::Linear(4, 5), torch::nn::BatchNorm1d(5),
                               torch::nn::Linear(5, classes));
}

StateDict copy_of(const torch::nn::Module& module) {
  StateDict copy;
  for (const auto& [name, tensor] : state_dict_of(module)) copy.add(name, tensor.detach().clone());
  return copy;
}

bool equal(const torch::nn::Module& module, const StateDict& dict) {
  for (const auto& [name, tensor] : state_dict_of(module)) {
    if (!torch::equal(tensor, dict.at(name))) return false;
  }
  return true;
}

TEST(LoadWeights, TakesSafetensorsWhateverTheLengthOfTheirHeader) {
  // Lengths whose first bytes are those of a pickle (0x80) and of a zip ("PK", 19280) among them.
  const TempDir folder;
  const auto file = folder / "model.safetensors";
  StateDict weights;
  weights.add("a", torch::ones({2}));
  for (const size_t begin : {size_t{0}, size_t{19100}}) {
    for (size_t extra = begin; extra < begin + 264; extra += 8) {
      write_safetensors(file, weights, {{"note", std::string(extra, 'x')}});
      EXPECT_EQ(load_weights(file).size(), 1) << extra;
    }
  }
}

TEST(LoadWeights, TellsFilesByWhatTheyHold) {
  const TempDir dir;
  StateDict tensors;
  tensors.add("w", torch::ones(3));
  write_safetensors(dir / "misnamed.pth", tensors);
  EXPECT_EQ(load_weights(dir / "misnamed.pth").size(), 1);
  write_file(dir / "misnamed.safetensors", test::pth_of({{"w", torch::ones(3)}}));
  EXPECT_EQ(load_weights(dir / "misnamed.safetensors").size(), 1);
}

TEST(LoadWeights, NamesWhatIsNoWeightsFile) {
  const TempDir dir;
  write_file(dir / "empty.pth", "");
  write_file(dir / "text.pth", "hello, I am a text of some length\n");
  expect_error<DataError>([&] { load_weights(dir / "empty.pth"); }, {"empty.pth", "0 bytes"});
  expect_error<DataError>([&] { load_weights(dir / "text.pth"); }, {"text.pth", "no weights file"});
  expect_error<DataError>([&] { load_weights(dir / "absent.pth"); },
                          {"absent.pth", "there is no such file"});
  expect_error<DataError>([&] { load_weights(dir.path()); }, {"is a folder"});
}

TEST(ApplyStateDict, CopiesParametersAndBuffers) {
  torch::manual_seed(1);
  auto from = small_model();
  auto to = small_model();
  from->named_buffers()["1.running_mean"].fill_(2);
  const auto applied = apply_state_dict(*to, copy_of(*from));
  EXPECT_TRUE(equal(*to, copy_of(*from)));
  EXPECT_EQ(applied.copied, 9);
  EXPECT_TRUE(to->parameters()[0].requires_grad());
}

TEST(ApplyStateDict, ConvertsDtypesAndDoesWithoutBatchCounts) {
  auto model = small_model();
  StateDict half;
  for (const auto& [name, tensor] : copy_of(*model)) {
    if (!name.ends_with("num_batches_tracked"))
      half.add(name, torch::full_like(tensor, 0.5, torch::kHalf));
  }
  EXPECT_EQ(apply_state_dict(*model, half).copied, 8);
  EXPECT_EQ(model->parameters()[0].scalar_type(), torch::kFloat);
  EXPECT_EQ(model->parameters()[0][0][0].item<float>(), 0.5F);
}

TEST(ApplyStateDict, MapsNames) {
  auto from = small_model();
  auto to = small_model();
  StateDict renamed;
  for (const auto& [name, tensor] : copy_of(*from)) renamed.add("body." + name, tensor);
  renamed.add("fc.weight", torch::ones({1000, 512}));
  apply_state_dict(*to, renamed,
                   {.key_map = [](std::string_view name) -> std::optional<std::string> {
                     if (name.starts_with("fc.")) return std::nullopt;
                     return std::string(name.substr(5));
                   }});
  EXPECT_TRUE(equal(*to, copy_of(*from)));
}

TEST(ApplyStateDict, SaysWhatDoesNotFitAndChangesNothing) {
  auto model = small_model();
  const auto before = copy_of(*model);
  StateDict other = copy_of(*small_model(7));
  other.set_source("breeds.pth");
  expect_error<DataError>(
      [&] { apply_state_dict(*model, other, {.where = "vision_learner"}); },
      {"[vision_learner] breeds.pth", "do not fit the model's 9 tensors", "2 of another shape",
       "2.weight: got [7, 5], expected [3, 5]", "number of classes"});
  StateDict alien;
  for (int i = 0; i < 5; ++i) alien.add("layer" + std::to_string(i), torch::ones(2));
  expect_error<DataError>([&] { apply_state_dict(*model, alien); },
                          {"8 missing (0.weight, 0.bias, 1.weight, ...)",
                           "5 unexpected (layer0, layer1, layer2, ...)", "another architecture"});
  EXPECT_TRUE(equal(*model, before));
}

TEST(ApplyStateDict, WithoutStrictnessStillChecksShapes) {
  auto model = small_model();
  StateDict part;
  part.add("0.bias", torch::full({5}, 3.0));
  part.add("extra", torch::ones(1));
  const auto applied = apply_state_dict(*model, part, {.strict = false});
  EXPECT_EQ(applied.copied, 1);
  EXPECT_EQ(applied.missing.size(), 7U);
  EXPECT_EQ(applied.unexpected, std::vector<std::string>{"extra"});
  StateDict wrong;
  wrong.add("0.bias", torch::ones(6));
  expect_error<DataError>([&] { apply_state_dict(*model, wrong, {.strict = false}); },
                          {"0.bias: got [6], expected [5]"});
  StateDict alien;
  alien.add("extra", torch::ones(1));
  expect_error<DataError>([&] { apply_state_dict(*model, alien, {.strict = false}); },
                          {"not one name is the model's", "another architecture"});
}

TEST(StateDictTest, FindsAddsAndOffersNearNames) {
  StateDict dict;
  dict.add("conv1.weight", torch::ones(1));
  EXPECT_TRUE(dict.contains("conv1.weight"));
  EXPECT_EQ(dict.find("conv2.weight"), nullptr);
  expect_error<DataError>([&] { dict.at("conv2.weight"); },
                          {"no tensor 'conv2.weight'", "Nearest: conv1.weight"});
  expect_error<UsageError>([&] { dict.add("conv1.weight", torch::ones(1)); }, {"twice"});
}

}  // namespace
}  // namespace linnet
