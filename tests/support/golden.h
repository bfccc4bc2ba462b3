#pragma once

#include <torch/types.h>

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "linnet/core/json.h"

namespace linnet::test {

/** Values written by running fastai (tests/golden/README.md): the folder `LINNET_GOLDEN` when set,
 * else tests/golden of the project, in whose root ctest runs the tests. */
std::filesystem::path golden_dir();

/** One topic's file.
 *  errors  IoError, which fails the test, where the folder or the file is missing
 */
class Golden {
 public:
  explicit Golden(std::string_view topic);

  const Json& file() const { return file_; }
  /** The cases whose name begins with `prefix`, all when it is empty. Fails the test when there are
   * none. */
  std::vector<const Json*> cases(std::string_view prefix = "") const;
  const Json& named(std::string_view name) const;
  /** tolerance.<key>.abs and .rel of the file, 0 where absent. */
  double abs(std::string_view key) const;
  double rel(std::string_view key) const;

 private:
  Json file_;
};

/** A tensor entry {"shape","dtype","data"} or {"shape","dtype","npy"}, in its dtype; bool comes as
 * torch::kBool. */
torch::Tensor golden_tensor(const Json& entry);

/** Fails the test, naming `what` and the largest excess, unless |a-b| <= abs + rel*|b| everywhere
 * and the shapes agree. */
void expect_close(const torch::Tensor& actual, const torch::Tensor& expected, double abs,
                  double rel, const std::string& what);
void expect_close(double actual, double expected, double abs, double rel, const std::string& what);

}  // namespace linnet::test
