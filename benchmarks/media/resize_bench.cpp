// How fast pictures are resized, on one core: the middle of a photograph to what a model takes.
// `ratio`: times as long as OpenCV's resize with INTER_AREA, which also averages over all pixels
// (but not to Pillow's bits), or, for nearest, INTER_NEAREST.
#include <benchmark/benchmark.h>

#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>

#include "compare.h"
#include "linnet/media/resample.h"

namespace linnet {
namespace {

// The middle square of a 4 : 3 picture of that height, to that side.
void resize_beside_opencv(benchmark::State& state, Filter filter, int opencv_filter,
                          int64_t channels) {
  cv::setNumThreads(0);
  const int64_t height = state.range(0);
  const int64_t side = state.range(1);
  Image image = bench::photograph(height, height * 4 / 3, channels);
  const Box box{.top = 0, .left = height / 6, .height = height, .width = height};
  const cv::Mat whole(static_cast<int>(height), static_cast<int>(image.width()),
                      channels == 3 ? CV_8UC3 : CV_8UC1, image.data());
  const cv::Mat part = whole(
      cv::Rect(static_cast<int>(box.left), 0, static_cast<int>(height), static_cast<int>(height)));
  const cv::Size size(static_cast<int>(side), static_cast<int>(side));
  bench::compare(
      state,
      [&] {
        const Image resized = resize(image, box, {side, side}, filter);
        benchmark::DoNotOptimize(resized.data());
      },
      [&] {
        cv::Mat resized;
        cv::resize(part, resized, size, 0, 0, opencv_filter);
        benchmark::DoNotOptimize(resized.data);
      });
}

void sizes(benchmark::internal::Benchmark* benchmark) {
  benchmark->Args({375, 224})->Args({1500, 224})->Args({375, 460})->Unit(benchmark::kMillisecond);
}

BENCHMARK_CAPTURE(resize_beside_opencv, bilinear, Filter::bilinear, cv::INTER_AREA, 3)
    ->Apply(sizes);
BENCHMARK_CAPTURE(resize_beside_opencv, grey, Filter::bilinear, cv::INTER_AREA, 1)->Apply(sizes);
BENCHMARK_CAPTURE(resize_beside_opencv, bicubic, Filter::bicubic, cv::INTER_AREA, 3)->Apply(sizes);
BENCHMARK_CAPTURE(resize_beside_opencv, mask, Filter::nearest, cv::INTER_NEAREST, 1)->Apply(sizes);

}  // namespace
}  // namespace linnet
