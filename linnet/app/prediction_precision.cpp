#include "linnet/app/prediction_precision.h"

namespace linnet {

Field prediction_precision_field() {
  return {.name = "precision",
          .kind = FieldKind::choice,
          .help =
              "of a picture's convolutions: bfloat16 is faster on processors that compute in "
              "it, and moves probabilities that are not sure by up to some hundredths; auto "
              "takes it there",
          .preset = "float32",
          .choices = {"float32", "bfloat16", "auto"}};
}

Precision prediction_precision(const Request& request) {
  return precision_named(request.text("precision"));
}

}  // namespace linnet
