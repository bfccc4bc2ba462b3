#include <gtest/gtest.h>

#include <algorithm>

#include "linnet/core/strings.h"
#include "linnet/data/blocks/category.h"
#include "linnet/data/blocks/multi_category.h"
#include "linnet/data/blocks/regression.h"
#include "linnet/data/col_reader.h"
#include "linnet/data/items.h"
#include "linnet/data/label.h"
#include "support/expect_error.h"
#include "support/golden.h"
#include "support/temp_dir.h"

// fastai's labels, vocabularies, codes and file lists.
namespace linnet::test {
namespace {

namespace fs = std::filesystem;

Label label_of(const Json& json) { return Label::from_json(json); }

std::vector<Label> labels_in_json(const Json& json) {
  std::vector<Label> labels;
  for (const Json& label : json.as_array()) labels.push_back(label_of(label));
  return labels;
}

bool flag(const Json& kwargs, std::string_view name, bool otherwise) {
  const Json* value = kwargs.find(name);
  return value != nullptr ? value->as_bool() : otherwise;
}

TEST(GoldenLabellers, RegexGivesTheFirstGroupOrAnError) {
  const Golden golden("labellers");
  for (const Json* test : golden.cases("regex_")) {
    SCOPED_TRACE(test->at("name").as_string());
    const Json& inputs = test->at("inputs");
    const auto& pattern = inputs.at("pattern").as_string();
    const bool at_start = inputs.at("mode").as_string() == "match";
    const auto rule = regex_label(pattern, RegexPart::path,
                                  at_start ? RegexStart::at_start : RegexStart::anywhere);
    const auto again = LabelRule::from_config(Json::parse(rule.config().dump()));
    const auto items = inputs.at("items").as_strings();
    const auto& results = test->at("expected").at("results").as_array();
    for (size_t i = 0; i < items.size(); ++i) {
      SCOPED_TRACE(items[i]);
      if (const Json* label = results[i].find("label")) {
        EXPECT_EQ(rule(items[i]), Label(label->as_string()));
        EXPECT_EQ(again(items[i]), Label(label->as_string()));
      } else {
        expect_error<DataError>([&] { rule(items[i]); },
                                {"the pattern '" + pattern + "' does not match '" + items[i]});
      }
    }
  }
}

TEST(GoldenLabellers, TheParentFolderIsALabel) {
  const Golden golden("labellers");
  const Json& test = golden.named("parent_label");
  const auto items = test.at("inputs").at("items").as_strings();
  const auto labels = test.at("expected").at("labels").as_strings();
  for (size_t i = 0; i < items.size(); ++i) {
    EXPECT_EQ(parent_label()(items[i]), Label(labels[i])) << items[i];
  }
}

TEST(GoldenLabellers, ACapitalMeansACat) {
  const Golden golden("labellers");
  const Json& test = golden.named("is_cat");
  const auto items = test.at("inputs").at("items").as_strings();
  const auto& labels = test.at("expected").at("labels").as_array();
  for (size_t i = 0; i < items.size(); ++i) {
    EXPECT_EQ(name_case()(items[i]), Label(labels[i].as_bool())) << items[i];
  }
}

// A cell as pandas writes it: 1.0 stays 1.0.
std::string labelled_cell(const Json& value) {
  return value.is_number() ? value.dump() : label_of(value).text();
}

// The columns as CSV text, in an order in which each is found by its name.
Table table_of(const Json& inputs) {
  std::vector<std::string> names;
  for (const auto& [name, cells] : inputs.at("columns").as_object()) names.push_back(name);
  if (const Json* order = inputs.find("column_order")) names = order->as_strings();
  std::string text = csv_line(names);
  const size_t rows = inputs.at("columns").at(names[0]).as_array().size();
  for (size_t i = 0; i < rows; ++i) {
    std::vector<std::string> cells;
    for (const auto& name : names) {
      cells.push_back(labelled_cell(inputs.at("columns").at(name).as_array()[i]));
    }
    text += csv_line(cells);
  }
  return Table(CsvReader(text));
}

// fastai's Path("d/images") stands for the text "d/images/".
std::string prefix_in(const std::string& text) {
  if (!text.starts_with("Path(\"")) return text;
  return text.substr(6, text.size() - 8) + "/";
}

TEST(GoldenLabellers, ColReaderReadsCells) {
  const Golden golden("labellers");
  for (const Json* test : golden.cases("colreader_")) {
    SCOPED_TRACE(test->at("name").as_string());
    const Json& kwargs = test->at("inputs").at("kwargs");
    const Json& cols = kwargs.at("cols");
    ColReaderOptions options;
    if (const Json* pref = kwargs.find("pref")) options.pref = prefix_in(pref->as_string());
    if (const Json* suff = kwargs.find("suff")) options.suff = suff->as_string();
    if (const Json* delim = kwargs.find("label_delim")) options.label_delim = delim->as_string();
    const ColReader reader(table_of(test->at("inputs")),
                           Columns::from_json(cols.is_array() ? cols : Json(Json::Array{cols})),
                           options);
    const auto& values = test->at("expected").at("values").as_array();
    for (size_t i = 0; i < values.size(); ++i) {
      EXPECT_EQ(reader(static_cast<int64_t>(i)), label_of(values[i]));
    }
  }
}

std::vector<Value> sources_at(const std::vector<Label>& items, const std::vector<int64_t>& at) {
  std::vector<Value> sources;
  for (const int64_t i : at) sources.emplace_back(items.at(static_cast<size_t>(i)));
  return sources;
}

TEST(GoldenLabellers, CategorizeGivesCodes) {
  const Golden golden("labellers");
  for (const Json* test : golden.cases("categorize_")) {
    SCOPED_TRACE(test->at("name").as_string());
    const Json& inputs = test->at("inputs");
    const Json& kwargs = inputs.at("kwargs");
    const auto items = labels_in_json(inputs.at("items"));
    CategoryOptions options{.sort = flag(kwargs, "sort", true),
                            .add_na = flag(kwargs, "add_na", false)};
    if (const Json* vocab = kwargs.find("vocab")) options.vocab = labels_in_json(*vocab);
    const auto block =
        Block(CategoryBlock(options)).setup(sources_at(items, inputs.at("train_idx").as_ints()));
    const Json& expected = test->at("expected");
    EXPECT_EQ(block->vocab(), labels_in_json(expected.at("vocab")));
    EXPECT_EQ(block->c(), expected.at("n").as_int());
    for (const Json& code : expected.at("codes").as_array()) {
      // The cases write every label as text; the block knows it by its type.
      const auto item = std::find_if(items.begin(), items.end(), [&](const Label& label) {
        return label.text() == code.at("label").as_string();
      });
      ASSERT_NE(item, items.end());
      if (const Json* index = code.find("code")) {
        EXPECT_EQ(std::get<int64_t>(block->encode(*item)), index->as_int()) << item->text();
      } else {
        expect_error<DataError>(
            [&] { block->encode(*item); },
            {"abel '" + item->text() + "' was not included in the training dataset"});
      }
    }
  }
}

void expect_marks(const Block& block, const Label& labels, const Json& result) {
  if (const Json* marks = result.find("one_hot")) {
    const auto encoded = std::get<torch::Tensor>(block->encode(labels));
    EXPECT_EQ(encoded.scalar_type(), torch::kFloat);
    EXPECT_TRUE(encoded.equal(torch::tensor(marks->as_ints()).to(torch::kFloat)));
    return;
  }
  // "Labels 'cat?', 'x' were not included in the training dataset"
  const auto& message = result.at("message").as_string();
  expect_error<DataError>([&] { block->encode(labels); }, {message.substr(1)});
}

TEST(GoldenLabellers, MultiCategorizeGivesMarks) {
  const Golden golden("labellers");
  for (const Json* test : golden.cases("multicategorize_")) {
    SCOPED_TRACE(test->at("name").as_string());
    const Json& inputs = test->at("inputs");
    const Json& kwargs = inputs.at("kwargs");
    MultiCategoryOptions options{.add_na = flag(kwargs, "add_na", false)};
    if (const Json* vocab = kwargs.find("vocab")) options.vocab = labels_in_json(*vocab);
    const auto block = Block(MultiCategoryBlock(options))
                           .setup(sources_at(labels_in_json(inputs.at("items")),
                                             inputs.at("train_idx").as_ints()));
    EXPECT_EQ(block->vocab(), labels_in_json(test->at("expected").at("vocab")));
    for (const Json& result : test->at("expected").at("results").as_array()) {
      expect_marks(block, label_of(result.at("labels")), result);
    }
  }
}

TEST(GoldenLabellers, UnknownLabelsAreNamed) {
  const Golden golden("labellers");
  const Json& one = golden.named("unknown_label_message");
  const CategoryBlock category({.vocab = labels_in_json(one.at("inputs").at("vocab"))});
  expect_error<DataError>([&] { category.encode(label_of(one.at("inputs").at("label"))); },
                          {one.at("expected").at("message").as_string().substr(1)});
  const Json& several = golden.named("unknown_multi_message");
  const MultiCategoryBlock multi({.vocab = labels_in_json(several.at("inputs").at("vocab"))});
  expect_error<DataError>([&] { multi.encode(label_of(several.at("inputs").at("labels"))); },
                          {several.at("expected").at("message").as_string().substr(1)});
}

TEST(GoldenLabellers, RegressionKnowsHowManyNumbers) {
  const Golden golden("labellers");
  for (const Json* test : golden.cases("regression")) {
    SCOPED_TRACE(test->at("name").as_string());
    const auto items = labels_in_json(test->at("inputs").at("items"));
    const auto block = Block(RegressionBlock()).setup({items.begin(), items.end()});
    const Json& expected = test->at("expected");
    EXPECT_EQ(block->c(), expected.at("c").as_int());
    const Json* values = expected.find("values");
    if (values == nullptr) continue;
    for (size_t i = 0; i < items.size(); ++i) {
      EXPECT_EQ(std::get<torch::Tensor>(block->encode(items[i])).item<float>(),
                static_cast<float>(values->as_doubles()[i]));
    }
  }
}

std::vector<std::string> names_below(const std::vector<fs::path>& files, const fs::path& root) {
  std::vector<std::string> names;
  for (const auto& file : files) names.push_back(file.lexically_relative(root).generic_string());
  std::sort(names.begin(), names.end());
  return names;
}

TEST(GoldenLabellers, FilesAreFound) {
  const Golden golden("labellers");
  const Json& test = golden.named("get_files");
  const TempDir folder;
  const auto& root = folder.path();
  for (const auto& name : test.at("inputs").at("tree").as_strings()) write_file(root / name, "x");
  const Json& expected = test.at("expected");
  const auto check = [&](std::string_view name, const std::vector<fs::path>& files) {
    auto names = expected.at(name).as_strings();
    std::sort(names.begin(), names.end());
    EXPECT_EQ(names_below(files, root), names) << name;
  };
  check("image_files_sorted", get_image_files(root));
  check("image_files_no_recurse", get_image_files(root, false));
  check("image_files_folders_a", get_image_files(root, true, {"a"}));
  check("image_files_folders_a_dot", get_image_files(root, true, {"a", "."}));
  check("text_files", get_files(root, {.extensions = {".txt"}}));
  check("all_files", get_files(root));
  check("ext_jpg", get_files(root, {.extensions = {".jpg"}}));
}

}  // namespace
}  // namespace linnet::test
