// A model that gives each pixel a class: the second model of chapter 1 of the fastai book. Trains a
// U-Net on street scenes, says how well each class is found, shows what it makes of scenes that it
// has not seen, and reads the saved model again for a picture.
//   build/examples/segmentation FOLDER [WEIGHTS [EPOCHS]]
// FOLDER is CamVid's, or its small sample: `linnet data get camvid_tiny`. Without WEIGHTS (a .pth
// or .safetensors file of ResNet-18) ImageNet's are fetched.
#include <linnet/io/atomic_file.h>
#include <linnet/media/encode.h>
#include <linnet/vision.h>

#include <filesystem>
#include <iostream>
#include <string>

using namespace linnet;

namespace {

void write_png(const std::filesystem::path& file, const Image& image) {
  const auto bytes = encode_image(image);
  write_atomically(file, {reinterpret_cast<const char*>(bytes.data()), bytes.size()});
}

}  // namespace

int main(int argc, char** argv) try {
  if (argc < 2) {
    std::cerr << "segmentation FOLDER [WEIGHTS [EPOCHS]]\n";
    return 2;
  }
  const std::filesystem::path path = argv[1];
  const auto files = get_image_files(path / "images");
  const auto codes = read_codes(path / "codes.txt");
  torch::manual_seed(42);
  const auto dls = SegmentationDataLoaders::from_label_func(
      path, files, mask_file("labels/{stem}_P.png", path), {.codes = codes, .seed = 42, .bs = 8});

  const auto weights = argc > 2 ? Weights::file(argv[2]) : Weights::imagenet();
  const auto void_code = background_class(dls.vocab());
  auto learn =
      unet_learner(dls, resnet18,
                   {.metrics = {accuracy({.axis = 1}),
                                foreground_acc({.bkg_idx = void_code}).named("acc_camvid")},
                    .weights = weights});
  learn.fine_tune(argc > 3 ? std::stoll(argv[3]) : 8);

  std::cout << to_text(segmentation_report(learn));
  write_png("results.png", show_results(learn));
  learn.export_to("segmentation.safetensors");

  const auto ready = load_learner("segmentation.safetensors");
  const auto found = segment_picture(ready, files[0]);
  write_png("mask.png", found.mask);
  write_png("overlay.png", found.overlay);
  for (const auto& [label, share] : found.shares) std::cout << label << ": " << share << '\n';
} catch (const Error& error) {
  std::cerr << error.what() << '\n';
  return 1;
}
