#pragma once

#include <map>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

/** What is done to a table's columns before a model sees them. The names are fastai's, in a
 * namespace of their own, as `linnet::Normalize` is for pictures:
 *
 *      TabularLoaderOptions options{
 *          .procs = {procs::Categorify(), procs::FillMissing(), procs::Normalize()}};
 *
 *  source  fastai 2.7 tabular.core (golden tabular procs_*)
 */
namespace linnet::procs {

/** Categories become numbers: 0 is #na# (missing, or not known from training), then the sorted
 * values. */
struct Categorify {};

/** What a missing number becomes. */
enum class FillStrategy { median, mode, constant };

/** A missing number becomes the median of the training rows, or their most frequent number, or a
 * constant. A number that is missing in a new row, but in none of training, is an error: nobody
 * knows what it means. */
struct FillMissing {
  FillStrategy fill_strategy = FillStrategy::median;
  /** For each column with missing numbers a category `<name>_na`: whether it was missing. */
  bool add_col = true;
  std::map<std::string, double> fill_vals = {};  // of `constant`, by column; else 0
};

/** Numbers lose the mean and are divided by the standard deviation (ddof 0, + 1e-7) of the training
 * rows. */
struct Normalize {};

}  // namespace linnet::procs

namespace linnet {

using Proc = std::variant<procs::Categorify, procs::FillMissing, procs::Normalize>;

std::string_view proc_name(const Proc& proc);

/** As they are done, whatever order was given: FillMissing, Categorify, Normalize. UsageError for
 * one that comes twice. */
std::vector<Proc> in_order(std::vector<Proc> procs);

/** The one of that type, or null. */
template <class T>
const T* find_proc(const std::vector<Proc>& procs) {
  for (const Proc& proc : procs) {
    if (const T* found = std::get_if<T>(&proc)) return found;
  }
  return nullptr;
}

}  // namespace linnet
