#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace linnet {

/** A program beside ours that draws. */
struct DrawingProgram {
  std::string name;     // "gnuplot", found by PATH
  std::string package;  // Debian's package of it, for people who lack it
};

/** The program's arguments, when its input is in the file `input` and its drawing has to go to the
 * file `picture`. */
using DrawingArguments = std::function<std::vector<std::string>(
    const std::filesystem::path& input, const std::filesystem::path& picture)>;

/** Runs the program on `input` in a folder of its own, without a shell, and returns the bytes of
 * the picture that it wrote.
 *
 *      run_drawing_program({"dot", "graphviz"}, "digraph { a -> b }", [](auto in, auto picture) {
 *        return std::vector<std::string>{"-Tsvg", "-o" + picture.string(), in.string()};
 *      });
 *
 *  errors  IoError when the program is not installed, or with what it complained of
 */
std::string run_drawing_program(const DrawingProgram& program, std::string_view input,
                                const DrawingArguments& arguments);

}  // namespace linnet
