#include <gtest/gtest.h>

#include <fstream>

#include "linnet/core/strings.h"
#include "linnet/data/splitters.h"
#include "linnet/io/csv.h"
#include "linnet/io/hash.h"
#include "support/golden.h"
#include "support/temp_dir.h"

// Every split of fastai's, index by index.
namespace linnet::test {
namespace {

using Paths = std::vector<std::filesystem::path>;

Paths numbered(int64_t n) {
  Paths items;
  for (int64_t i = 0; i < n; ++i) items.emplace_back(std::to_string(i));
  return items;
}

Paths items_of(const Json& inputs) {
  Paths items;
  for (const auto& name : inputs.at("items").as_strings()) items.emplace_back(name);
  return items;
}

// A name, or several.
std::vector<std::string> names_in(const Json& json) {
  return json.is_array() ? json.as_strings() : std::vector<std::string>{json.as_string()};
}

std::string sha256_of_indices(const std::vector<int64_t>& indices) {
  std::vector<std::string> texts;
  for (const int64_t i : indices) texts.push_back(std::to_string(i));
  return sha256_of(join(texts, ","));
}

std::vector<int64_t> first_ten(const std::vector<int64_t>& side) {
  return {side.begin(), side.begin() + 10};
}

void expect_large(const SplitIndices& split, const Json& expected) {
  EXPECT_EQ(split.train.size(), expected.at("n_train").as_int());
  EXPECT_EQ(split.valid.size(), expected.at("n_valid").as_int());
  EXPECT_EQ(first_ten(split.valid), expected.at("valid_first10").as_ints());
  EXPECT_EQ(first_ten(split.train), expected.at("train_first10").as_ints());
  EXPECT_EQ(std::vector<int64_t>(split.train.end() - 3, split.train.end()),
            expected.at("train_last3").as_ints());
  EXPECT_EQ(sha256_of_indices(split.valid), expected.at("valid_sha256").as_string());
  EXPECT_EQ(sha256_of_indices(split.train), expected.at("train_sha256").as_string());
}

void expect_split(const SplitIndices& split, const Json& expected) {
  if (expected.contains("n_train")) {
    expect_large(split, expected);
    return;
  }
  EXPECT_EQ(split.train, expected.at("train").as_ints());
  EXPECT_EQ(split.valid, expected.at("valid").as_ints());
  EXPECT_TRUE(split.test.empty());
}

Label label_in(const Json& json) { return Label::from_json(json); }

std::string cell_text(const Json& value) { return label_in(value).text(); }

// The columns as a CSV file, written as pandas writes one.
std::filesystem::path write_table(const TempDir& folder, const Json& columns, const Json& order) {
  std::string text = csv_line(order.as_strings());
  const size_t rows = columns.at(order.as_strings()[0]).as_array().size();
  for (size_t i = 0; i < rows; ++i) {
    std::vector<std::string> cells;
    for (const auto& name : order.as_strings()) {
      cells.push_back(cell_text(columns.at(name).as_array()[i]));
    }
    text += csv_line(cells);
  }
  const auto file = folder / "table.csv";
  write_file(file, text);
  return file;
}

SplitIndices by_column(const Json& inputs) {
  const TempDir folder;
  const auto csv = write_table(folder, inputs.at("columns"), inputs.at("column_order"));
  ColumnSplitterOptions options;
  const Json& kwargs = inputs.at("kwargs");
  if (const Json* column = kwargs.find("col")) options.column = ColumnRef::from_json(*column);
  if (const Json* on = kwargs.find("on")) {
    if (!on->is_array()) options.on = {label_in(*on)};
    for (const Json& value : on->is_array() ? on->as_array() : Json::Array{}) {
      options.on.push_back(label_in(value));
    }
  }
  Paths items;
  for (const Json& name : inputs.at("columns").at("fn").as_array()) {
    items.push_back(folder / name.as_string());
  }
  return column_splitter(csv, folder.path(), options)(items);
}

Amount amount(const Json& json) {
  if (json.is_int()) return json.as_int();
  return json.as_double();
}

SplitIndices by_train_test(const Json& inputs) {
  const Json& kwargs = inputs.at("kwargs");
  TrainTestOptions options;
  if (const Json* size = kwargs.find("test_size")) options.test_size = amount(*size);
  if (const Json* size = kwargs.find("train_size")) options.train_size = amount(*size);
  if (const Json* seed = kwargs.find("random_state")) {
    options.random_state = static_cast<uint32_t>(seed->as_int());
  }
  if (const Json* shuffle = kwargs.find("shuffle")) options.shuffle = shuffle->as_bool();
  if (const Json* labels = kwargs.find("stratify")) {
    options.stratify = LabelRule::function([labels](const std::filesystem::path& item) {
      return label_in(labels->as_array().at(std::stoul(item.string())));
    });
  }
  return train_test_splitter(options)(numbered(inputs.at("n").as_int()));
}

SplitIndices by_name(const Json& inputs) {
  const auto& splitter = inputs.at("splitter").as_string();
  const auto items = items_of(inputs);
  if (splitter == "GrandparentSplitter") {
    GrandparentOptions options;
    const Json& kwargs = inputs.at("kwargs");
    if (const Json* names = kwargs.find("train_name")) options.train = names_in(*names);
    if (const Json* names = kwargs.find("valid_name")) options.valid = names_in(*names);
    return grandparent_splitter(options)(items);
  }
  if (splitter == "FileSplitter") {
    const TempDir folder;
    write_file(folder / "valid.txt", inputs.at("file_text").as_string());
    return file_splitter(folder / "valid.txt")(items);
  }
  EXPECT_EQ(splitter, "FuncSplitter");
  // "ends with '5.jpg'": what stands between the quotes.
  const auto& rule = inputs.at("rule").as_string();
  EXPECT_TRUE(rule.starts_with("ends with '")) << rule;
  const auto end = rule.substr(11, rule.size() - 12);
  return func_splitter(
      [end](const std::filesystem::path& item) { return item.string().ends_with(end); })(items);
}

SplitIndices by_position(const Json& inputs) {
  const auto& splitter = inputs.at("splitter").as_string();
  if (splitter == "MaskSplitter") {
    std::vector<bool> mask;
    for (const Json& mark : inputs.at("mask").as_array()) mask.push_back(mark.as_bool());
    return mask_splitter(mask)(numbered(static_cast<int64_t>(mask.size())));
  }
  const auto items = numbered(inputs.at("n").as_int());
  if (splitter == "EndSplitter") {
    return end_splitter({.valid_pct = inputs.at("valid_pct").as_double(),
                         .valid_last = inputs.at("valid_last").as_bool()})(items);
  }
  if (splitter == "IndexSplitter") return index_splitter(inputs.at("valid_idx").as_ints())(items);
  const auto seed = static_cast<uint64_t>(inputs.at("seed").as_int());
  if (splitter == "RandomSubsetSplitter") {
    return random_subset_splitter(inputs.at("train_sz").as_double(),
                                  inputs.at("valid_sz").as_double(), seed)(items);
  }
  EXPECT_EQ(splitter, "RandomSplitter");
  return random_splitter(inputs.at("valid_pct").as_double(), seed)(items);
}

TEST(GoldenSplitters, GiveFastaisIndices) {
  const Golden golden("splitters");
  for (const Json* test : golden.cases()) {
    const Json& inputs = test->at("inputs");
    const Json* splitter = inputs.find("splitter");
    if (splitter == nullptr) continue;  // see LeavesTheGlobalGeneratorSeeded
    SCOPED_TRACE(test->at("name").as_string());
    const auto& name = splitter->as_string();
    const auto split = name == "ColSplitter"         ? by_column(inputs)
                       : name == "TrainTestSplitter" ? by_train_test(inputs)
                       : inputs.contains("items")    ? by_name(inputs)
                                                     : by_position(inputs);
    expect_split(split, test->at("expected"));
  }
}

TEST(GoldenSplitters, LeavesTheGlobalGeneratorSeeded) {
  const Golden golden("splitters");
  const Json& test = golden.named("random_leaves_rng_seeded");
  const Json& inputs = test.at("inputs");
  random_splitter(
      0.2, static_cast<uint64_t>(inputs.at("seed").as_int()))(numbered(inputs.at("n").as_int()));
  const auto expected = test.at("expected").at("rand").as_doubles();
  const auto drawn = torch::rand({static_cast<int64_t>(expected.size())});
  for (size_t i = 0; i < expected.size(); ++i) {
    EXPECT_EQ(drawn[static_cast<int64_t>(i)].item<float>(), static_cast<float>(expected[i]));
  }
}

}  // namespace
}  // namespace linnet::test
