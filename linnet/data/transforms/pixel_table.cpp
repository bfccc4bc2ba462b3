#include "linnet/data/transforms/pixel_table.h"

#include <ATen/Parallel.h>

#include <cstdint>
#include <vector>

#include "linnet/core/by_processor.h"

namespace linnet::detail {

namespace {

constexpr int64_t kValues = 256;  // of a byte

// `offset` says where the table of each byte's channel begins.
LINNET_BY_PROCESSOR void look_up(const uint8_t* __restrict bytes, const int32_t* __restrict offset,
                                 const float* __restrict table, int64_t count,
                                 float* __restrict out) {
  for (int64_t i = 0; i < count; ++i) out[i] = table[offset[i] + bytes[i]];
}

}  // namespace

torch::Tensor through_table(const torch::Tensor& pixels, const torch::Tensor& table) {
  const bool last = pixels.is_contiguous(torch::MemoryFormat::ChannelsLast);
  const auto format = last ? torch::MemoryFormat::ChannelsLast : torch::MemoryFormat::Contiguous;
  const auto in = pixels.contiguous(format);
  auto out = torch::empty(in.sizes(), in.options().dtype(torch::kFloat).memory_format(format));
  // A run of bytes lies in memory one after another and begins with the first channel: a row of
  // pixels, or a picture with its planes.
  const int64_t channels = in.size(1);
  const int64_t run = last ? in.size(3) * channels : in.size(2) * in.size(3) * channels;
  if (in.numel() == 0) return out;
  std::vector<int32_t> offset(static_cast<size_t>(run));
  const int64_t plane = run / channels;
  for (int64_t i = 0; i < run; ++i)
    offset[static_cast<size_t>(i)] =
        static_cast<int32_t>((last ? i % channels : i / plane) * kValues);
  const auto* from = in.data_ptr<uint8_t>();
  auto* to = out.data_ptr<float>();
  at::parallel_for(0, in.numel() / run, 1, [&](int64_t begin, int64_t end) {
    for (int64_t r = begin; r < end; ++r)
      look_up(from + r * run, offset.data(), table.data_ptr<float>(), run, to + r * run);
  });
  return out;
}

}  // namespace linnet::detail
