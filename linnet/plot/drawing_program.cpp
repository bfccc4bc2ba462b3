#include "linnet/plot/drawing_program.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <fstream>

#include "linnet/core/error.h"
#include "linnet/core/strings.h"
#include "linnet/io/file_text.h"

namespace linnet {

namespace {

namespace fs = std::filesystem;

constexpr int kNotFound = 127;

// A folder of its own for one drawing, gone afterwards.
class Workplace {
 public:
  explicit Workplace(const std::string& program) {
    std::string name = (fs::temp_directory_path() / "linnet-plot-XXXXXX").string();
    if (mkdtemp(name.data()) == nullptr) {
      throw IoError(program, fs::temp_directory_path(), "no folder can be made here");
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

// The exit status of the command, all it says in `messages`; kNotFound when there is no such
// program.
int run(std::vector<std::string> command, const fs::path& messages) {
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, messages.c_str(),
                                   O_WRONLY | O_CREAT | O_TRUNC, 0600);
  posix_spawn_file_actions_adddup2(&actions, STDOUT_FILENO, STDERR_FILENO);
  std::vector<char*> words;
  for (std::string& word : command) words.push_back(word.data());
  words.push_back(nullptr);
  pid_t child = 0;
  const int error = posix_spawnp(&child, words[0], &actions, nullptr, words.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  if (error == ENOENT) return kNotFound;
  if (error != 0) throw IoError(command[0], "the program cannot be started");
  int status = 0;
  while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}

}  // namespace

std::string run_drawing_program(const DrawingProgram& program, std::string_view input,
                                const DrawingArguments& arguments) {
  const Workplace place(program.name);
  const fs::path script = place.file("script"), picture = place.file("picture"),
                 messages = place.file("messages");
  std::ofstream(script, std::ios::binary) << input << '\n';
  std::vector<std::string> command = {program.name};
  for (std::string& word : arguments(script, picture)) command.push_back(std::move(word));
  const int status = run(std::move(command), messages);
  if (status == kNotFound) {
    throw IoError(program.name, fmt::format("the program {}, which draws, is not installed. "
                                            "Install it (Debian: apt-get install {}).",
                                            program.name, program.package));
  }
  const std::string drawn = fs::exists(picture) ? file_text(picture, program.name) : std::string();
  if (status != 0 || drawn.empty()) {
    throw IoError(program.name,
                  "drew nothing: " + shown_text(trim(file_text(messages, program.name)), 300));
  }
  return drawn;
}

}  // namespace linnet
