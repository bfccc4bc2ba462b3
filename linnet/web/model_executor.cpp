#include "linnet/web/model_executor.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <iterator>
#include <stdexcept>
#include <utility>

#include "linnet/core/timer.h"

namespace linnet::web {

std::vector<int64_t> batch_sizes(int64_t most) {
  std::vector<int64_t> sizes;
  for (int64_t size = 1; size < most; size *= 2) sizes.push_back(size);
  sizes.push_back(most);
  return sizes;
}

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
  if (inputs.size() > static_cast<size_t>(options_.queue)) {
    throw HttpError(413,
                    fmt::format("got {} inputs, expected {} at most, which is the model's queue",
                                inputs.size(), options_.queue));
  }
  std::vector<std::future<Json>> futures;
  futures.reserve(inputs.size());
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

HttpError ModelExecutor::late() {
  return {504, "the model did not come to it in time. It has much to do: try again later"};
}

// Inputs whose client has given up. With the mutex held.
void ModelExecutor::drop_late() {
  const auto now = Clock::now();
  std::erase_if(entries_, [&](Entry& entry) {
    if (entry.task || entry.deadline >= now) return false;
    entry.answer.set_exception(std::make_exception_ptr(late()));
    return true;
  });
}

// How many of the entries come next: one task, or neighbouring inputs of one kind, as many as one
// of the batch sizes. With the mutex held.
size_t ModelExecutor::next_size() const {
  if (entries_.empty()) return 0;
  if (entries_.front().task) return 1;
  const auto other = std::find_if(entries_.begin(), entries_.end(), [&](const Entry& entry) {
    return entry.task || entry.input.index() != entries_.front().input.index();
  });
  const auto alike = static_cast<size_t>(other - entries_.begin());
  const auto most = static_cast<size_t>(options_.batch);
  return alike >= most ? most : std::bit_floor(alike);
}

// None when it is time to end.
std::vector<ModelExecutor::Entry> ModelExecutor::next_batch() {
  std::unique_lock lock(mutex_);
  while (true) {
    changed_.wait(lock, [&] { return closing_ || !entries_.empty(); });
    // Waiting pays only while somebody is about to come.
    changed_.wait_until(lock, in_seconds(options_.wait_seconds), [&] {
      return closing_ || coming_ == 0 || entries_.size() >= static_cast<size_t>(options_.batch) ||
             (!entries_.empty() && entries_.front().task);
    });
    drop_late();
    std::vector<Entry> batch;
    const auto end = entries_.begin() + static_cast<std::ptrdiff_t>(next_size());
    batch.reserve(next_size());
    std::move(entries_.begin(), end, std::back_inserter(batch));
    entries_.erase(entries_.begin(), end);
    if (!batch.empty() || closing_) return batch;
  }
}

std::vector<Json> ModelExecutor::checked_answers(std::vector<Prepared> inputs) const {
  const size_t expected = inputs.size();
  std::vector<Json> answers = answers_(std::move(inputs));
  if (answers.size() == expected) return answers;
  throw std::logic_error(
      fmt::format("the model gave {} answers to {} inputs", answers.size(), expected));
}

void ModelExecutor::answer(std::vector<Entry>& batch) {
  if (batch.size() > 1) {
    try {
      std::vector<Prepared> inputs;
      inputs.reserve(batch.size());
      for (const Entry& entry : batch) inputs.push_back(entry.input);
      std::vector<Json> answers = checked_answers(std::move(inputs));
      for (size_t i = 0; i < batch.size(); ++i) batch[i].answer.set_value(std::move(answers[i]));
      return;
    } catch (const std::exception&) {  // whose input it was is found one by one
    }
  }
  for (Entry& entry : batch) {
    try {
      std::vector<Prepared> alone;
      alone.push_back(std::move(entry.input));
      entry.answer.set_value(std::move(checked_answers(std::move(alone)).front()));
    } catch (...) {
      entry.answer.set_exception(std::current_exception());
    }
  }
}

}  // namespace linnet::web
