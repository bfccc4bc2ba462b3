// The first program of the fast.ai book: a recogniser of cats and dogs, from Oxford-IIIT Pet.
//   ./dev build example_first_program && build/examples/first_program PICTURE
// Fetches the pictures (812 MB) and ImageNet's weights (87 MB) at the first run. The book's own run
// ends with 1 picture in 250 wrong; linnet has not been measured on all 7,390. Without a network:
// examples/own_pictures.cpp.
#include <linnet/vision.h>

#include <cctype>
#include <iostream>

using namespace linnet;

int main(int argc, char** argv) try {
  auto path = untar_data(urls::pets) / "images";
  auto is_cat = [](std::string_view name) {
    return std::isupper(static_cast<unsigned char>(name[0])) != 0;
  };
  auto dls =
      ImageDataLoaders::from_name_func(path, get_image_files(path), is_cat,
                                       {.valid_pct = 0.2, .seed = 42, .item_tfms = {Resize(224)}});
  auto learn = vision_learner(dls, resnet34, {.metrics = {error_rate}});
  learn.fine_tune(1);

  auto [label, index, probs] = learn.predict(argc > 1 ? argv[1] : "cat.jpg");
  std::cout << "Is this a cat?: " << label << ".\n"
            << "Probability it's a cat: " << probs[1].item<float>() << '\n';
} catch (const Error& error) {
  std::cerr << error.what() << '\n';
  return 1;
}
