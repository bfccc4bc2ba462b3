#include "linnet/app/plot_files.h"

namespace linnet {

void PlotFiles::add(const std::string& name, const Chart& chart) {
  add_text(name + ".svg", draw(chart, PlotFormat::svg));
  add_text(name + ".png", draw(chart, PlotFormat::png));
}

void PlotFiles::add(const std::string& name, const MatrixChart& chart) {
  add_text(name + ".svg", draw(chart, PlotFormat::svg));
  add_text(name + ".png", draw(chart, PlotFormat::png));
}

void PlotFiles::add(const std::string& name, const Image& image) {
  written_.push_back(folder_.write_png(name + ".png", image).string());
}

void PlotFiles::add_text(const std::string& name, std::string_view text) {
  written_.push_back(folder_.write(name, text).string());
}

}  // namespace linnet
