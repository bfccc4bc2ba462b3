#include "linnet/data/transforms/int_to_float.h"

namespace linnet {

namespace {

void convert(Column& column) {
  if (column.kind == Kind::image) column.data = column.data.to(torch::kFloat).div_(255.0);
  if (column.kind == Kind::mask) column.data = column.data.to(torch::kLong);
}

}  // namespace

void IntToFloat::apply(Batch& batch, Split, Generator&) const {
  for (Column& column : batch.x) convert(column);
  for (Column& column : batch.y) convert(column);
}

const Registered<BatchTransformEntry> int_to_float_entry{
    {"int_to_float", [](const Json&) -> BatchTransform { return IntToFloat(); }}};

}  // namespace linnet
