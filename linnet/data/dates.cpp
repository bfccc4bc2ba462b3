#include "linnet/data/dates.h"

#include <fmt/format.h>

#include <chrono>
#include <cmath>

#include "linnet/core/regex.h"
#include "linnet/core/strings.h"

namespace linnet {

namespace {

namespace chrono = std::chrono;

constexpr double kDay = 86400;

// One group each: year, separator, month, day, hour, minute, second, zone.
const Regex& pattern() {
  static const Regex regex(
      R"(^(\d{4})([-/:]?)(\d{2})\2(\d{2})(?:[ T_](\d{2}):?(\d{2})(?::?(\d{2}(?:\.\d+)?))?\s*(Z|[+-]\d{2}:?\d{2})?)?$)");
  return regex;
}

int number(const std::string& text) { return text.empty() ? 0 : std::stoi(text); }

// "+02:00" as seconds.
double zone_offset(const std::string& zone) {
  if (zone.size() < 5) return 0;
  const double offset =
      number(zone.substr(1, 2)) * 3600 + number(zone.substr(zone.size() - 2)) * 60;
  return zone[0] == '-' ? -offset : offset;
}

}  // namespace

std::optional<double> parse_date(std::string_view text) {
  const std::string trimmed(trim(text));
  const auto group = [&](int i) { return pattern().search(trimmed, i).value_or(""); };
  if (!pattern().search(trimmed)) return std::nullopt;
  const chrono::year_month_day day(chrono::year(number(group(1))),
                                   chrono::month(static_cast<unsigned>(number(group(3)))),
                                   chrono::day(static_cast<unsigned>(number(group(4)))));
  const int hour = number(group(5)), minute = number(group(6));
  const auto second_text = group(7);
  const double second = second_text.empty() ? 0 : std::stod(second_text);
  if (!day.ok() || hour > 23 || minute > 59 || second >= 61) return std::nullopt;
  const auto days = chrono::sys_days(day).time_since_epoch().count();
  return static_cast<double>(days) * kDay + hour * 3600 + minute * 60 + second -
         zone_offset(group(8));
}

std::string date_text(double seconds) {
  const double days = std::floor(seconds / kDay);
  const chrono::year_month_day day{chrono::sys_days(chrono::days(static_cast<int64_t>(days)))};
  const auto rest = static_cast<int64_t>(seconds - days * kDay);
  const auto date =
      fmt::format("{:04}-{:02}-{:02}", static_cast<int>(day.year()),
                  static_cast<unsigned>(day.month()), static_cast<unsigned>(day.day()));
  if (rest == 0) return date;
  return fmt::format("{} {:02}:{:02}:{:02}", date, rest / 3600, rest / 60 % 60, rest % 60);
}

}  // namespace linnet
