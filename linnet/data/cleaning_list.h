#pragma once

#include <cstdint>
#include <filesystem>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace linnet {

/** What is to become of a file. */
enum class CleaningAction { keep, relabel, remove };

/** A row of a list of files that somebody has looked through. */
struct CleaningRow {
  std::filesystem::path file;
  std::string name;        // below the root, with '/'
  std::string label;       // as it is
  std::string suggestion;  // what `relabel` makes of it
  CleaningAction action = CleaningAction::keep;
  int64_t line = 0;  // in the list, from 1
};

/** A list of files with what is to become of them.
 *
 *    path,label,suggestion,action
 *    cats/1.jpg,cat,dog,relabel
 *    cats/2.jpg,cat,,delete
 *    dogs/3.jpg,dog,cat,keep
 */
struct CleaningList {
  std::filesystem::path csv;   // where it was read
  std::filesystem::path root;  // what names count from
  std::vector<CleaningRow> rows;
};

/** Reads such a list; an empty action is `keep`, other columns are passed over. Names count from
 * `root`; when that is empty from the folder in the column `folder`, else from the list's own.
 *  errors  what read_csv throws; DataError with the row for an action that is none of keep, relabel
 *          and delete, a file that is not there, is named twice or is not below the root, and a
 *          relabel without suggestion
 */
CleaningList read_cleaning_list(const std::filesystem::path& csv,
                                const std::filesystem::path& root = {});

/** DataError with the row for a suggestion to be applied that is not among `labels`. */
void require_known_labels(const CleaningList& list, const std::set<std::string>& labels);

/** A file to be moved. */
struct FileMove {
  std::filesystem::path from;
  std::filesystem::path to;
  int64_t line = 0;  // in the list
};

/** The folder for what is deleted: beside the root, "ROOT-trash". */
std::filesystem::path trash_folder(const std::filesystem::path& root);

/** What the list means for files that lie in a folder of their label's name: relabelled ones go
 * into the folder of their new label, deleted ones into the trash folder, under the names that they
 * have below the root. Nothing is moved yet. errors  DataError with the row for a relabelled file
 * whose folder is not its label, a label that cannot name a folder, a place that is taken; IoError
 * for a folder without write access
 */
std::vector<FileMove> plan_moves(const CleaningList& list);

/** Moves all, making folders as needed. When one cannot be moved, those moved before it go back.
 * IoError. */
void move_files(const std::vector<FileMove>& moves);

}  // namespace linnet
