// How many pictures a second `linnet serve` answers on loopback, beside the bare forward pass of
// the same model: resnet18, photographs of 500 x 375 pixels. Each line is one measurement of
// LINNET_LOAD_SECONDS (5 by default; a load test takes 60): requests/s, the times within which half
// and 99 of 100 requests are answered, errors, and by how many percent the process has grown from
// the second quarter of the time to the last one.
#include <benchmark/benchmark.h>
#include <curl/curl.h>
#include <malloc.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "linnet/core/device.h"
#include "linnet/core/timer.h"
#include "linnet/media/encode.h"
#include "linnet/vision.h"
#include "linnet/web/service.h"

namespace linnet::web {
namespace {

// As the program does, or page faults would cost more than the arithmetic.
const bool keeps_freed_memory = [] {
  constexpr int kGigabyte = 1 << 30;
  return mallopt(M_MMAP_THRESHOLD, kGigabyte) + mallopt(M_TRIM_THRESHOLD, kGigabyte) == 2;
}();

double load_seconds() {
  const char* given = std::getenv("LINNET_LOAD_SECONDS");
  return given != nullptr ? std::atof(given) : 5;
}

// Smooth with some noise, so that it takes as many bytes as a photograph.
std::string photograph() {
  Image image(375, 500, 3);
  Generator random({7});
  for (int64_t y = 0; y < image.height(); ++y) {
    for (int64_t x = 0; x < image.bytes_per_row(); ++x)
      image.row(y)[x] = static_cast<uint8_t>((x / 6 + y / 2 + random.integer(12)) % 256);
  }
  const auto jpeg = encode_image(image, "jpeg");
  return {jpeg.begin(), jpeg.end()};
}

Learner model() {
  set_threads();
  const Pipeline pipeline({.blocks = {ImageBlock(), CategoryBlock({.vocab = {"cat", "dog"}})},
                           .item_tfms = {Resize(224)}});
  auto dls = DataLoaders::without_data(pipeline);
  Learner learn = vision_learner(dls, resnet18, {.weights = Weights::none()});
  learn.network().module().eval();
  return learn;
}

int64_t memory_bytes() {
  std::ifstream file("/proc/self/statm");
  int64_t pages = 0, resident = 0;
  file >> pages >> resident;
  return resident * sysconf(_SC_PAGESIZE);
}

// By how many percent the process is larger in the last quarter of the time until `end` than in the
// second one, in the median: a large batch takes more for a moment.
double memory_growth(double end) {
  const double quarter = (end - seconds_now()) / 4;
  std::vector<int64_t> early, late;
  while (seconds_now() < end) {
    const double left = end - seconds_now();
    if (left < 3 * quarter && left > 2 * quarter) early.push_back(memory_bytes());
    if (left < quarter) late.push_back(memory_bytes());
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }
  const auto median = [](std::vector<int64_t>& sizes) {
    std::nth_element(sizes.begin(), sizes.begin() + static_cast<int64_t>(sizes.size() / 2),
                     sizes.end());
    return static_cast<double>(sizes.at(sizes.size() / 2));
  };
  return 100 * (median(late) / median(early) - 1);
}

/** One client: sends the picture again and again on one connection until `end`. */
struct Client {
  std::vector<double> seconds;
  int64_t errors = 0;

