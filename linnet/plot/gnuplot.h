#pragma once

#include <string>
#include <string_view>

namespace linnet {

/** Draws with the program gnuplot: runs it on `commands`, which write to the file named by the
 * gnuplot variable `picture`, and returns that file's bytes.
 *
 *      const std::string png = run_gnuplot("set term pngcairo; set output picture; plot sin(x)");
 *
 *  errors  IoError when gnuplot is not installed, or with what it complained of
 */
std::string run_gnuplot(std::string_view commands);

/** `text` (UTF-8) as a string of gnuplot's language, quotes included: nothing in it is a command.
 * Control characters become spaces. */
std::string gnuplot_quoted(std::string_view text);

}  // namespace linnet
