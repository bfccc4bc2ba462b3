#include <fmt/format.h>
#include <unistd.h>

#include <set>

#include "linnet/core/error.h"
#include "linnet/core/strings.h"
#include "linnet/data/cleaning_list.h"

// Moving files as a cleaning list says.
namespace linnet {

namespace {

namespace fs = std::filesystem;

constexpr const char* kCleaningMovesWhere = "cleaning list";

[[noreturn]] void refuse(const CleaningList& list, int64_t line, const std::string& what) {
  throw DataError(kCleaningMovesWhere, list.csv, what, line);
}

bool names_a_folder(const std::string& label) {
  return !label.empty() && label.front() != '.' && label.find('/') == std::string::npos &&
         label.find('\0') == std::string::npos;
}

fs::path relabelled(const CleaningRow& row, const CleaningList& list) {
  const fs::path folder = row.file.parent_path();
  if (folder.filename() != row.label) {
    refuse(list, row.line,
           fmt::format("{} lies in the folder '{}' and not in one of its label '{}': only "
                       "pictures in folders by label can be relabelled by moving. Write a list of "
                       "labels instead.",
                       row.file.string(), folder.filename().string(), shown_text(row.label)));
  }
  if (!names_a_folder(row.suggestion)) {
    refuse(list, row.line,
           fmt::format("'{}' cannot be the name of a folder", shown_text(row.suggestion)));
  }
  return folder.parent_path() / row.suggestion / row.file.filename();
}

// The folder itself, or the nearest one above that is there.
fs::path nearest_there(fs::path folder) {
  while (!folder.empty() && !fs::exists(folder) && folder.has_parent_path() &&
         folder.parent_path() != folder) {
    folder = folder.parent_path();
  }
  return folder.empty() || !fs::exists(folder) ? fs::path(".") : folder;
}

void require_writable(const fs::path& folder) {
  const fs::path there = nearest_there(folder);
  if (access(there.c_str(), W_OK | X_OK) == 0) return;
  throw IoError(kCleaningMovesWhere, there, "files cannot be moved here: there is no write access");
}

void move_one(const FileMove& move) {
  std::error_code error;
  fs::create_directories(move.to.parent_path(), error);
  if (!error && fs::exists(move.to)) error = std::make_error_code(std::errc::file_exists);
  if (!error) fs::rename(move.from, move.to, error);
  if (error) {
    throw IoError(kCleaningMovesWhere, move.from,
                  fmt::format("cannot be moved to {}: {}. What had been moved was moved back.",
                              move.to.string(), error.message()));
  }
}

}  // namespace

fs::path trash_folder(const fs::path& root) {
  const fs::path whole = fs::weakly_canonical(fs::absolute(root));
  return whole.parent_path() / (whole.filename().string() + "-trash");
}

std::vector<FileMove> plan_moves(const CleaningList& list) {
  std::vector<FileMove> moves;
  std::set<fs::path> places;
  for (const CleaningRow& row : list.rows) {
    if (row.action == CleaningAction::keep) continue;
    if (row.action == CleaningAction::relabel && row.suggestion == row.label) continue;
    FileMove move{.from = row.file,
                  .to = row.action == CleaningAction::remove
                            ? trash_folder(list.root) / fs::path(row.name)
                            : relabelled(row, list),
                  .line = row.line};
    if (fs::exists(fs::symlink_status(move.to)) || !places.insert(move.to).second) {
      refuse(list, row.line, fmt::format("the place {} is taken", move.to.string()));
    }
    require_writable(move.from.parent_path());
    require_writable(move.to.parent_path());
    moves.push_back(std::move(move));
  }
  return moves;
}

void move_files(const std::vector<FileMove>& moves) {
  size_t done = 0;
  try {
    for (; done < moves.size(); ++done) move_one(moves[done]);
  } catch (...) {
    std::error_code ignored;  // the first fault is the one to tell
    while (done-- > 0) fs::rename(moves[done].to, moves[done].from, ignored);
    throw;
  }
}

}  // namespace linnet
