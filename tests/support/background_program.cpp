#include "support/background_program.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <filesystem>
#include <thread>

namespace linnet::test {

namespace {

std::filesystem::path program() {
  if (const char* given = std::getenv("LINNET_PROGRAM")) return given;
  return std::filesystem::read_symlink("/proc/self/exe").parent_path().parent_path() / "bin/linnet";
}

std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> list;
  for (std::string& text : texts) list.push_back(text.data());
  list.push_back(nullptr);
  return list;
}

}  // namespace

BackgroundProgram::BackgroundProgram(const std::vector<std::string>& arguments,
                                     const std::vector<std::string>& environment) {
  std::vector<std::string> words = {program().string()};
  words.insert(words.end(), arguments.begin(), arguments.end());
  std::vector<std::string> settings = environment;
  settings.emplace_back("LINNET_THREADS=1");
  for (char** entry = environ; *entry != nullptr; ++entry) settings.emplace_back(*entry);
  const std::string out = (dir_ / "out").string();
  posix_spawn_file_actions_t files;
  posix_spawn_file_actions_init(&files);
  posix_spawn_file_actions_addopen(&files, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_addopen(&files, STDOUT_FILENO, out.c_str(), O_WRONLY | O_CREAT, 0600);
  posix_spawn_file_actions_adddup2(&files, STDOUT_FILENO, STDERR_FILENO);
  EXPECT_EQ(posix_spawn(&child_, words[0].c_str(), &files, nullptr, pointers(words).data(),
                        pointers(settings).data()),
            0);
  posix_spawn_file_actions_destroy(&files);
}

BackgroundProgram::~BackgroundProgram() {
  if (exit_code_) return;
  signal(SIGKILL);
  wait();
}

std::string BackgroundProgram::out() const {
  const auto file = dir_ / "out";
  return std::filesystem::exists(file) ? read_file(file) : std::string();
}

std::string BackgroundProgram::wait_for(const std::string& beginning) const {
  for (int i = 0; i < 600; ++i) {
    const std::string text = out();
    const size_t at = text.find(beginning);
    const size_t end = at == std::string::npos ? at : text.find('\n', at);
    if (end != std::string::npos)
      return text.substr(at + beginning.size(), end - at - beginning.size());
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
  }
  ADD_FAILURE() << "'" << beginning << "' is not in: " << out();
  return {};
}

void BackgroundProgram::signal(int number) const { kill(child_, number); }

int BackgroundProgram::wait() {
  if (!exit_code_) {
    int status = 0;
    EXPECT_EQ(waitpid(child_, &status, 0), child_);
    exit_code_ = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  }
  return *exit_code_;
}

}  // namespace linnet::test
