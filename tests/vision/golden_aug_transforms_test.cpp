#include <gtest/gtest.h>

#include <algorithm>
#include <optional>

#include "linnet/vision/augment/aug_transforms.h"
#include "support/golden.h"

// The list that fastai's aug_transforms gives: cases aug_transforms_* of the topic `augment`.
namespace linnet {
namespace {

using test::Golden;

class GoldenAugTransforms : public ::testing::Test {
 protected:
  void SetUp() override { golden_.emplace("augment"); }

  std::optional<Golden> golden_;
};

Json part(const BatchTransform& transform) {
  Json entry{{"name", transform->name()}};
  entry.merge(transform->config());
  return entry;
}

/** The name that fastai gives a transform's function. */
std::string function_of(const std::string& name) {
  const std::pair<std::string_view, std::string_view> names[] = {
      {"flip", "flip_mat"},          {"dihedral", "dihedral_mat"},
      {"rotate", "rotate_mat"},      {"zoom", "zoom_mat"},
      {"warp", "_WarpCoord"},        {"brightness", "_BrightnessLogit"},
      {"contrast", "_ContrastLogit"}};
  for (const auto& [ours, theirs] : names) {
    if (ours == name) return std::string(theirs);
  }
  return "none of fastai's: " + name;
}

void expect_part(const Json& ours, const Json& wanted, const std::string& what) {
  EXPECT_EQ(function_of(ours.at("name").as_string()), wanted.at("f").as_string()) << what;
  for (const auto& [key, value] : wanted.as_object()) {
    if (key == "f") continue;
    if (value.is_bool()) {
      EXPECT_EQ(ours.at(key).as_bool(), value.as_bool()) << what << " " << key;
    } else {
      EXPECT_DOUBLE_EQ(ours.at(key).as_double(), value.as_double()) << what << " " << key;
    }
  }
}

AugOptions options_of(const Json& kwargs) {
  AugOptions options;
  for (const auto& [key, value] : kwargs.as_object()) {
    if (key == "mult")
      options.mult = value.as_double();
    else if (key == "flip_vert")
      options.flip_vert = value.as_bool();
    else if (key == "do_flip")
      options.do_flip = value.as_bool();
    else if (key == "max_rotate")
      options.max_rotate = value.as_double();
    else if (key == "min_zoom")
      options.min_zoom = value.as_double();
    else if (key == "max_zoom")
      options.max_zoom = value.as_double();
    else if (key == "max_lighting")
      options.max_lighting = value.as_double();
    else if (key == "max_warp")
      options.max_warp = value.as_double();
    else if (key == "p_affine")
      options.p_affine = value.as_double();
    else if (key == "p_lighting")
      options.p_lighting = value.as_double();
    else if (key == "min_scale")
      options.min_scale = value.as_double();
    else if (key == "size")
      options.size = value.is_int() ? OutputSize(value.as_int())
                                    : OutputSize(value.as_ints().at(0), value.as_ints().at(1));
    else
      ADD_FAILURE() << "no option for " << key;
  }
  return options;
}

/** Compares one of fastai's composed transforms with our parts from `at` on; how many these are. */
size_t expect_group(const std::vector<BatchTransform>& ours, size_t at, const Json& wanted,
                    const std::string& what) {
  std::vector<Json> functions;
  for (const char* key : {"aff_fs", "coord_fs", "fs"}) {
    if (const Json* list = wanted.find(key)) {
      functions.insert(functions.end(), list->as_array().begin(), list->as_array().end());
    }
  }
  // fastai lists matrices before perspectives, and we in the order of the list.
  for (const Json& function : functions) {
    const auto end = ours.begin() + static_cast<std::ptrdiff_t>(at + functions.size());
    const auto found =
        std::find_if(ours.begin() + static_cast<std::ptrdiff_t>(at), end, [&](const auto& t) {
          return function_of(std::string(t->name())) == function.at("f").as_string();
        });
    if (found == end) {
      ADD_FAILURE() << what << ": no " << function.at("f").as_string();
      continue;
    }
    EXPECT_DOUBLE_EQ((*found)->order(), wanted.at("order").as_double()) << what;
    expect_part(part(*found), function, what);
  }
  return functions.size();
}

TEST_F(GoldenAugTransforms, ListsTheUsualTransforms) {
  for (const Json* c : golden_->cases("aug_transforms")) {
    const std::string& name = c->at("name").as_string();
    const auto list = aug_transforms(options_of(c->at("inputs").at("kwargs")));
    const std::vector<BatchTransform> ours(list.begin(), list.end());
    size_t at = 0;
    for (const Json& wanted : c->at("expected").at("tfms").as_array()) {
      ASSERT_LT(at, ours.size()) << name;
      const Json first = part(ours[at]);
      if (wanted.at("cls").as_string() == "RandomResizedCropGPU") {
        EXPECT_EQ(first.at("name").as_string(), "random_resized_crop_gpu") << name;
        EXPECT_EQ(first.at("size"), wanted.at("size")) << name;
        EXPECT_DOUBLE_EQ(first.at("min_scale").as_double(), wanted.at("min_scale").as_double());
        EXPECT_DOUBLE_EQ(first.at("min_ratio").as_double(), wanted.at("ratio").as_doubles().at(0));
        EXPECT_DOUBLE_EQ(first.at("max_ratio").as_double(), wanted.at("ratio").as_doubles().at(1));
        ++at;
        continue;
      }
      if (const Json* size = wanted.find("size")) {  // of the first: all others follow it
        const Json expected = size->is_int() ? Json(Json::Array{*size, *size}) : *size;
        EXPECT_EQ(first.at("sampling").at("size"), expected) << name;
        EXPECT_EQ(first.at("sampling").at("mode"), wanted.at("mode")) << name;
        EXPECT_EQ(first.at("sampling").at("pad_mode"), wanted.at("pad_mode")) << name;
      }
      at += expect_group(ours, at, wanted, name);
    }
    EXPECT_EQ(at, ours.size()) << name;
  }
}

}  // namespace
}  // namespace linnet
