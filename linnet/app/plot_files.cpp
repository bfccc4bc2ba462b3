#include "linnet/app/plot_files.h"

#include "linnet/core/error.h"
#include "linnet/io/atomic_file.h"
#include "linnet/media/encode.h"

namespace linnet {

PlotFiles::PlotFiles(std::filesystem::path folder) : folder_(std::move(folder)) {
  std::error_code error;
  std::filesystem::create_directories(folder_, error);
  if (error || !std::filesystem::is_directory(folder_)) {
    throw IoError("plots", folder_, "this folder cannot be made: " + error.message());
  }
}

void PlotFiles::add(const std::string& name, const Chart& chart) {
  add_text(name + ".svg", draw(chart, PlotFormat::svg));
  add_text(name + ".png", draw(chart, PlotFormat::png));
}

void PlotFiles::add(const std::string& name, const MatrixChart& chart) {
  add_text(name + ".svg", draw(chart, PlotFormat::svg));
  add_text(name + ".png", draw(chart, PlotFormat::png));
}

void PlotFiles::add(const std::string& name, const Image& image) {
  const auto png = encode_image(image, "png");
  add_text(name + ".png", {reinterpret_cast<const char*>(png.data()), png.size()});
}

void PlotFiles::add_text(const std::string& name, std::string_view text) {
  const auto file = folder_ / name;
  write_atomically(file, text);
  written_.push_back(file.string());
}

}  // namespace linnet
