#include <fmt/format.h>
#include <fmt/ranges.h>

#include "linnet/core/error.h"
#include "linnet/core/strings.h"
#include "linnet/data/data_block.h"
#include "linnet/data/splitters/random.h"

namespace linnet {

namespace fs = std::filesystem;

namespace {

std::string described(const torch::Tensor& tensor) {
  return fmt::format("tensor {} [{}]", c10::toString(tensor.scalar_type()),
                     fmt::join(tensor.sizes(), ", "));
}

struct Describe {
  std::string operator()(std::monostate) const { return "nothing"; }
  std::string operator()(const fs::path& path) const { return "path " + path.string(); }
  std::string operator()(const std::string& text) const {
    return "text '" + shown_text(text) + "'";
  }
  std::string operator()(const Label& label) const {
    return "label '" + shown_text(label.text()) + "'";
  }
  std::string operator()(int64_t index) const { return fmt::format("index {}", index); }
  std::string operator()(double number) const { return fmt::format("number {}", number); }
  std::string operator()(const Image& image) const {
    return fmt::format("picture of {} x {} pixels (width x height), {} channel(s)", image.width(),
                       image.height(), image.channels());
  }
  std::string operator()(const torch::Tensor& tensor) const { return described(tensor); }
};

std::string described(const Value& value) { return std::visit(Describe{}, value); }

std::string described(const Sample& sample) {
  std::vector<std::string> parts;
  for (const Element& element : sample) parts.push_back(described(element.value));
  return fmt::format("{}", fmt::join(parts, "; "));
}

std::string described(const Batch& batch) {
  std::vector<std::string> parts;
  for (const auto* side : {&batch.x, &batch.y}) {
    for (const Column& column : *side) {
      parts.push_back(fmt::format("{} {}", to_string(column.kind), described(column.data)));
    }
  }
  return fmt::format("{}", fmt::join(parts, "; "));
}

/** The walk's text. A step that throws ends it. */
class Walk {
 public:
  void line(const std::string& text) { text_ += text + '\n'; }

  // False when the step failed: what failed and why has been written.
  template <class Step>
  bool step(const std::string& name, Step step) {
    try {
      step();
      return true;
    } catch (const Error& e) {
      line(fmt::format("FAILED at {}: {}", name, e.what()));
    } catch (const c10::Error& e) {
      line(fmt::format("FAILED at {}: {}", name, e.what_without_backtrace()));
    } catch (const std::exception& e) {
      line(fmt::format("FAILED at {}: {}", name, e.what()));
    }
    return false;
  }

  std::string text() && { return std::move(text_); }

