#pragma once

#include <string_view>

namespace linnet {

/** How numbers are kept in the model's forward pass. */
enum class Precision { float32, bfloat16, float16 };

/** bfloat16 where the processor or GPU computes with it, else float32. */
Precision best_precision();

/** "float32", "bfloat16", "float16". */
std::string_view to_string(Precision precision);
/** One of these, or "auto", which is the best that this machine computes with. UsageError for
 * another. */
Precision precision_named(std::string_view name);

}  // namespace linnet
