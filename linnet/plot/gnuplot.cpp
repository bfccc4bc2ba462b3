#include "linnet/plot/gnuplot.h"

#include <fmt/format.h>

#include <cctype>

#include "linnet/plot/drawing_program.h"

namespace linnet {

std::string run_gnuplot(std::string_view commands) {
  return run_drawing_program(
      {.name = "gnuplot", .package = "gnuplot-nox"}, commands,
      [](const std::filesystem::path& script, const std::filesystem::path& picture) {
        return std::vector<std::string>{"-e", "picture = " + gnuplot_quoted(picture.string()),
                                        script.string()};
      });
}

// By its number, nothing means anything to gnuplot: 5.4 cannot read two quotes at the start of a
// text. Four digits, or a digit that follows would count.
std::string gnuplot_quoted(std::string_view text) {
  std::string quoted = "\"";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte == 0x7f) {
      quoted += ' ';
    } else if (byte >= 0x80 || std::isalnum(byte) != 0 || c == ' ') {
      quoted += c;
    } else {
      quoted += fmt::format("\\{:04o}", byte);
    }
  }
  return quoted + "\"";
}

}  // namespace linnet