 private:
  std::string text_;
};

/** What the steps hand on. */
struct State {
  Items items;
  SplitIndices split;
  std::vector<Dataset::Sources> train;
  std::vector<Block> blocks;
};

const char* side_of(const DataBlock& block, size_t i) {
  return static_cast<int64_t>(i) < block.n_inp() ? "input" : "target";
}

bool split_items(const DataBlock& block, State& state, Walk& walk) {
  return walk.step("splitter", [&] {
    const Splitter split = block.parts().splitter ? block.parts().splitter : random_splitter();
    state.split = split(state.items);
    walk.line(fmt::format("Split by {}: {} to train, {} to validate, {} held back as test",
                          split.config().at("splitter").as_string(), state.split.train.size(),
                          state.split.valid.size(), state.split.test.size()));
    if (state.split.train.empty()) throw DataError("splitter", "the training set is empty");
    if (state.split.valid.empty()) throw DataError("splitter", "the validation set is empty");
  });
}

bool set_up_blocks(const DataBlock& block, State& state, Walk& walk) {
  const auto item = [&](size_t i) -> const Item& {
    return state.items[static_cast<size_t>(state.split.train[i])];
  };
  for (size_t i = 0; i < state.split.train.size(); ++i) {
    const auto get = [&] { state.train.push_back(block.sources(item(i))); };
    if (!walk.step(fmt::format("get_x or get_y of {}", item(i).name()), get)) return false;
  }
  for (size_t b = 0; b < block.parts().blocks.size(); ++b) {
    const auto set_up = [&] {
      std::vector<Value> column;
      for (const auto& row : state.train) column.push_back(row.at(b));
      state.blocks.push_back(block.parts().blocks[b].setup(column));
      const auto vocab = state.blocks.back()->vocab();
      walk.line(fmt::format("Block {} ({}): {}{}", b, side_of(block, b),
                            state.blocks.back()->name(),
                            vocab.empty() ? "" : fmt::format(", {} classes", vocab.size())));
    };
    const auto name = fmt::format("setting up block {} ({})", b, block.parts().blocks[b]->name());
    if (!walk.step(name, set_up)) return false;
  }
  return true;
}

// A sample with each step written down when `tell`.
std::optional<Sample> build_sample(const Pipeline& pipeline, const Dataset::Sources& sources,
                                   uint64_t position, bool tell, Walk& walk) {
  Sample sample;
  for (size_t b = 0; b < sources.size(); ++b) {
    const Block& block = pipeline.blocks()[b];
    const auto encode = [&] {
      if (tell)
        walk.line(fmt::format("  {}: starts from {}", block->name(), described(sources[b])));
      sample.push_back({block->kind(), block->encode(sources[b])});
      if (tell) walk.line(fmt::format("    gives {}", described(sample.back().value)));
    };
    if (!walk.step(fmt::format("block {} ({})", b, block->name()), encode)) return std::nullopt;
  }
  Generator random({0, position});
  for (const ItemTransform& transform : pipeline.item_tfms()) {
    const auto apply = [&] {
      transform->apply(sample, Split::train, random);
      if (tell) walk.line(fmt::format("  {} gives {}", transform->name(), described(sample)));
    };
    if (!walk.step(fmt::format("item transform {}", transform->name()), apply)) {
      return std::nullopt;
    }
  }
  return sample;
}

// The shapes of all samples, so that it is seen which differ.
std::string shapes_of(const std::vector<Sample>& samples) {
  std::string text;
  for (size_t position = 0; position < samples[0].size(); ++position) {
    std::vector<std::string> parts;
    for (const Sample& sample : samples) parts.push_back(described(sample[position].value));
    text += fmt::format("\n  {}: {}", to_string(samples[0][position].kind), fmt::join(parts, ", "));
  }
  return text;
}

void build_batch(const Pipeline& pipeline, const State& state, int64_t bs, Walk& walk) {
  const auto n = std::min(static_cast<size_t>(bs), state.train.size());
  walk.line(fmt::format("A batch of {}:", n));
  std::vector<Sample> samples;
  for (size_t i = 0; i < n; ++i) {
    auto sample = build_sample(pipeline, state.train[i], i, false, walk);
    if (!sample) {
      walk.line("  with item " + state.items[static_cast<size_t>(state.split.train[i])].name());
      return;
    }
    samples.push_back(std::move(*sample));
  }
  const auto shapes = shapes_of(samples);
  Batch batch;
  const auto collate = [&] {
    batch = pipeline.collate(std::move(samples));
    walk.line("  collated: " + described(batch));
  };
  if (!walk.step("collating the items into a batch", collate)) {
    walk.line("The items are:" + shapes);
    return;
  }
  Generator random({1});
  for (const BatchTransform& transform : pipeline.batch_tfms()) {
    const auto apply = [&] {
      transform->apply(batch, Split::train, random);
      walk.line(fmt::format("  {} gives {}", transform->name(), described(batch)));
    };
    if (!walk.step(fmt::format("batch transform {}", transform->name()), apply)) return;
  }
  walk.line("All steps work.");
}

std::string walk_through(const DataBlock& block, State state, int64_t bs, Walk walk) {
  walk.line(fmt::format("Found {} items", state.items.size()));
  if (state.items.empty()) {
    walk.line("FAILED at get_items: it found nothing. Check the path.");
    return std::move(walk).text();
  }
  if (!split_items(block, state, walk) || !set_up_blocks(block, state, walk)) {
    return std::move(walk).text();
  }
  const auto& parts = block.parts();
  const Pipeline pipeline({.blocks = state.blocks,
                           .n_inp = block.n_inp(),
                           .item_tfms = parts.item_tfms,
                           .batch_tfms = parts.batch_tfms});
  walk.line("One sample:");
  const auto sample = build_sample(pipeline, state.train[0], 0, true, walk);
  if (sample) build_batch(pipeline, state, bs, walk);
  return std::move(walk).text();
}

void check_bs(int64_t bs) {
  if (bs >= 1) return;
  throw UsageError("DataBlock::summary", fmt::format("bs: got {}, expected 1 or more", bs));
}

}  // namespace

std::string DataBlock::summary(const fs::path& source, int64_t bs) const {
  check_bs(bs);
  Walk walk;
  State state;
  walk.line("Collecting items from " + source.string());
  if (!walk.step("get_items", [&] { state.items = items(source); })) return std::move(walk).text();
  return walk_through(*this, std::move(state), bs, std::move(walk));
}

std::string DataBlock::summary(const Items& items, int64_t bs) const {
  check_bs(bs);
  State state;
  state.items = items;
  return walk_through(*this, std::move(state), bs, Walk());
}

}  // namespace linnet
