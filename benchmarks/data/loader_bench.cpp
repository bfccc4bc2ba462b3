// The loader alone: JPEG files of 500 x 375 decoded, Resize(224), batches of 64, on one worker and
// on two. `ratio`: times as long as libjpeg-turbo takes on as many threads to read and decode the
// same files, and nothing else. The files are drawn into a temporary folder, or those of the folder
// LINNET_BENCH_PICTURES.
#include <benchmark/benchmark.h>

#include <atomic>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <thread>

#include "../core/machine.h"
#include "../media/compare.h"
#include "../media/libjpeg.h"
#include "linnet/data/items.h"
#include "linnet/media/encode.h"
#include "linnet/vision/loaders.h"
#include "linnet/vision/transforms/resize.h"

namespace linnet {
namespace {

namespace fs = std::filesystem;
using Files = std::vector<fs::path>;

constexpr int64_t kBatch = 64;

std::vector<uint8_t> bytes_of(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

// A folder of drawn pictures that goes with the program.
class DrawnFiles {
 public:
  DrawnFiles() {
    std::string name = (fs::temp_directory_path() / "linnet-bench-XXXXXX").string();
    if (mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary folder");
    folder_ = name;
    const auto file = encode_image(bench::photograph(375, 500), "jpeg");
    for (int i = 0; i < 10 * kBatch; ++i) {
      std::ofstream out(folder_ / (std::to_string(i) + ".jpg"), std::ios::binary);
      out.write(reinterpret_cast<const char*>(file.data()),
                static_cast<std::streamsize>(file.size()));
    }
  }
  ~DrawnFiles() {
    std::error_code ignored;
    fs::remove_all(folder_, ignored);
  }
  DrawnFiles(const DrawnFiles&) = delete;
  DrawnFiles& operator=(const DrawnFiles&) = delete;

  const fs::path& folder() const { return folder_; }

 private:
  fs::path folder_;
};

const fs::path& picture_folder() {
  static const char* const given = std::getenv("LINNET_BENCH_PICTURES");
  static const fs::path folder = given == nullptr ? "" : given;
  if (!folder.empty()) return folder;
  static const DrawnFiles drawn;
  return drawn.folder();
}

// What is called .jpg need not be a JPEG file.
Files jpeg_files(const fs::path& folder) {
  Files files = get_image_files(folder);
  std::erase_if(files, [](const fs::path& file) {
    const auto bytes = bytes_of(file);
    return bytes.size() < 2 || bytes[0] != 0xff || bytes[1] != 0xd8;
  });
  return files;
}

DataLoaders loaders(const fs::path& folder, const Files& files, int64_t workers) {
  ImageLoaderOptions options;
  options.seed = 1;
  options.item_tfms = {Resize(224)};
  options.bs = kBatch;
  options.workers = workers;
  return ImageDataLoaders::from_name_func(
      folder, files, [](std::string_view name) { return Label(name[name.find('.') - 1] % 2 == 0); },
      options);
}

void decode_all(const Files& files, int64_t threads) {
  std::atomic<size_t> next{0};
  const auto work = [&] {
    for (size_t i = next++; i < files.size(); i = next++)
      bench::read_by_libjpeg(bytes_of(files[i]));
  };
  std::vector<std::jthread> pool;
  for (int64_t i = 0; i < threads; ++i) pool.emplace_back(work);
}

void load_all(const DataLoader& loader, int64_t epoch) {
  const auto stream = loader.stream(epoch);
  while (const auto batch = stream->next()) benchmark::DoNotOptimize(batch->x[0].data.data_ptr());
}

void loader_alone(benchmark::State& state) {
  bench::as_the_program();
  const fs::path& folder = picture_folder();
  const Files files = jpeg_files(folder);
  const DataLoaders dls = loaders(folder, files, state.range(0));
  const int64_t items = dls.train().batches() * kBatch;
  int64_t epoch = 0;
  double loading = 1e9;   // seconds a picture, the best of the passes
  double decoding = 1e9;  // in turn, so that a busy machine slows both
  for (auto _ : state) {
    loading = std::min(loading, bench::seconds_of([&] { load_all(dls.train(), epoch++); }) /
                                    static_cast<double>(items));
    state.PauseTiming();
    decoding = std::min(decoding, bench::seconds_of([&] { decode_all(files, state.range(0)); }) /
                                      static_cast<double>(files.size()));
    state.ResumeTiming();
  }
  state.counters["pictures/s"] = 1 / loading;
  state.counters["decoded/s"] = 1 / decoding;
  state.counters["ratio"] = loading / decoding;
}
BENCHMARK(loader_alone)
    ->ArgName("workers")
    ->Arg(1)
    ->Arg(2)
    ->Iterations(5)
    ->UseRealTime()
    ->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace linnet
