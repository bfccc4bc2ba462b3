#pragma once

#include <cstdint>
#include <filesystem>

#include "linnet/train/callback.h"

namespace linnet {

/** Writes a checkpoint after each epoch, before a later fit, and in between when `seconds` have
 * passed, to one file that is whole at any moment: `Learner::resume` goes on from it. A disk that
 * does not take it is warned of, once; training goes on. fastai has none: its SaveModelCallback
 * forgets the place in an epoch.
 */
class Checkpointer final : public Callback {
 public:
  explicit Checkpointer(std::filesystem::path file = "checkpoint.safetensors", double seconds = 60);

  std::string_view name() const override { return "checkpointer"; }
  double order() const override { return 100; }  // after all that change something
  void before_fit(Learner& learn) override;
  void after_batch(Learner& learn) override;
  void after_epoch(Learner& learn) override;

  const std::filesystem::path& file() const { return file_; }

 private:
  void write(Learner& learn, int64_t epoch, int64_t iter);

  std::filesystem::path file_;
  double seconds_;
  double written_at_ = 0;
  bool fitting_ = false;
  bool warned_ = false;
};

}  // namespace linnet
