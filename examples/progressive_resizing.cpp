// Progressive resizing: learn from small pictures first, which is quick, and from larger ones at
// the end, which is what counts. After chapter 7 of the fast.ai book.
//   build/examples/progressive_resizing FOLDER [SMALL LARGE EPOCHS]
// FOLDER holds a folder for each class. The model starts from scratch: no download.
#include <linnet/vision.h>

#include <cstdlib>
#include <filesystem>
#include <iostream>

using namespace linnet;

int main(int argc, char** argv) try {
  if (argc < 2) {
    std::cerr << "progressive_resizing FOLDER [SMALL LARGE EPOCHS]\n";
    return 2;
  }
  const auto number = [&](int place, int64_t otherwise) {
    return argc > place ? int64_t{std::atoi(argv[place])} : otherwise;
  };
  const int64_t small = number(2, 96), large = number(3, 160), epochs = number(4, 4);
  const std::filesystem::path folder = argv[1];
  const auto files = get_image_files(folder);
  const auto pictures_of = [&](int64_t size) {
    return ImageDataLoaders::from_label_rule(
        folder, files, parent_label(),
        {.seed = 42,
         .item_tfms = Resize(size * 5 / 4),
         .batch_tfms = aug_transforms({.size = size, .min_scale = 0.75}),
         .bs = 32});
  };

  auto learn = vision_learner(pictures_of(small), xresnet18,
                              {.metrics = {accuracy}, .weights = Weights::none()});
  learn.fit_one_cycle(epochs, {.lr_max = 3e-3});
  learn.set_dls(pictures_of(large));
  learn.fit_one_cycle(1, {.lr_max = 1e-3});
  learn.export_to("model.safetensors");
} catch (const Error& error) {
  std::cerr << error.what() << '\n';
  return 1;
}
