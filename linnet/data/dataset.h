#pragma once

#include <concepts>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "linnet/data/item.h"
#include "linnet/data/value.h"

namespace linnet {

/** Items by position: each is its sources, one for each block of a pipeline (or one for each input,
 * without labels). A cheap view: many data sets (training, validation) share what they read from.
 * Any class that has `size()` and `get(i)` is one:
 *
 *      struct Waves {
 *        int64_t size() const { return 1000; }
 *        std::vector<Value> get(int64_t i) const {  // from several threads
 *          const auto x = torch::linspace(0, 6.28, 64) + i;
 *          return {x.sin(), Label(i % 2)};
 *        }
 *      };
 *      Dataset waves{Waves()};
 *
 *  With `std::string name(int64_t i)` messages call its items so, else "item 3".
 */
class Dataset {
 public:
  using Sources = std::vector<Value>;

  Dataset() = default;
  /** All rows of `table`, with their items where these are known. UsageError for another number of
   * items than rows. */
  explicit Dataset(std::vector<Sources> table, Items items = {});
  template <class Own>
  requires requires(const Own& own, int64_t i) {
    { own.size() } -> std::convertible_to<int64_t>;
    { own.get(i) } -> std::convertible_to<Sources>;
  }
  explicit Dataset(Own own) : Dataset(std::make_shared<const OwnSource<Own>>(std::move(own))) {}

  /** The rows of this one at `positions`, in that order. */
  Dataset subset(const std::vector<int64_t>& positions) const;

  int64_t size() const { return static_cast<int64_t>(rows_.size()); }
  /** `position` in 0 .. size()-1. A value: refer to none of its parts beyond the statement. */
  Sources operator[](int64_t position) const { return source_->get(row(position)); }
  Item item(int64_t position) const { return source_->item(row(position)); }
  /** The source of one block for all items, in order. */
  std::vector<Value> column(size_t block) const;

 private:
  struct Source {
    virtual ~Source() = default;
    virtual int64_t size() const = 0;
    virtual Sources get(int64_t row) const = 0;
    virtual Item item(int64_t row) const;
  };
  struct Rows;
  template <class Own>
  struct OwnSource final : Source {
    explicit OwnSource(Own items) : own(std::move(items)) {}
    int64_t size() const override { return own.size(); }
    Sources get(int64_t row) const override { return own.get(row); }
    Item item(int64_t row) const override {
      if constexpr (requires { own.name(row); }) return Item::named(row, own.name(row));
      return Source::item(row);
    }
    Own own;
  };
  explicit Dataset(std::shared_ptr<const Source> source);
  int64_t row(int64_t position) const { return rows_.at(static_cast<size_t>(position)); }

  std::shared_ptr<const Source> source_;
  std::vector<int64_t> rows_;
};

}  // namespace linnet
