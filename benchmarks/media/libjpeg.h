#pragma once

#include <benchmark/benchmark.h>

#include <cstdint>
#include <cstdio>  // jpeglib.h needs FILE
#include <memory>
#include <vector>
// The order counts here.
#include <jpeglib.h>

namespace linnet::bench {

/** What libjpeg-turbo takes when it is left alone: a JPEG file's rows, red, green and blue, read
 * into one buffer. Ends the program when the file is none. */
inline void read_by_libjpeg(const std::vector<uint8_t>& file) {
  jpeg_decompress_struct info{};
  jpeg_error_mgr errors{};
  info.err = jpeg_std_error(&errors);
  jpeg_create_decompress(&info);
  jpeg_mem_src(&info, file.data(), static_cast<unsigned long>(file.size()));
  jpeg_read_header(&info, TRUE);
  info.out_color_space = JCS_RGB;
  jpeg_start_decompress(&info);
  const size_t bytes_per_row = size_t{info.output_width} * 3;
  const auto pixels = std::make_unique_for_overwrite<uint8_t[]>(bytes_per_row * info.output_height);
  while (info.output_scanline < info.output_height) {
    JSAMPROW row = pixels.get() + bytes_per_row * info.output_scanline;
    jpeg_read_scanlines(&info, &row, 1);
  }
  jpeg_finish_decompress(&info);
  jpeg_destroy_decompress(&info);
  benchmark::DoNotOptimize(pixels.get());
}

}  // namespace linnet::bench
