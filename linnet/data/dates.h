#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace linnet {

/** Seconds since 1970-01-01 00:00 UTC of a date, or nothing when `text` is none: 2024-05-01,
 * 2024/05/01, 2024:05:01 (as in Exif) or 20240501, then perhaps, after a space, T or _, a time
 * 12:30, 12:30:05, 12:30:05.5 or 123005, then perhaps Z or +02:00. Without a zone the time is taken
 * as it stands. Orders that differ between countries, as 05/01/2024, are none.
 */
std::optional<double> parse_date(std::string_view text);

/** "2024-05-01 12:30:05", or "2024-05-01" at midnight. */
std::string date_text(double seconds);

}  // namespace linnet
