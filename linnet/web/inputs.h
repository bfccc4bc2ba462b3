#pragma once

#include <cstdint>
#include <exception>
#include <vector>

#include "linnet/app/field.h"
#include "linnet/app/model_use.h"
#include "linnet/web/request_body.h"

namespace linnet::web {

/** The filled form that a request holds: form fields by name; a JSON object whose members are the
 * fields, files among them in base64; or the bytes of the one file that the model takes. A file of
 * another field's name is taken too where the model takes only one.
 *  form    what the model is asked with
 *  errors  UsageError for unknown fields, wrong values, missing or repeated ones; HttpError 400 for
 * broken base64, 415 for a file's bytes where the form has other fields
 */
FormInput input_of(RequestBody body, const std::vector<Field>& form);

/** Several at once: every file of a form, for a model that takes one file; or {"inputs": [...]}. An
 * input that is wrong holds its error.
 *  most    HttpError 413 for more
 */
struct MaybeInput {
  FormInput input = {};
  std::exception_ptr error = nullptr;  // UsageError or HttpError, when it is no input
};
std::vector<MaybeInput> inputs_of(RequestBody body, const std::vector<Field>& form, int64_t most);

}  // namespace linnet::web
