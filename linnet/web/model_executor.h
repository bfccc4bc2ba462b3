#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <future>
#include <memory>
#include <mutex>
#include <variant>
#include <vector>

#include "linnet/app/model_use.h"
#include "linnet/core/json.h"
#include "linnet/core/thread_pool.h"
#include "linnet/data/value.h"
#include "linnet/web/http_error.h"
#include "linnet/web/socket.h"

namespace linnet::web {

/** One input as far as the HTTP threads have made it: a filled form, or a sample of it where the
 * kind of model can make one beforehand. */
using Prepared = std::variant<FormInput, Sample>;

struct ExecutorOptions {
  int64_t queue = 128;  // inputs that may wait
  int64_t batch = 32;   // inputs at once; see batch_sizes
  double wait_seconds =
      5e-3;  // for inputs that are on their way, before a batch begins without them
};

/** How many inputs are computed at once: `most`, or a power of two below. Each size has kernels and
 * buffers of its own, which LibTorch keeps: with every size the process would grow for hours. */
std::vector<int64_t> batch_sizes(int64_t most);

/** What an executor has done so far. */
struct ExecutorCounts {
  int64_t inputs = 0;
  int64_t batches = 0;
  double seconds = 0;  // of computing
};

/** The one thread that computes with a model: LibTorch's own threads work for it. Inputs that come
 * together are answered together, as one batch. All methods may be called from many threads.
 */
class ModelExecutor {
 public:
  /** Answers to inputs of one alternative of Prepared, in their order. What it throws is tried
   * again one by one, so that a bad input spoils only itself. */
  using Answers = std::function<std::vector<Json>(std::vector<Prepared>)>;

  ModelExecutor(Answers answers, ExecutorOptions options);
  /** Answers what waits, then ends. */
  ~ModelExecutor();
  ModelExecutor(const ModelExecutor&) = delete;
  ModelExecutor& operator=(const ModelExecutor&) = delete;

  /** While it lives, an input is on its way here: a batch waits for it for some milliseconds. */
  class Coming {
   public:
    explicit Coming(ModelExecutor& executor) : executor_(&executor) { executor.expect(1); }
    ~Coming() { executor_->expect(-1); }
    Coming(const Coming&) = delete;
    Coming& operator=(const Coming&) = delete;

   private:
    ModelExecutor* executor_;
  };

  /** The futures of the inputs' answers. HttpError 429 when the queue has no room for all of them
   * now, 413 when it never has. An answer that nobody waits for after `deadline` is not computed,
   * and its future holds an HttpError 504. */
  std::vector<std::future<Json>> submit(std::vector<Prepared> inputs, Deadline deadline);

  /** Runs a task on the model's thread, in its turn; after `deadline` its future holds an HttpError
   * 504 in its place. */
  template <class Task>
  auto run(Task task, Deadline deadline) -> std::future<decltype(task())> {
    auto in_time = [task = std::move(task), deadline]() mutable {
      if (Clock::now() > deadline) throw late();
      return task();
    };
    auto packaged = std::make_shared<std::packaged_task<decltype(task())()>>(std::move(in_time));
    auto future = packaged->get_future();
    push({.task = [packaged] { (*packaged)(); }});
    return future;
  }

  ExecutorCounts counts() const;
  int64_t waiting() const;

 private:
  struct Entry {
    Prepared input = {};
    std::promise<Json> answer = {};
    std::function<void()> task = nullptr;  // in place of an input
    Deadline deadline = {};                // of an input
  };

  void push(Entry entry);
  void check_room(size_t more) const;
  void expect(int64_t more);
  void count(size_t inputs);
  void work();
  static HttpError late();
  void drop_late();
  size_t next_size() const;
  std::vector<Entry> next_batch();
  void answer(std::vector<Entry>& batch);
  std::vector<Json> checked_answers(std::vector<Prepared> inputs) const;

  Answers answers_;
  ExecutorOptions options_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Entry> entries_;
  int64_t coming_ = 0;
  bool closing_ = false;
  ExecutorCounts counts_;
  ThreadPool thread_{1};  // last: it uses the others
  std::future<void> working_;
};

/** What `future` holds; HttpError 504 when that is not there until `deadline`. */
template <class T>
T result_of(std::future<T>& future, Deadline deadline) {
  if (future.wait_until(deadline) != std::future_status::ready)
    throw HttpError(504, "the model did not answer in time. It has much to do: try again later");
  return future.get();
}

}  // namespace linnet::web
