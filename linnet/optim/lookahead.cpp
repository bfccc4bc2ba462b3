#include "linnet/optim/lookahead.h"

#include <fmt/format.h>

#include "linnet/core/error.h"
#include "linnet/optim/adam.h"
#include "linnet/optim/steps.h"

namespace linnet {

OptFunc lookahead(OptFunc inner, const LookaheadOptions& options) {
  if (options.k < 1)
    throw UsageError("lookahead", fmt::format("k: got {}, expected at least 1", options.k));
  return [inner = std::move(inner), options](const ParamGroups& groups, double lr) {
    Optimizer fast = inner(groups, lr);
    std::string name = "lookahead(" + fast.name() + ")";
    return std::move(fast).wrapped(std::move(name), steps::lookahead_begin,
                                   steps::lookahead_end(options.k, options.alpha));
  };
}

const Registered<OptimizerEntry> lookahead_entry{
    {"lookahead",
     [](const ParamGroups& groups, double lr) { return lookahead(adam)(groups, lr); }}};

}  // namespace linnet
