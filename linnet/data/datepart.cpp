#include "linnet/data/datepart.h"

#include <fmt/format.h>

#include <chrono>
#include <cmath>

#include "linnet/core/error.h"
#include "linnet/core/strings.h"
#include "linnet/data/dates.h"

namespace linnet {

namespace {

namespace chrono = std::chrono;

constexpr double kDay = 86400;

/** A moment taken apart. */
struct Moment {
  chrono::sys_days day;
  chrono::year_month_day date;
  int64_t second_of_day;
  double elapsed;

  explicit Moment(double seconds)
      : day(chrono::days(static_cast<int64_t>(std::floor(seconds / kDay)))),
        date(day),
        second_of_day(
            static_cast<int64_t>(std::floor(seconds - std::floor(seconds / kDay) * kDay))),
        elapsed(std::floor(seconds)) {}

  int64_t month() const { return static_cast<unsigned>(date.month()); }
  int64_t weekday() const { return chrono::weekday(day).iso_encoding() - 1; }  // Monday 0
  int64_t day_of_year() const {
    return (day - chrono::sys_days(date.year() / chrono::January / 1)).count() + 1;
  }
  bool month_start() const { return date.day() == chrono::day(1); }
  bool month_end() const {
    return chrono::year_month_day(day + chrono::days(1)).day() == chrono::day(1);
  }

  /** The week that holds this week's Thursday, counted in the Thursday's year (ISO 8601). */
  int64_t week() const {
    const auto thursday = day - chrono::days(weekday()) + chrono::days(3);
    const auto year = chrono::year_month_day(thursday).year();
    return (thursday - chrono::sys_days(year / chrono::January / 1)).count() / 7 + 1;
  }
};

struct Part {
  const char* name;
  CellType type;
  Label (*of)(const Moment&);
};

constexpr Part kDateParts[] = {
    {"Year", CellType::integer, [](const Moment& m) { return Label(int{m.date.year()}); }},
    {"Month", CellType::integer, [](const Moment& m) { return Label(m.month()); }},
    {"Week", CellType::integer, [](const Moment& m) { return Label(m.week()); }},
    {"Day", CellType::integer, [](const Moment& m) { return Label(unsigned{m.date.day()}); }},
    {"Dayofweek", CellType::integer, [](const Moment& m) { return Label(m.weekday()); }},
    {"Dayofyear", CellType::integer, [](const Moment& m) { return Label(m.day_of_year()); }},
    {"Is_month_end", CellType::boolean, [](const Moment& m) { return Label(m.month_end()); }},
    {"Is_month_start", CellType::boolean, [](const Moment& m) { return Label(m.month_start()); }},
    {"Is_quarter_end", CellType::boolean,
     [](const Moment& m) { return Label(m.month_end() && m.month() % 3 == 0); }},
    {"Is_quarter_start", CellType::boolean,
     [](const Moment& m) { return Label(m.month_start() && m.month() % 3 == 1); }},
    {"Is_year_end", CellType::boolean,
     [](const Moment& m) { return Label(m.month_end() && m.month() == 12); }},
    {"Is_year_start", CellType::boolean,
     [](const Moment& m) { return Label(m.month_start() && m.month() == 1); }},
};
constexpr Part kTimeParts[] = {
    {"Hour", CellType::integer, [](const Moment& m) { return Label(m.second_of_day / 3600); }},
    {"Minute", CellType::integer, [](const Moment& m) { return Label(m.second_of_day / 60 % 60); }},
    {"Second", CellType::integer, [](const Moment& m) { return Label(m.second_of_day % 60); }},
};
constexpr Part kElapsed{"Elapsed", CellType::number,
                        [](const Moment& m) { return Label(m.elapsed); }};

std::vector<std::optional<Moment>> moments_in(const Table& table, const TableColumn& column,
                                              const DatepartOptions& options) {
  std::vector<std::optional<Moment>> moments;
  for (int64_t row = 0; row < column.size(); ++row) {
    const Label cell = column[row];
    if (is_missing(cell)) {
      moments.emplace_back(std::nullopt);
      continue;
    }
    // 20240501 reads as a number.
    const auto text = cell.is_number() ? fmt::format("{:.0f}", cell.number()) : cell.text();
    const auto seconds = parse_date(text);
    if (seconds) {
      moments.emplace_back(Moment(*seconds));
      continue;
    }
    const auto fault = fmt::format(
        "column '{}': got '{}', expected a date like 2024-05-01 or "
        "2024-05-01 12:30:00",
        column.name(), shown_text(text));
    if (!options.on_bad_date) throw DataError("add_datepart", table.path(), fault, table.line(row));
    options.on_bad_date(row, fault);
    moments.emplace_back(std::nullopt);
  }
  return moments;
}

TableColumn part_column(const std::vector<std::optional<Moment>>& moments, const Part& part,
                        const std::string& prefix) {
  CellType type = part.type;
  std::vector<Label> cells;
  for (const auto& moment : moments) {
    if (moment) {
      cells.push_back(part.of(*moment));
    } else if (part.type == CellType::boolean) {
      cells.emplace_back(false);
    } else {
      cells.emplace_back("");
      type = CellType::number;  // whole numbers with missing ones, as in pandas
    }
  }
  return {prefix + part.name, type, cells};
}

std::string prefix_of(const std::string& field) {
  if (!field.ends_with("date") && !field.ends_with("Date")) return field;
  return field.substr(0, field.size() - 4);
}

}  // namespace

Table add_datepart(Table table, const ColumnRef& field, const DatepartOptions& options) {
  const auto moments = moments_in(table, table[field], options);
  const auto prefix = options.prefix.value_or(prefix_of(table[field].name()));
  if (options.drop) table.drop(field);
  for (const Part& part : kDateParts) table.set(part_column(moments, part, prefix));
  if (options.time) {
    for (const Part& part : kTimeParts) table.set(part_column(moments, part, prefix));
  }
  table.set(part_column(moments, kElapsed, prefix));
  return table;
}

}  // namespace linnet
