#include "linnet/app/segmentation_data.h"

#include <fmt/format.h>
#include <torch/utils.h>

#include <charconv>
#include <filesystem>
#include <memory>
#include <string>

#include "linnet/app/data_fields.h"
#include "linnet/core/enum_names.h"
#include "linnet/core/error.h"
#include "linnet/core/strings.h"
#include "linnet/data/items.h"
#include "linnet/data/mask_file.h"
#include "linnet/data/splitters/entry.h"
#include "linnet/data/splitters/random.h"
#include "linnet/vision/augment/aug_transforms.h"
#include "linnet/vision/transforms/flip_item.h"
#include "linnet/vision/transforms/resize.h"

namespace linnet {

namespace fs = std::filesystem;

namespace {

constexpr EnumNames<ResizeMethod, 3> kMethods{"resize", {"crop", "pad", "squish"}};

std::vector<int64_t> values_of(const Request& request) {
  std::vector<int64_t> values;
  if (!request.has("values")) return values;
  for (const std::string& text : request.texts("values")) {
    int64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size()) {
      throw UsageError(request.job(),
                       fmt::format("--values: got '{}', expected whole numbers from 0 to 255, "
                                   "separated by commas",
                                   text));
    }
    values.push_back(value);
  }
  return values;
}

/** Pictures that are skipped: counted while the data are looked at, told one by one after it. */
class LeftOut {
 public:
  void add(const std::string& reason, Reporter& reporter) {
    if (told_) reporter.warn(reason);
    if (count_++ == 0) first_ = reason;
  }
  void tell(int64_t of, Reporter& reporter) {
    told_ = true;
    if (count_ == 0) return;
    reporter.warn(fmt::format("{} of {} pictures are left out: {}", count_, of, first_));
  }

 private:
  int64_t count_ = 0;
  std::string first_;
  bool told_ = false;
};

std::vector<fs::path> pictures_in(const Request& request, const LabelRule& mask_of) {
  const fs::path path = request.path("path");
  const fs::path folder = request.has("images") ? path / request.path("images") : path;
  auto files = without_masks(get_image_files(folder), mask_of);
  if (files.empty()) {
    throw DataError(request.job(), folder,
                    "there are no pictures in this folder (files that end in .jpg, .png ...). "
                    "Check the path.");
  }
  return files;
}

Splitter splitter_of(const Request& request, const LabelRule& mask_of) {
  const auto seed = static_cast<uint64_t>(request.integer("seed"));
  const double valid_pct = request.number("valid-pct");
  if (!request.has("split")) return random_splitter(valid_pct, seed);
  return parse_splitter(
      request.text("split"),
      {.root = request.path("path"), .valid_pct = valid_pct, .seed = seed, .label = mask_of});
}

ItemTransforms item_tfms_of(const Request& request) {
  ItemTransforms item_tfms;
  if (request.has("size")) {
    item_tfms.add(
        Resize(request.integer("size"), {.method = kMethods.value(request.text("resize"))}));
  }
  if (request.flag("flip")) item_tfms.add(FlipItem());
  return item_tfms;
}

std::vector<Field> mask_fields() {
  using enum FieldKind;
  return {{.name = "path",
           .kind = path,
           .help = "folder of the pictures and their masks",
           .positional = true,
           .required = true},
          {.name = "images",
           .kind = path,
           .help = "the folder of the pictures below PATH",
           .preset_note = "all pictures below PATH that are no masks",
           .placeholder = "FOLDER"},
          {.name = "labels",
           .help = "where a picture's mask is, below PATH: labels/{stem}_P.png, where {stem} is "
                   "the picture's name without its ending; a folder alone: FOLDER/{stem}.png; "
                   "{folder}/{stem}_mask.png is beside the picture",
           .placeholder = "PATTERN",
           .required = true},
          {.name = "codes",
           .help = "the names of the classes 0, 1, 2 ... of a mask's pixels: a FILE with one a "
                   "line, or background,cat,dog",
           .preset_note = "PATH/codes.txt",
           .placeholder = "FILE|NAMES"},
          {.name = "values",
           .kind = list,
           .help = "the number that a pixel of each class has in the masks, where they do not "
                   "count from 0: 0,255",
           .preset_note = "0,1,2 and so on"},
          {.name = "missing",
           .kind = choice,
           .help = "what to do about pictures without a mask that fits: stop, or skip them",
           .preset = "stop",
           .choices = {"stop", "skip"}}};
}

Field split_field() {
  return {.name = "split",
          .help =
              "who is held out: random, group:RULE (no group on both sides, as the frames of "
              "one film), file:FILE (a saved split), end",
          .preset = "random",
          .placeholder = "SPLIT"};
}

std::vector<Field> shape_fields() {
  using enum FieldKind;
  return {{.name = "size",
           .kind = integer,
           .help = "pixels: pictures and masks are resized to squares of it",
           .preset_note = "as they are: all of one size",
           .min = 8,
           .max = 4096},
          {.name = "resize",
           .kind = choice,
           .help = "how, for pictures of another shape: a part, all with margins, all distorted",
           .preset = "crop",
           .choices = {kMethods.names.begin(), kMethods.names.end()}},
          {.name = "flip",
           .kind = flag,
           .help = "mirror half of the training pictures with their masks, others each time"},
          {.name = "augment",
           .kind = flag,
           .help = "change the training pictures and their masks at random, each time anew: "
                   "mirror, turn, zoom, perspective, light"}};
}

}  // namespace

