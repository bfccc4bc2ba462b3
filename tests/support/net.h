#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "linnet/core/json.h"

namespace linnet::test {

// What an older program wrote and printed, and what must stay so: tests/nets/README.md.

/** tests/nets of the project, in whose root ctest runs the tests. */
std::filesystem::path nets_dir();

struct NetOptions {
  /** Of numbers with a fraction: the most that they may differ by, times the larger of 1 and the
   * stored one. */
  double tolerance = 1e-4;
  /** Members of these names, at any depth, are held to their type only, as losses of a training on
   * this processor. They are stored as "<number>", "<text>" and so on. So are, always, times and
   * what is written for people. */
  std::vector<std::string> varying = {};
  /** Stands in texts as DIR. */
  std::filesystem::path folder = {};
};

/** Fails the test unless `lines` are those of the file, below tests/nets: as many, with the same
 * members (in any order) of the same types and values. With LINNET_WRITE_NETS=1 in the environment
 * the file is written anew instead when it differs. */
void expect_net(const std::filesystem::path& file, const std::vector<Json>& lines,
                const NetOptions& options = {});

/** Fails the test unless all that `stored` holds is in `now` too: an object may have got members
 * since, anything else is equal. */
void expect_kept(const Json& stored, const Json& now);

}  // namespace linnet::test
