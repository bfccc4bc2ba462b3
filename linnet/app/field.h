#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "linnet/core/json.h"

namespace linnet {

/** What a field's value is: Json text for text, path and choice; a whole number, number or bool; an
 * array of texts for list ("a,b" on a command line). */
enum class FieldKind { text, integer, number, flag, path, list, choice };

/** One input of a job, described once: command-line options, help, web forms and the docs are all
 * made from it.
 *
 *      const Field epochs{.name = "epochs", .kind = FieldKind::integer,
 *                         .help = "rounds over the pictures", .preset = 1, .min = 1};
 */
struct Field {
  std::string name;  // "batch-size": the option --batch-size
  FieldKind kind = FieldKind::text;
  std::string help = {};  // one line
  Json preset = nullptr;  // the value when none is given; null when there is none (a flag is false)
  std::string preset_note = {};           // that in words, where it is no constant
  std::string placeholder = {};           // of its value in help: "FILE"; by default from the kind
  std::vector<std::string> choices = {};  // of a choice, and of a list's members; for a text some
                                          // of what it may be, or begin with ("csv:"), to complete
  std::optional<double> min = std::nullopt;
  std::optional<double> max = std::nullopt;
  bool open_range = false;  // min and max themselves are not allowed
  bool positional = false;  // given by its place, without a name
  bool repeated = false;    // any number of values; its value is an array
  bool required = false;
  std::string required_unless = {};  // the name of a field in whose presence this one is not
};

/** "--batch-size", or "PICTURE" for one that is given by its place. */
std::string shown_name(const Field& field);
/** "N", "FILE", "imagenet|none|FILE": what stands for the value in help. */
std::string shown_placeholder(const Field& field);

/** A value as it is typed on a command line or in a form. UsageError, begun by `where`, when it is
 * none for this field. */
Json field_value(const Field& field, std::string_view text, std::string_view where);

/** `value` as this field holds it (1 becomes 1.0 for a number), checked as `field_value` does. */
Json checked_value(const Field& field, const Json& value, std::string_view where);

}  // namespace linnet
