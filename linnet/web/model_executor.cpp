#include "linnet/web/model_executor.h"

#include <fmt/format.h>

#include <chrono>
#include <utility>

#include "linnet/core/timer.h"

namespace linnet::web {

namespace {

constexpr const char* kLate =
    "the model did not come to it in time. It has much to do: try again later";

}  // namespace

ModelExecutor::ModelExecutor(Answers answers, ExecutorOptions options)
    : answers_(std::move(answers)), options_(options) {
  working_ = thread_.submit([this] { work(); });
}

ModelExecutor::~ModelExecutor() {
  {
    const std::lock_guard lock(mutex_);
    closing_ = true;
    changed_.notify_all();
  }
  working_.wait();
}

ExecutorCounts ModelExecutor::counts() const {
  const std::lock_guard lock(mutex_);
  return counts_;
}

int64_t ModelExecutor::waiting() const {
  const std::lock_guard lock(mutex_);
  return static_cast<int64_t>(entries_.size());
}

void ModelExecutor::expect(int64_t more) {
  const std::lock_guard lock(mutex_);
  coming_ += more;
  if (more < 0) changed_.notify_all();
}

// With the mutex held.
void ModelExecutor::check_room(size_t more) const {
  if (entries_.size() + more <= static_cast<size_t>(options_.queue)) return;
  throw HttpError(
      429, fmt::format("the model's queue of {} is full. Try again in a moment.", options_.queue),
      {{"Retry-After", "1"}});
}

std::vector<std::future<Json>> ModelExecutor::submit(std::vector<Prepared> inputs,
                                                     Deadline deadline) {
  std::vector<std::future<Json>> futures;
  const std::lock_guard lock(mutex_);
  check_room(inputs.size());
  for (Prepared& input : inputs) {
    Entry& entry = entries_.emplace_back(Entry{.input = std::move(input), .deadline = deadline});
    futures.push_back(entry.answer.get_future());
  }
  changed_.notify_all();
  return futures;
}

void ModelExecutor::push(Entry entry) {
  const std::lock_guard lock(mutex_);
  check_room(1);
  entries_.push_back(std::move(entry));
  changed_.notify_all();
}

void ModelExecutor::count(size_t inputs) {
  const std::lock_guard lock(mutex_);
  ++counts_.batches;
  counts_.inputs += static_cast<int64_t>(inputs);
}

void ModelExecutor::work() {
  while (true) {
    auto batch = next_batch();
    if (batch.empty()) return;
    const double began = seconds_now();
    if (batch.front().task) {
      batch.front().task();
    } else {
      count(batch.size());
      answer(batch);
    }
    const std::lock_guard lock(mutex_);
    counts_.seconds += seconds_now() - began;
  }
}

// One task, or neighbouring inputs of one kind; none when it is time to end. Entries whose client
// has given up are left out.
std::vector<ModelExecutor::Entry> ModelExecutor::next_batch() {
  std::unique_lock lock(mutex_);
  while (true) {
    changed_.wait(lock, [&] { return closing_ || !entries_.empty(); });
    // Waiting pays only while somebody is about to come.
    const auto most = static_cast<size_t>(options_.batch);
    changed_.wait_until(lock, in_seconds(options_.wait_seconds), [&] {
      return closing_ || coming_ == 0 || entries_.size() >= most ||
             (!entries_.empty() && entries_.front().task);
    });
    std::vector<Entry> batch;
    const auto now = Clock::now();
    while (!entries_.empty() && batch.size() < most) {
      Entry& next = entries_.front();
      const bool fits =
          batch.empty() || (!next.task && next.input.index() == batch[0].input.index());
      if (!fits) break;
      if (next.deadline < now) {  // a dropped task breaks its promise, which its waiter has left
        if (!next.task) next.answer.set_exception(std::make_exception_ptr(HttpError(504, kLate)));
        entries_.pop_front();
        continue;
      }
      batch.push_back(std::move(next));
      entries_.pop_front();
      if (batch.front().task) break;
    }
    if (!batch.empty() || closing_) return batch;
  }
}

void ModelExecutor::answer_each(std::vector<Entry>& batch, std::vector<Json> answers) {
  for (size_t i = 0; i < batch.size(); ++i) batch[i].answer.set_value(std::move(answers.at(i)));
}

void ModelExecutor::answer(std::vector<Entry>& batch) {
  std::vector<Prepared> inputs;
  inputs.reserve(batch.size());
  if (batch.size() > 1) {
    for (const Entry& entry : batch) inputs.push_back(entry.input);
    try {
      return answer_each(batch, answers_(std::move(inputs)));
    } catch (const std::exception&) {  // whose input it was is found one by one
    }
  }
  for (Entry& entry : batch) {
    try {
      std::vector<Prepared> alone;
      alone.push_back(std::move(entry.input));
      entry.answer.set_value(std::move(answers_(std::move(alone)).at(0)));
    } catch (...) {
      entry.answer.set_exception(std::current_exception());
    }
  }
}

}  // namespace linnet::web
