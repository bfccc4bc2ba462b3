#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "linnet/app/output_folder.h"
#include "linnet/media/image.h"
#include "linnet/plot/chart.h"
#include "linnet/plot/matrix_chart.h"

namespace linnet {

/** What a job draws into a folder, and the list of it. */
class PlotFiles {
 public:
  explicit PlotFiles(const std::filesystem::path& folder) : folder_(folder, "plots") {}

  /** NAME.svg and NAME.png. */
  void add(const std::string& name, const Chart& chart);
  void add(const std::string& name, const MatrixChart& chart);
  /** NAME.png. */
  void add(const std::string& name, const Image& image);
  /** A file of text, its ending in the name. */
  void add_text(const std::string& name, std::string_view text);

  const std::filesystem::path& folder() const { return folder_.path(); }
  /** The files so far. */
  const std::vector<std::string>& written() const { return written_; }

 private:
  OutputFolder folder_;
  std::vector<std::string> written_;
};

}  // namespace linnet
