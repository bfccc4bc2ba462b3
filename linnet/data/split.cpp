#include "linnet/data/split.h"

#include <fmt/format.h>

#include <algorithm>

#include "linnet/core/error.h"
#include "linnet/io/atomic_file.h"
#include "linnet/io/csv.h"

namespace linnet {

namespace fs = std::filesystem;

namespace {

void check(const SplitIndices& split, size_t n, const Json& config) {
  const auto where = config.at("splitter").as_string() + "_splitter";
  std::vector<char> seen(n, 0);
  for (const auto* side : {&split.train, &split.valid, &split.test}) {
    for (const int64_t position : *side) {
      if (position < 0 || position >= static_cast<int64_t>(n)) {
        throw DataError(where, fmt::format("got position {}, expected 0 to {}", position,
                                           static_cast<int64_t>(n) - 1));
      }
      if (std::exchange(seen[static_cast<size_t>(position)], 1) != 0) {
        throw DataError(where,
                        fmt::format("position {} is used twice: an item is on one side only, or "
                                    "the model is asked what it was told",
                                    position));
      }
    }
  }
}

std::vector<int64_t> picked(const std::vector<int64_t>& from, const std::vector<int64_t>& at) {
  std::vector<int64_t> chosen;
  chosen.reserve(at.size());
  for (const int64_t i : at) chosen.push_back(from[static_cast<size_t>(i)]);
  return chosen;
}

}  // namespace

SplitIndices Splitter::operator()(const Items& items) const {
  SplitIndices split = rule_(items);
  check(split, items.size(), config_);
  return split;
}

Splitter with_test(const Splitter& test, const Splitter& rest) {
  return {[test, rest](const Items& items) {
            const SplitIndices first = test(items);
            std::vector<Item> left;
            left.reserve(first.train.size());
            for (const int64_t i : first.train) left.push_back(items[static_cast<size_t>(i)]);
            const SplitIndices second = rest(Items(std::move(left)));
            SplitIndices all{.train = picked(first.train, second.train),
                             .valid = picked(first.train, second.valid),
                             .test = first.valid};
            const auto more = picked(first.train, second.test);  // held back by `rest` itself
            all.test.insert(all.test.end(), more.begin(), more.end());
            return all;
          },
          Json{{"splitter", "with_test"}, {"test", test.config()}, {"rest", rest.config()}}};
}

std::string name_below(const fs::path& path, const fs::path& root) {
  auto name = path.generic_string();
  auto folder = root.generic_string();
  if (!folder.empty() && folder.back() != '/') folder += '/';
  if (!folder.empty() && name.starts_with(folder)) return name.substr(folder.size());
  const auto relative = path.lexically_relative(root);
  return relative.empty() || root.empty() ? name : relative.generic_string();
}

std::string name_below(const Item& item, const fs::path& root) {
  return item.is_file() ? name_below(item.path(), root) : item.id();
}

std::string split_hash(const SplitIndices& split, const Items& items, const fs::path& root) {
  std::vector<std::string> names;
  const auto add = [&](const std::vector<int64_t>& side, std::string_view mark) {
    const auto begin = static_cast<std::ptrdiff_t>(names.size());
    for (const int64_t i : side) {
      names.push_back(std::string(mark) + name_below(items[static_cast<size_t>(i)], root));
    }
    std::sort(names.begin() + begin, names.end());
  };
  add(split.valid, "");
  add(split.test, "test: ");
  uint64_t hash = 14695981039346656037ULL;  // FNV-1a, enough to tell two splits apart
  for (const std::string& name : names) {
    for (const char c : name + '\n') {
      hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211ULL;
    }
  }
  return fmt::format("{:08x}", static_cast<uint32_t>(hash ^ (hash >> 32)));
}

void save_split(const fs::path& file, const SplitIndices& split, const Items& items,
                const fs::path& root) {
  write_atomically(file, [&](FileWriter& out) {
    out.write(csv_line({"path", "split"}));
    const auto write = [&](const std::vector<int64_t>& side, const std::string& name) {
      for (const int64_t i : side) {
        out.write(csv_line({name_below(items[static_cast<size_t>(i)], root), name}));
      }
    };
    write(split.train, "train");
    write(split.valid, "valid");
    write(split.test, "test");
  });
}

}  // namespace linnet
