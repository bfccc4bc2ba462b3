#pragma once

#include <optional>
#include <string_view>

#include "linnet/data/value.h"

namespace linnet {

/** What the cells of a table's column are, missing ones apart: True and False; whole numbers;
 * numbers; anything else. */
enum class CellType { boolean, integer, number, text };

std::string_view to_string(CellType type);
/** DataError for a name that is none. */
CellType cell_type_from_string(std::string_view name);

/** Whether a cell's text says that nothing is known: empty, or a word that pandas reads so (NA,
 * NaN, null, N/A ...; not "None" and not "?"). */
bool is_missing_text(std::string_view text);
/** The same of a cell: such a text, or a number that is NaN. */
bool is_missing(const Label& cell);

/** The finite number that all of a text is, spaces around it apart. */
std::optional<double> finite_number_in(std::string_view text);
/** The same as numbers are written: "007" is a name. */
std::optional<double> number_in(std::string_view text);
/** Whether such a number is written without point and exponent. */
bool is_integer_text(std::string_view text);
/** True or False, in capitals or not. */
std::optional<bool> bool_in(std::string_view text);

/** What a text says as a cell of a column of that type; an empty text when it is missing; nothing
 * when it is none of that type: "abc" among numbers. */
std::optional<Label> cell_in(std::string_view text, CellType type);
/** The same of a cell that comes as a text (from a file, a form or a command line) or as a value.
 */
std::optional<Label> as_type(const Label& cell, CellType type);

}  // namespace linnet
