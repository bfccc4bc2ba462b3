#include "linnet/app/data_fields.h"

#include <fmt/format.h>

#include "linnet/core/error.h"
#include "linnet/core/strings.h"

namespace linnet {

namespace {

Field share_field(const char* name, std::string help, Json preset, std::string note) {
  return {.name = name,
          .kind = FieldKind::number,
          .help = std::move(help),
          .preset = std::move(preset),
          .preset_note = std::move(note),
          .min = 0,
          .max = 1,
          .open_range = true};
}

}  // namespace

std::vector<Field> held_out_fields(std::string_view items) {
  return {
      share_field("valid-pct", fmt::format("share of the {} held out to measure on", items), 0.2,
                  ""),
      share_field("test-pct",
                  fmt::format("share of the {} held back, before all else, as a test set", items),
                  nullptr, "none")};
}

Field subset_field(std::string_view items) {
  return share_field("subset",
                     fmt::format("for a quick try: this share of {}, of both sides", items),
                     nullptr, "all");
}

Field seed_field() {
  return {.name = "seed",
          .kind = FieldKind::integer,
          .help = "of the split, the order and all that is random: same seed, same numbers",
          .preset = 42,
          .min = 0};
}

Field batch_size_field(std::string_view items, int64_t preset) {
  return {.name = "batch-size",
          .kind = FieldKind::integer,
          .help = fmt::format("{} at once; fewer need less memory", items),
          .preset = preset,
          .min = 1};
}

Field workers_field() {
  return {.name = "workers",
          .kind = FieldKind::integer,
          .help = "threads that read pictures",
          .preset_note = "one a core, 16 at most",
          .min = 0,
          .max = 256};
}

Field delimiter_field() {
  return {.name = "delimiter",
          .help = "between the fields of the file; tab for a tabulator",
          .preset = ",",
          .placeholder = "CHARACTER"};
}

char delimiter_of(const Request& request) {
  const std::string& text = request.text("delimiter");
  if (text == "tab" || text == "\\t") return '\t';
  if (text.size() == 1) return text[0];
  throw UsageError(
      request.job(),
      fmt::format("--delimiter: got '{}', expected one character, or tab", shown_text(text)));
}

}  // namespace linnet
