// What one warm `predict` of a photograph takes, decoding included, and the prediction of a folder
// from disk beside the bare forwards of the same batches: with the plain network, with folded
// norms in float32, and with these in bfloat16 (first argument 0, 1, 2).
//
//   LINNET_BENCH_MODEL=FILE     a saved recogniser (by default ResNet-18 with random weights)
//   LINNET_BENCH_PICTURE=FILE   the photograph (by default a drawn one of 250 x 197)
//   LINNET_BENCH_PICTURES=DIR   the folder (by default 256 links to a drawn picture of 500 x 375)
#include <benchmark/benchmark.h>
#include <malloc.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "linnet/core/device.h"
#include "linnet/core/random.h"
#include "linnet/data/blocks/category.h"
#include "linnet/data/data_block.h"
#include "linnet/io/atomic_file.h"
#include "linnet/media/encode.h"
#include "linnet/models/resnet.h"
#include "linnet/train/learner_file.h"
#include "linnet/train/predictor.h"
#include "linnet/vision.h"

namespace {

namespace fs = std::filesystem;
using linnet::Learner;
using linnet::Precision;

constexpr int64_t kBatch = 64;
constexpr int64_t kDrawn = 256;  // pictures

/** A folder that is gone at the end. */
struct Scratch {
  Scratch() {
    std::string name = (fs::temp_directory_path() / "linnet-bench-XXXXXX").string();
    path = mkdtemp(name.data());
  }
  ~Scratch() { fs::remove_all(path); }
  fs::path path;
};

const fs::path& scratch() {
  static const Scratch folder;
  return folder.path;
}

std::string setting(const char* name) {
  const char* value = std::getenv(name);
  return value != nullptr ? value : "";
}

// Of noise that neighbours share, so that its JPEG is about as large as a photograph's.
fs::path drawn(const std::string& name, int64_t height, int64_t width) {
  const fs::path file = scratch() / name;
  if (fs::exists(file)) return file;
  linnet::Generator random({1});
  linnet::Image picture(height, width, 3);
  for (int64_t i = 0; i < picture.bytes(); ++i) {
    const int step = static_cast<int>(random.integer(31)) - 15;
    const int before = i >= 3 ? picture.data()[i - 3] : 128;
    picture.data()[i] = static_cast<uint8_t>(std::clamp(before + step, 0, 255));
  }
  const auto bytes = linnet::encode_image(picture, "jpeg", 90);
  linnet::write_atomically(file, {reinterpret_cast<const char*>(bytes.data()), bytes.size()});
  return file;
}

fs::path photograph() {
  const auto given = setting("LINNET_BENCH_PICTURE");
  return given.empty() ? drawn("one.jpg", 250, 197) : fs::path(given);
}

std::vector<fs::path> pictures() {
  const auto given = setting("LINNET_BENCH_PICTURES");
  if (!given.empty()) return linnet::get_image_files(given);
  const auto file = drawn("many.jpg", 375, 500);
  return std::vector<fs::path>(kDrawn, file);
}

// As the program does (cli/main.cpp).
void set_up() {
  constexpr int kGigabyte = 1 << 30;
  mallopt(M_MMAP_THRESHOLD, kGigabyte);
  mallopt(M_TRIM_THRESHOLD, kGigabyte);
  linnet::set_threads();
}

fs::path model() {
  const auto given = setting("LINNET_BENCH_MODEL");
  if (!given.empty()) return given;
  const fs::path file = scratch() / "model.safetensors";
  if (fs::exists(file)) return file;
  for (const char* name : {"train/a/1.jpg", "train/b/1.jpg", "valid/a/2.jpg", "valid/b/2.jpg"}) {
    fs::create_directories((scratch() / name).parent_path());
    fs::copy_file(photograph(), scratch() / name);
  }
  const auto dls =
      linnet::ImageDataLoaders::from_folder(scratch(), {.item_tfms = linnet::Resize(224)});
  linnet::vision_learner(dls, linnet::models::resnet18, {.weights = linnet::Weights::none()})
      .export_to(file);
  return file;
}

const Learner& learner(int64_t kind) {
  static std::map<int64_t, std::unique_ptr<Learner>> learners;
  auto& learn = learners[kind];
  if (learn != nullptr) return *learn;
  set_up();
  linnet::LoadLearnerOptions options{.reporter = &linnet::silent_reporter()};
  if (kind > 0) options.for_prediction = kind == 1 ? Precision::float32 : Precision::bfloat16;
  learn = std::make_unique<Learner>(linnet::load_learner(model(), options));
  return *learn;
}

void name(benchmark::State& state) {
  constexpr const char* kNames[] = {"plain", "folded", "folded bfloat16"};
  state.SetLabel(kNames[state.range(0)]);
}

void predict(benchmark::State& state) {
  const Learner& learn = learner(state.range(0));
  const auto file = photograph();
  learn.predict(file);
  for (auto _ : state) benchmark::DoNotOptimize(learn.predict(file).index);
  name(state);
}
BENCHMARK(predict)->DenseRange(0, 2)->Unit(benchmark::kMillisecond)->UseRealTime();

// The network alone on one picture.
void forward(benchmark::State& state) {
  const Learner& learn = learner(state.range(0));
  const linnet::Batch batch{{{linnet::Kind::image, torch::rand({1, 3, 224, 224})}}, {}, {}};
  learn.pred_batch(batch);
  for (auto _ : state) benchmark::DoNotOptimize(learn.pred_batch(batch).data_ptr());
  name(state);
}
BENCHMARK(forward)->DenseRange(0, 2)->Unit(benchmark::kMillisecond)->UseRealTime();

void folder(benchmark::State& state) {
  const Learner& learn = learner(state.range(0));
  const auto files = pictures();
  for (auto _ : state) {
    const auto stream = learn.dls().test_dl(files, {.bs = kBatch})->stream(0);
    while (auto batch = stream->next())
      benchmark::DoNotOptimize(learn.pred_batch(std::move(*batch)).data_ptr());
  }
  state.SetItemsProcessed(state.iterations() * static_cast<int64_t>(files.size()));
  name(state);
}
BENCHMARK(folder)->DenseRange(0, 2)->Unit(benchmark::kMillisecond)->UseRealTime();

// The forwards of as many batches, of pictures that are there.
void folder_forwards(benchmark::State& state) {
  const Learner& learn = learner(state.range(0));
  const auto n = static_cast<int64_t>(pictures().size());
  const auto all = torch::rand({kBatch, 3, 224, 224});
  for (auto _ : state) {
    for (int64_t first = 0; first < n; first += kBatch) {
      const auto part = all.narrow(0, 0, std::min(kBatch, n - first));
      benchmark::DoNotOptimize(
          learn.pred_batch({{{linnet::Kind::image, part}}, {}, {}}).data_ptr());
    }
  }
  state.SetItemsProcessed(state.iterations() * n);
  name(state);
}
BENCHMARK(folder_forwards)->DenseRange(0, 2)->Unit(benchmark::kMillisecond)->UseRealTime();

// The pictures alone: decoded, resized, as a batch.
void folder_loader(benchmark::State& state) {
  const Learner& learn = learner(0);
  const auto files = pictures();
  for (auto _ : state) {
    const auto stream = learn.dls().test_dl(files, {.bs = kBatch})->stream(0);
    while (auto batch = stream->next()) benchmark::DoNotOptimize(batch->x[0].data.data_ptr());
  }
  state.SetItemsProcessed(state.iterations() * static_cast<int64_t>(files.size()));
}
BENCHMARK(folder_loader)->Unit(benchmark::kMillisecond)->UseRealTime();

}  // namespace
