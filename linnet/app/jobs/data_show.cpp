#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <vector>

#include "linnet/app/data_fields.h"
#include "linnet/app/image_data.h"
#include "linnet/app/job.h"
#include "linnet/core/error.h"
#include "linnet/interpret/show_batch.h"
#include "linnet/io/atomic_file.h"
#include "linnet/media/encode.h"

namespace linnet {

namespace {

namespace fs = std::filesystem;

std::vector<Field> fields_of_show() {
  using enum FieldKind;
  return {
      {.name = "part",
       .kind = choice,
       .help = "which side to show; the pictures held out come without random changes",
       .preset = "train",
       .choices = {"train", "valid"}},
      {.name = "count",
       .kind = integer,
       .help = "pictures in the grid",
       .preset = 9,
       .min = 1,
       .max = 400},
      workers_field(),
      {.name = "cell",
       .kind = integer,
       .help = "pixels: the side of each picture in the grid",
       .preset = 224,
       .min = 32,
       .max = 1024},
      {.name = "out",
       .kind = path,
       .help = "the file to write, a PNG",
       .preset = "batch.png",
       .placeholder = "FILE"},
  };
}

std::vector<Field> data_show_fields() {
  auto fields = image_data_fields();
  for (const auto& more : {picture_fields(), fields_of_show()}) {
    fields.insert(fields.end(), more.begin(), more.end());
  }
  return fields;
}

Json run_data_show(const Request& request, Reporter& reporter) {
  const fs::path file = request.path("out");
  if (file.has_parent_path() && !fs::is_directory(file.parent_path())) {
    throw IoError("data show", file.parent_path(), "there is no such folder to write into");
  }
  ImageData data = image_data_of(request);
  data.batch_size = request.integer("count");
  const auto dls = load_image_data(data, reporter);
  const Split split = request.text("part") == "train" ? Split::train : Split::valid;
  const auto grid = show_batch(dls, {.max_n = request.integer("count"),
                                     .split = split,
                                     .grid = {.cell = request.integer("cell")}});
  const auto png = encode_image(grid, "png");
  write_atomically(file, std::string_view(reinterpret_cast<const char*>(png.data()), png.size()));
  reporter.note(
      fmt::format("{} of {} pictures of the {} side, as the model sees them: {}",
                  std::min(request.integer("count"),
                           split == Split::train ? dls.train().items() : dls.valid().items()),
                  split == Split::train ? dls.train().items() : dls.valid().items(),
                  split == Split::train ? "training" : "held-out", file.string()));
  return Json{{"file", file.string()}, {"width", grid.width()}, {"height", grid.height()}};
}

}  // namespace

const Registered<Job> data_show_job{
    {.name = "data show",
     .summary = "a picture grid of a batch as the model sees it, with labels",
     .help =
         "Look at the data before training on it: are the labels right, is what matters still in "
         "the\npicture after cropping, do the random changes look like pictures of that kind?\n\n"
         "Examples\n"
         "  linnet data show pets/images --label 'regex:^(.+)_[0-9]+'\n"
         "  linnet data show pets/images --label name-case --augment --presize 460 --count 16",
     .fields = data_show_fields,
     .run = run_data_show}};

}  // namespace linnet
