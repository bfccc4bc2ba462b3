#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "linnet/core/error.h"
#include "linnet/core/strings.h"

namespace linnet {

/** Rows of one kind that units add at program start. `Row` has a member `name` that converts to
 * std::string_view. Each registry says what it holds in `kind` ("architecture", "metric"), for
 * messages.
 */
template <class Row>
class Registry {
 public:
  explicit Registry(std::string kind) : kind_(std::move(kind)) {}

  void add(Row row) {
    if (find(row.name) != nullptr) {
      throw UsageError("Registry::add",
                       kind_ + " '" + std::string(row.name) + "' is registered twice");
    }
    auto at = rows_.begin();  // kept sorted, so that listings do not depend on the order of linking
    while (at != rows_.end() && std::string_view(at->name) < std::string_view(row.name)) ++at;
    rows_.insert(at, std::move(row));
  }

  const std::vector<Row>& rows() const { return rows_; }

  const Row* find(std::string_view name) const {
    for (const Row& row : rows_) {
      if (std::string_view(row.name) == name) return &row;
    }
    return nullptr;
  }

  /** The row of that name; otherwise UsageError that offers the nearest names. */
  const Row& at(std::string_view name) const {
    if (const Row* row = find(name)) return *row;
    throw UsageError(kind_, unknown_name(kind_, name, names()));
  }

  std::vector<std::string> names() const {
    std::vector<std::string> names;
    for (const Row& row : rows_) names.emplace_back(row.name);
    return names;
  }

 private:
  std::string kind_;
  std::vector<Row> rows_;
};

/** The one registry of this row type. Each row type's header declares a specialisation, and one
 * .cpp defines it. */
template <class Row>
Registry<Row>& registry();

/** Adds a row when the program starts: `const Registered<MetricSpec> row{accuracy};` at the end of
 * a unit. */
template <class Row>
struct Registered {
  explicit Registered(Row row) { registry<Row>().add(std::move(row)); }
};

}  // namespace linnet
