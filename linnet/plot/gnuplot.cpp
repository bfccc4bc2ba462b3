#include "linnet/plot/gnuplot.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cctype>
#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "linnet/core/error.h"
#include "linnet/core/strings.h"
#include "linnet/io/file_text.h"

namespace linnet {

namespace {

namespace fs = std::filesystem;

constexpr const char* kWhere = "gnuplot";

// A folder of its own for one drawing, gone afterwards.
class Workplace {
 public:
  Workplace() {
    std::string name = (fs::temp_directory_path() / "linnet-plot-XXXXXX").string();
    if (mkdtemp(name.data()) == nullptr) {
      throw IoError(kWhere, fs::temp_directory_path(), "no folder can be made here");
    }
    folder_ = name;
  }
  ~Workplace() {
    std::error_code ignored;
    fs::remove_all(folder_, ignored);
  }
  Workplace(const Workplace&) = delete;
  Workplace& operator=(const Workplace&) = delete;

  fs::path file(const char* name) const { return folder_ / name; }

 private:
  fs::path folder_;
};

// The exit status of `gnuplot script`, all it says in `messages`; 127 when there is no such
// program.
int run(const fs::path& script, const fs::path& messages) {
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, messages.c_str(),
                                   O_WRONLY | O_CREAT | O_TRUNC, 0600);
  posix_spawn_file_actions_adddup2(&actions, STDOUT_FILENO, STDERR_FILENO);
  std::string program = "gnuplot", argument = script.string();
  std::array<char*, 3> arguments = {program.data(), argument.data(), nullptr};
  pid_t child = 0;
  const int error = posix_spawnp(&child, "gnuplot", &actions, nullptr, arguments.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  if (error == ENOENT) return 127;
  if (error != 0) throw IoError(kWhere, "the program cannot be started");
  int status = 0;
  while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}

}  // namespace

std::string run_gnuplot(std::string_view commands) {
  const Workplace place;
  const fs::path script = place.file("script"), picture = place.file("picture"),
                 messages = place.file("messages");
  std::ofstream(script, std::ios::binary)
      << "picture = " << gnuplot_quoted(picture.string()) << '\n'
      << commands << '\n';
  const int status = run(script, messages);
  if (status == 127) {
    throw IoError(kWhere,
                  "the program gnuplot, which draws, is not installed. Install it (Debian: "
                  "apt-get install gnuplot-nox).");
  }
  const std::string drawn = fs::exists(picture) ? file_text(picture, kWhere) : std::string();
  if (status != 0 || drawn.empty()) {
    throw IoError(kWhere, "drew nothing: " + shown_text(trim(file_text(messages, kWhere)), 300));
  }
  return drawn;
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
