#include "linnet/data/splitters/entry.h"

namespace linnet {

template <>
Registry<SplitterEntry>& registry<SplitterEntry>() {
  static Registry<SplitterEntry> rows("splitter");
  return rows;
}

Splitter parse_splitter(std::string_view text, const SplitterContext& context) {
  const auto colon = text.find(':');
  const auto arguments =
      colon == std::string_view::npos ? std::string_view() : text.substr(colon + 1);
  return registry<SplitterEntry>().at(text.substr(0, colon)).parse(arguments, context);
}

}  // namespace linnet
