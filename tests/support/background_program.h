#pragma once

#include <sys/types.h>

#include <optional>
#include <string>
#include <vector>

#include "support/temp_dir.h"

namespace linnet::test {

/** build/bin/linnet running beside this process, with one computing thread. Killed with this
 * object.
 */
class BackgroundProgram {
 public:
  explicit BackgroundProgram(const std::vector<std::string>& arguments,
                             const std::vector<std::string>& environment = {});
  ~BackgroundProgram();
  BackgroundProgram(const BackgroundProgram&) = delete;
  BackgroundProgram& operator=(const BackgroundProgram&) = delete;

  /** What it printed so far. */
  std::string out() const;
  /** The rest of the first line of `out` that holds `beginning`; waits for it for 60 seconds, then
   * fails the test. */
  std::string wait_for(const std::string& beginning) const;
  void signal(int number) const;
  /** Waits for its end; the exit code, 128 + N when signal N ended it. */
  int wait();

 private:
  TempDir dir_;
  pid_t child_ = -1;
  std::optional<int> exit_code_;
};

}  // namespace linnet::test
