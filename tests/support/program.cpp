#include "support/program.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <thread>

#include "linnet/core/strings.h"
#include "support/temp_dir.h"

namespace linnet::test {

namespace fs = std::filesystem;

namespace {

fs::path program() {
  if (const char* given = std::getenv("LINNET_PROGRAM")) return given;
  return fs::read_symlink("/proc/self/exe").parent_path().parent_path() / "bin/linnet";
}

// In the child: only what may be called between fork and exec.
[[noreturn]] void become(const std::vector<char*>& words, const std::vector<char*>& environment,
                         const std::string& folder, const std::string& out, const std::string& err,
                         const ProgramOptions& options) {
  const int out_file = open(out.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
  const int err_file = open(err.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
  const int in_file = open("/dev/null", O_RDONLY);
  dup2(in_file, STDIN_FILENO);
  dup2(out_file, STDOUT_FILENO);
  dup2(err_file, STDERR_FILENO);
  if (!folder.empty() && chdir(folder.c_str()) != 0) _exit(126);
  signal(SIGXFSZ, SIG_DFL);  // the program itself has to see to this
  if (options.file_bytes) {
    const rlimit limit{*options.file_bytes, *options.file_bytes};
    setrlimit(RLIMIT_FSIZE, &limit);
  }
  execve(words[0], words.data(), environment.data());
  _exit(127);
}

std::vector<std::string> environment_with(const std::map<std::string, std::string>& changes) {
  std::vector<std::string> environment;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string text = *entry;
    if (!changes.contains(text.substr(0, text.find('=')))) environment.push_back(text);
  }
  for (const auto& [name, value] : changes) environment.push_back(name + "=" + value);
  return environment;
}

std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> list;
  for (std::string& text : texts) list.push_back(text.data());
  list.push_back(nullptr);
  return list;
}

std::vector<std::string> lines_of(const std::string& text) {
  auto lines = split(text, '\n');
  while (!lines.empty() && lines.back().empty()) lines.pop_back();
  return lines;
}

}  // namespace

std::vector<std::string> ProgramRun::out_lines() const { return lines_of(out); }

std::vector<Json> ProgramRun::json_lines() const {
  std::vector<Json> lines;
  for (const std::string& line : out_lines()) {
    try {
      lines.push_back(Json::parse(line));
    } catch (const std::exception& e) {
      ADD_FAILURE() << e.what() << ": " << line;
    }
  }
  return lines;
}

ProgramRun run_linnet(const std::vector<std::string>& arguments, const ProgramOptions& options) {
  const TempDir dir;
  std::vector<std::string> words = {program().string()};
  words.insert(words.end(), arguments.begin(), arguments.end());
  auto changes = options.environment;
  // Tiny models do not gain from threads, and several programs at once would wait for each other's.
  changes.emplace("LINNET_THREADS", "1");
  auto environment = environment_with(changes);
  const auto word_list = pointers(words);
  const auto environment_list = pointers(environment);
  const std::string out = options.out.empty() ? (dir / "out").string() : options.out.string();
  const std::string err = (dir / "err").string();
  const pid_t child = fork();
  if (child == 0) become(word_list, environment_list, options.folder.string(), out, err, options);
  if (options.kill_after) {
    std::this_thread::sleep_for(*options.kill_after);
    kill(child, SIGKILL);  // still ours when it has ended: nobody has waited for it yet
  }
  int status = 0;
  EXPECT_EQ(waitpid(child, &status, 0), child);
  ProgramRun run;
  run.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  if (options.out.empty()) run.out = read_file(out);
  run.err = read_file(err);
  return run;
}

void expect_failure(const ProgramRun& run, int exit_code,
                    std::initializer_list<std::string_view> parts) {
  EXPECT_EQ(run.exit_code, exit_code) << run.err << run.out;
  const auto lines = lines_of(run.err);
  EXPECT_EQ(lines.size(), 1U) << run.err;
  const std::string line = lines.empty() ? "" : lines.back();
  EXPECT_TRUE(line.starts_with("error: ")) << run.err;
  for (const std::string_view part : parts)
    EXPECT_NE(line.find(part), std::string::npos) << "'" << part << "' is not in: " << line;
}

bool holds(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

}  // namespace linnet::test
