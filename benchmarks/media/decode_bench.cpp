// How fast pictures are read, on one core. `ratio`: times as long as libjpeg-turbo alone takes for
// the same file (its rows read into one buffer), or as OpenCV's imdecode does.
#include <benchmark/benchmark.h>

#include <opencv2/core.hpp>
#include <opencv2/imgcodecs.hpp>

#include "compare.h"
#include "libjpeg.h"
#include "linnet/media/decode.h"
#include "linnet/media/encode.h"

namespace linnet {
namespace {

using Bytes = std::vector<uint8_t>;

void read_by_opencv(const Bytes& file) {
  const cv::Mat pixels = cv::imdecode(file, cv::IMREAD_COLOR);
  benchmark::DoNotOptimize(pixels.data);
}

void read_by_linnet(const Bytes& file) {
  const Image image = decode_image(file);
  benchmark::DoNotOptimize(image.data());
}

// The first argument is the height; the pictures are 4 : 3.
Bytes file_of(const benchmark::State& state, std::string_view format) {
  return encode_image(bench::photograph(state.range(0), state.range(0) * 4 / 3), format);
}

void jpeg_beside_libjpeg(benchmark::State& state) {
  const Bytes file = file_of(state, "jpeg");
  bench::compare(
      state, [&] { read_by_linnet(file); }, [&] { bench::read_by_libjpeg(file); });
}
BENCHMARK(jpeg_beside_libjpeg)->Arg(375)->Arg(1500)->Unit(benchmark::kMillisecond);

void jpeg_beside_opencv(benchmark::State& state) {
  cv::setNumThreads(0);
  const Bytes file = file_of(state, "jpeg");
  bench::compare(
      state, [&] { read_by_linnet(file); }, [&] { read_by_opencv(file); });
}
BENCHMARK(jpeg_beside_opencv)->Arg(375)->Arg(1500)->Unit(benchmark::kMillisecond);

void png_beside_opencv(benchmark::State& state) {
  cv::setNumThreads(0);
  const Bytes file = file_of(state, "png");
  bench::compare(
      state, [&] { read_by_linnet(file); }, [&] { read_by_opencv(file); });
}
BENCHMARK(png_beside_opencv)->Arg(375)->Unit(benchmark::kMillisecond);

void header_of_jpeg(benchmark::State& state) {
  const Bytes file = file_of(state, "jpeg");
  for (auto _ : state) benchmark::DoNotOptimize(read_image_info(file));
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(header_of_jpeg)->Arg(375);

}  // namespace
}  // namespace linnet
