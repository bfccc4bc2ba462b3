#include "linnet/data/splitters/time.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>

#include "linnet/core/error.h"
#include "linnet/core/strings.h"
#include "linnet/data/dates.h"
#include "linnet/data/splitters/entry.h"

namespace linnet {

namespace {

constexpr const char* kTimeWhere = "time_splitter";
constexpr double kDay = 86400;

double seconds_of(const Label& date, const Item& item) {
  if (date.is_number()) {
    const double number = date.number();
    if (number >= 1000 && number < 3000) {
      return *parse_date(fmt::format("{:04.0f}0101", std::floor(number)));
    }
    if (const auto day = parse_date(fmt::format("{:.0f}", number))) return *day;
    return number;
  }
  if (date.is_text()) {
    if (const auto seconds = parse_date(date.text())) return *seconds;
  }
  throw item.error(
      kTimeWhere, fmt::format("date: got '{}', expected one like 2024-05-01 or 2024-05-01 12:30:00",
                              shown_text(date.text())));
}

// The oldest moment that is held out.
double cut_by_share(std::vector<double> times, double valid_pct) {
  std::sort(times.begin(), times.end());
  const auto n = static_cast<double>(times.size());
  const double wanted = std::floor(valid_pct * n);
  // A cut may lie before any item that is newer than the one before it.
  double best = times.back(), best_distance = n;
  for (size_t i = 1; i < times.size(); ++i) {
    if (times[i] == times[i - 1]) continue;
    const double distance = std::abs(n - static_cast<double>(i) - wanted);
    if (distance < best_distance) best = times[i], best_distance = distance;
  }
  return best;
}

SplitIndices by_time(const LabelRule& date, const TimeOptions& options, const Items& items) {
  if (items.empty()) throw DataError(kTimeWhere, "got no items");
  std::vector<double> times;
  times.reserve(items.size());
  for (const auto& item : items) times.push_back(seconds_of(date(item), item));
  const auto [oldest, newest] = std::minmax_element(times.begin(), times.end());
  if (*oldest == *newest) {
    throw DataError(kTimeWhere,
                    fmt::format("all {} items have the date {}: there is no newer one to "
                                "hold out",
                                items.size(), date_text(*oldest)));
  }
  // With days, an item just that much older trains.
  const double cut = options.last_days ? *newest - *options.last_days * kDay
                                       : cut_by_share(times, options.valid_pct);
  SplitIndices split;
  for (size_t i = 0; i < times.size(); ++i) {
    const bool held_out = options.last_days ? times[i] > cut : times[i] >= cut;
    (held_out ? split.valid : split.train).push_back(static_cast<int64_t>(i));
  }
  if (split.train.empty()) {
    throw DataError(kTimeWhere,
                    fmt::format("the last {} days hold all items, from {} to {}: none is "
                                "left to train on",
                                *options.last_days, date_text(*oldest), date_text(*newest)));
  }
  return split;
}

// "30d:RULE" or "RULE".
Splitter parse_time(std::string_view arguments, const SplitterContext& context) {
  TimeOptions options{.valid_pct = context.valid_pct};
  const auto colon = arguments.find(':');
  const auto first = arguments.substr(0, colon);
  if (colon != std::string_view::npos && first.ends_with('d')) {
    double days = 0;
    const auto* end = first.data() + first.size() - 1;
    const auto [read, failure] = std::from_chars(first.data(), end, days);
    if (failure != std::errc() || read != end) {
      throw UsageError("split", fmt::format("days: got '{}', expected a number and d, as in "
                                            "time:30d:csv:FILE:COLUMN",
                                            first));
    }
    options.last_days = days;
    arguments.remove_prefix(colon + 1);
  }
  return time_splitter(parse_label_rule(arguments, context.root), options);
}

}  // namespace

Splitter time_splitter(const LabelRule& date, const TimeOptions& options) {
  if (!(options.valid_pct > 0 && options.valid_pct < 1)) {
    throw UsageError(kTimeWhere, fmt::format("valid_pct: got {}, expected a fraction above 0 and "
                                             "below 1",
                                             options.valid_pct));
  }
  if (options.last_days && !(*options.last_days > 0)) {
    throw UsageError(kTimeWhere,
                     fmt::format("last_days: got {}, expected more than 0", *options.last_days));
  }
  Json config{{"splitter", "time"}, {"date", date.config()}};
  if (options.last_days) {
    config["last_days"] = *options.last_days;
  } else {
    config["valid_pct"] = options.valid_pct;
  }
  return {[date, options](const Items& items) { return by_time(date, options, items); }, config};
}

const Registered<SplitterEntry> time_splitter_entry{
    {"time", "time:RULE or time:30d:RULE: the newest share, or the last days; RULE gives the date",
     parse_time}};

}  // namespace linnet