std::vector<Field> segmentation_data_fields() {
  auto fields = mask_fields();
  fields.push_back(split_field());
  for (const auto& more : {held_out_fields("pictures"), shape_fields()}) {
    fields.insert(fields.end(), more.begin(), more.end());
  }
  fields.push_back(subset_field("the pictures"));
  fields.push_back(seed_field());
  return fields;
}

std::vector<Label> codes_of(const Request& request) {
  const fs::path path = request.path("path");
  if (!request.has("codes")) {
    const fs::path usual = path / "codes.txt";
    if (fs::exists(usual)) return read_codes(usual);
    throw UsageError(request.job(),
                     fmt::format("--codes is missing, and there is no {}. Name the classes: "
                                 "--codes background,cat or --codes FILE.",
                                 usual.string()));
  }
  const std::string& text = request.text("codes");
  for (const fs::path& file : {fs::path(text), path / text}) {
    if (fs::is_regular_file(file)) return read_codes(file);
  }
  std::vector<Label> codes;
  for (const std::string& name : split(text, ',')) codes.emplace_back(std::string(trim(name)));
  if (codes.size() < 2) {
    throw UsageError(request.job(),
                     fmt::format("--codes: got '{}', expected a file or two or more names "
                                 "separated by commas",
                                 text));
  }
  return codes;
}

SegmentationDataLoaders load_segmentation_data(const Request& request, Reporter& reporter) {
  const fs::path path = request.path("path");
  const auto mask_of = mask_file(request.text("labels"), path);
  const auto files = pictures_in(request, mask_of);
  SegmentationLoaderOptions options;
  options.codes = codes_of(request);
  options.mask.values = values_of(request);
  options.seed = static_cast<uint64_t>(request.integer("seed"));
  options.splitter = splitter_of(request, mask_of);
  options.item_tfms = item_tfms_of(request);
  if (request.flag("augment")) options.batch_tfms = aug_transforms();
  options.bs = request.integer("batch-size");
  if (request.has("workers")) options.workers = request.integer("workers");
  if (request.has("test-pct")) options.test_pct = request.number("test-pct");
  if (request.has("subset")) options.subset = request.number("subset");
  // Lives as long as the loaders, which tell it of what turns out to be bad later.
  const auto left_out = std::make_shared<LeftOut>();
  if (request.text("missing") == "skip") {
    options.on_bad_item = [left_out, &reporter](const BadItem& item) {
      left_out->add(item.reason, reporter);
    };
  }
  torch::manual_seed(static_cast<uint64_t>(request.integer("seed")));
  auto loaders = SegmentationDataLoaders::from_label_func(path, files, mask_of, options);
  left_out->tell(static_cast<int64_t>(files.size()), reporter);
  return loaders;
}

}  // namespace linnet
