#pragma once

#include <optional>
#include <string>
#include <vector>

#include "linnet/data/check_data.h"
#include "linnet/data/near_pictures.h"

// Insides of check_data.
namespace linnet::detail {

/** What was seen of one file. */
struct CheckedFile {
  std::string name;   // relative to the root
  std::string error;  // why it cannot be read; empty when it can
  std::string label_error;
  std::optional<Label> label;
  std::string side;  // train, valid, test; empty when it is on none
  int64_t height = 0, width = 0;
  std::string format;  // by its content: "jpeg"; empty when it is none that is known
  std::string hash;
  std::optional<PictureTraits> traits;
};

/** The kind of picture that the file's first bytes are of. */
std::string format_of(const std::filesystem::path& file);

/** The classes of a label: several for a list of texts, none for numbers. */
std::vector<std::string> class_names(const Label& label);

using ClassCounts = std::map<std::string, std::map<std::string, int64_t>>;

/** All there is to say, errors first. */
std::vector<Finding> findings_in(const std::vector<CheckedFile>& files, const ClassCounts& counts,
                                 const CheckOptions& options);

}  // namespace linnet::detail
