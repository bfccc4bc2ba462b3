#pragma once

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <future>
#include <mutex>
#include <queue>
#include <thread>
#include <vector>

namespace linnet {

/** A fixed number of threads that run tasks in the order they were given. The only place where
 * linnet starts threads. `submit` may be called from several threads. The destructor drops tasks
 * that have not begun and waits for the others.
 */
class ThreadPool {
 public:
  /** `threads` >= 0; with 0 a task runs at once in `submit`, on the caller's thread. */
  explicit ThreadPool(int64_t threads);
  ~ThreadPool();
  ThreadPool(const ThreadPool&) = delete;
  ThreadPool& operator=(const ThreadPool&) = delete;

  /** Runs `task` later; the future holds its result or what it threw. */
  template <class Task>
  auto submit(Task task) -> std::future<decltype(task())> {
    auto packaged = std::make_shared<std::packaged_task<decltype(task())()>>(std::move(task));
    auto future = packaged->get_future();
    push([packaged] { (*packaged)(); });
    return future;
  }

  int64_t threads() const { return static_cast<int64_t>(threads_.size()); }

 private:
  void push(std::function<void()> task);
  void work();

  std::mutex mutex_;
  std::condition_variable ready_;
  std::queue<std::function<void()>> tasks_;
  bool closing_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace linnet