  void run(const std::string& url, const std::string& picture, double end) {
    const std::unique_ptr<CURL, decltype(&curl_easy_cleanup)> curl(curl_easy_init(),
                                                                   curl_easy_cleanup);
    curl_slist* headers = curl_slist_append(nullptr, "Content-Type: image/jpeg");
    headers = curl_slist_append(headers, "Expect:");
    const auto ignore = +[](char*, size_t size, size_t n, void*) { return size * n; };
    curl_easy_setopt(curl.get(), CURLOPT_URL, url.c_str());
    curl_easy_setopt(curl.get(), CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(curl.get(), CURLOPT_POSTFIELDS, picture.data());
    curl_easy_setopt(curl.get(), CURLOPT_POSTFIELDSIZE, static_cast<long>(picture.size()));
    curl_easy_setopt(curl.get(), CURLOPT_WRITEFUNCTION, ignore);
    curl_easy_setopt(curl.get(), CURLOPT_NOSIGNAL, 1L);
    while (seconds_now() < end) {
      const double began = seconds_now();
      const auto result = curl_easy_perform(curl.get());
      long status = 0;
      curl_easy_getinfo(curl.get(), CURLINFO_RESPONSE_CODE, &status);
      errors += result != CURLE_OK || status != 200 ? 1 : 0;
      seconds.push_back(seconds_now() - began);
    }
    curl_slist_free_all(headers);
  }
};

void tell(benchmark::State& state, std::vector<double> seconds, int64_t errors) {
  std::sort(seconds.begin(), seconds.end());
  const auto at = [&](double share) {
    return 1e3 * seconds[static_cast<size_t>(share * static_cast<double>(seconds.size() - 1))];
  };
  state.SetItemsProcessed(static_cast<int64_t>(seconds.size()));
  state.counters["p50_ms"] = at(0.5);
  state.counters["p99_ms"] = at(0.99);
  state.counters["errors"] = static_cast<double>(errors);
}

// Arguments: clients, how many pictures at most are computed at once, and how many milliseconds
// these wait for others that are being read.
void serve(benchmark::State& state) {
  std::vector<std::unique_ptr<ServedModel>> models;
  ServedModelOptions options;
  options.name = "resnet18";
  options.executor.batch = state.range(1);
  options.executor.wait_seconds = static_cast<double>(state.range(2)) / 1e3;
  models.push_back(std::make_unique<ServedModel>(model(), options));
  ServedModel& served = *models.front();
  Service service(std::move(models), {});
  const HttpServer server([&](const RequestHead& head) { return service.begin(head); },
                          {.port = 0});
  const std::string url = "http://127.0.0.1:" + std::to_string(server.port()) + "/predict";
  const std::string picture = photograph();
  served.warm();  // as the program does
  const ExecutorCounts before = served.executor().counts();
  for (auto _ : state) {
    std::vector<Client> clients(static_cast<size_t>(state.range(0)));
    const double began = seconds_now(), end = began + load_seconds();
    std::vector<std::thread> threads;
    for (Client& client : clients) threads.emplace_back([&] { client.run(url, picture, end); });
    state.counters["growth_%"] = memory_growth(end);
    for (std::thread& thread : threads) thread.join();
    std::vector<double> seconds;
    int64_t errors = 0;
    for (const Client& client : clients) {
      seconds.insert(seconds.end(), client.seconds.begin(), client.seconds.end());
      errors += client.errors;
    }
    tell(state, std::move(seconds), errors);
  }
  const ExecutorCounts after = served.executor().counts();
  state.counters["batch"] = static_cast<double>(after.inputs - before.inputs) /
                            static_cast<double>(after.batches - before.batches);
}
BENCHMARK(serve)
    ->ArgNames({"clients", "batch", "wait"})
    ->Args({1, 32, 5})
    ->Args({32, 1, 5})
    ->Args({32, 32, 5})
    ->Args({32, 32, 50})
    ->Iterations(1)
    ->UseRealTime()
    ->Unit(benchmark::kMillisecond);

// The same network alone, in a loop, on pictures that are ready.
void bare_forward(benchmark::State& state) {
  const Learner learn = model();
  const auto pictures = torch::rand({state.range(0), 3, 224, 224});
  const auto forward = [&] {
    return learn.pred_batch({.x = {{Kind::image, pictures}}, .y = {}, .items = {}});
  };
  forward();
  for (auto _ : state) {
    const double end = seconds_now() + load_seconds();
    std::vector<double> seconds;
    while (seconds_now() < end) {
      const double began = seconds_now();
      benchmark::DoNotOptimize(forward());
      seconds.push_back(seconds_now() - began);
    }
    const auto passes = static_cast<int64_t>(seconds.size());
    tell(state, std::move(seconds), 0);
    state.SetItemsProcessed(passes * state.range(0));
  }
}
BENCHMARK(bare_forward)
    ->ArgName("batch")
    ->Arg(1)
    ->Arg(32)
    ->Iterations(1)
    ->UseRealTime()
    ->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace linnet::web
