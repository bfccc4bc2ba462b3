#pragma once

#include "linnet/data/transform.h"

namespace linnet {

class Resize final : public ItemTransformImpl {
 public:
  explicit Resize(int64_t size) : size_(size) {}
  std::string_view name() const override { return "resize"; }
  double order() const override { return 1; }
  Json config() const override { return Json{{"size", size_}}; }
  void apply(Sample& sample, Split split, Generator& random) const override;

 private:
  int64_t size_;
};

}  // namespace linnet
