#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace linnet {

/** Parts of `text` between `delimiter`s; an empty text has one empty part. */
std::vector<std::string> split(std::string_view text, char delimiter);

std::string join(const std::vector<std::string>& parts, std::string_view separator);

/** Without white space at both ends. */
std::string_view trim(std::string_view text);

/** ASCII letters in lower case; other bytes stay. */
std::string to_lower(std::string_view text);

/** The `most` candidates nearest to `name` by edit distance, nearest first, none of them wholly
 * unlike it. */
std::vector<std::string> nearest_names(std::string_view name,
                                       const std::vector<std::string>& candidates, size_t most = 3);

/** "unknown KIND 'resnet35'. Did you mean resnet34, resnet18?", or all the candidates when none is
 * near. */
std::string unknown_name(std::string_view kind, std::string_view name,
                         const std::vector<std::string>& candidates);

/** Bytes as people read them: "812 MB" (1000-based, as downloads are stated). */
std::string human_bytes(double bytes);

/** Text from a file, such as a name, for a message: control characters become '?', and it is cut
 * after about `most` bytes. */
std::string shown_text(std::string_view text, size_t most = 80);

/** Seconds as fastai's tables show them: "00:42", "1:02:03". */
std::string human_time(double seconds);

}  // namespace linnet
