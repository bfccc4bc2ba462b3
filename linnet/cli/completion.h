#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace linnet::cli {

/** One word that may stand where the cursor is. */
struct Candidate {
  std::string word;
  std::string text = {};  // one line about it; may be empty
};

/** What a shell offers at the cursor: these words and, where `files` or `folders` says so, names of
 * files or of directories, which the shell finds itself. */
struct Completion {
  enum class Paths { none, files, folders };
  std::vector<Candidate> candidates;
  Paths paths = Paths::none;
};

/** Completes the last of `words`, which may be empty and is what stands before the cursor; the
 * others are the words before it, without the program's own name. By the table of jobs; words that
 * name nothing complete to nothing. */
Completion complete(const std::vector<std::string>& words);

/** For the scripts below: "files", "folders" or "none" in the first line, then one candidate per
 * line, with a tab before its text. */
std::string completion_lines(const Completion& completion);

/** "bash", "fish", "zsh". */
std::vector<std::string> completion_shells();

/** A script for that shell that has `linnet --complete WORD...` complete the command line. */
std::string_view completion_script(std::string_view shell);

}  // namespace linnet::cli
