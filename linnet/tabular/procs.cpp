#include "linnet/tabular/procs.h"

#include <fmt/format.h>

#include <algorithm>

#include "linnet/core/error.h"

namespace linnet {

namespace {

// Place and name, for all three.
std::pair<int, std::string_view> described(const Proc& proc) {
  if (std::holds_alternative<procs::FillMissing>(proc)) return {0, "FillMissing"};
  if (std::holds_alternative<procs::Categorify>(proc)) return {1, "Categorify"};
  return {2, "Normalize"};
}

}  // namespace

std::string_view proc_name(const Proc& proc) { return described(proc).second; }

std::vector<Proc> in_order(std::vector<Proc> procs) {
  std::stable_sort(procs.begin(), procs.end(), [](const Proc& a, const Proc& b) {
    return described(a).first < described(b).first;
  });
  for (size_t i = 1; i < procs.size(); ++i) {
    if (procs[i].index() != procs[i - 1].index()) continue;
    throw UsageError("procs", fmt::format("{} comes twice", proc_name(procs[i])));
  }
  return procs;
}

}  // namespace linnet
