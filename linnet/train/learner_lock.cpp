#include "linnet/train/learner_lock.h"

#include "linnet/core/error.h"

namespace linnet {

namespace {

[[noreturn]] void refuse(const char* where) {
  throw UsageError(where, "a fit is under way on this learner: call again when it has ended");
}

}  // namespace

LearnerLock::Fitting::Fitting(LearnerLock& lock, const char* where) : lock_(lock) {
  if (lock.fitting_.exchange(true)) refuse(where);
  lock.fitter_ = std::this_thread::get_id();
  lock.predicting_.lock();
}

LearnerLock::Fitting::~Fitting() {
  lock_.predicting_.unlock();
  lock_.fitter_ = std::thread::id();
  lock_.fitting_ = false;
}

LearnerLock::Predicting::Predicting(LearnerLock& lock, const char* where) {
  lock.refuse_during_fit(where);
  held_ = std::shared_lock(lock.predicting_, std::try_to_lock);
  if (!held_.owns_lock()) refuse(where);
}

void LearnerLock::refuse_during_fit(const char* where) const {
  if (fitting_) refuse(where);
}

void LearnerLock::refuse_beside_fit(const char* where) const {
  if (fitting_ && fitter_.load() != std::this_thread::get_id()) refuse(where);
}

}  // namespace linnet
