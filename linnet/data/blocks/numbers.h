#pragma once

#include <string_view>
#include <vector>

#include "linnet/data/value.h"

// Insides that the blocks for numbers share.
namespace linnet::detail {

/** All numbers in a source, in order, whether it is one number, a text, a list or a list of points.
 *  errors  DataError that names `block` for what is no finite number
 */
std::vector<float> numbers_of(const Value& source, std::string_view block);

/** All numbers of a prediction: one, or a list. */
Label label_of_numbers(const torch::Tensor& prediction);

/** The shortest decimal that reads back as this float32, so that 0.3F prints as 0.3. */
Label number_label(float value);

}  // namespace linnet::detail
