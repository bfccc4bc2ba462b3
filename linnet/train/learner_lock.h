#pragma once

#include <atomic>
#include <shared_mutex>
#include <thread>

namespace linnet {

/** Who may use a learner: one fit or validation, or any number of predictions. */
class LearnerLock {
 public:
  /** A fit, as long as this lives: refuses while another is under way (UsageError), waits for
   * predictions that are. */
  class Fitting {
   public:
    Fitting(LearnerLock& lock, const char* where);
    ~Fitting();
    Fitting(const Fitting&) = delete;
    Fitting& operator=(const Fitting&) = delete;

   private:
    LearnerLock& lock_;
  };

  /** A prediction, as long as this lives: refuses during a fit (UsageError). */
  class Predicting {
   public:
    Predicting(LearnerLock& lock, const char* where);

   private:
    std::shared_lock<std::shared_mutex> held_;
  };

  /** UsageError when a fit is under way. */
  void refuse_during_fit(const char* where) const;
  /** UsageError when a fit is under way on another thread: its own callbacks may save and load. */
  void refuse_beside_fit(const char* where) const;

 private:
  std::atomic<bool> fitting_ = false;
  std::atomic<std::thread::id> fitter_ = {};
  std::shared_mutex predicting_;
};

}  // namespace linnet
