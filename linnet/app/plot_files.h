#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "linnet/media/image.h"
#include "linnet/plot/chart.h"
#include "linnet/plot/matrix_chart.h"

namespace linnet {

/** Pictures that a job writes into a folder. Files of the same names there are replaced. */
class PlotFiles {
 public:
  /** Makes the folder. IoError when that cannot be. */
  explicit PlotFiles(std::filesystem::path folder);

  /** NAME.svg and NAME.png. */
  void add(const std::string& name, const Chart& chart);
  void add(const std::string& name, const MatrixChart& chart);
  /** NAME.png. */
  void add(const std::string& name, const Image& image);
  /** A file of text, its ending in the name. */
  void add_text(const std::string& name, std::string_view text);

  const std::filesystem::path& folder() const { return folder_; }
  /** The files so far. */
  const std::vector<std::string>& written() const { return written_; }

 private:
  std::filesystem::path folder_;
  std::vector<std::string> written_;
};

}  // namespace linnet
