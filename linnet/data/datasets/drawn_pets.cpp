#include "linnet/data/datasets/drawn_pets.h"

#include <fcntl.h>
#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <fstream>
#include <future>
#include <string>
#include <thread>
#include <vector>

#include "linnet/core/error.h"
#include "linnet/core/json.h"
#include "linnet/core/thread_pool.h"
#include "linnet/data/drawn/pet.h"
#include "linnet/io/atomic_file.h"
#include "linnet/io/atomic_folder.h"
#include "linnet/io/cache.h"
#include "linnet/io/file_descriptor.h"
#include "linnet/media/encode.h"

namespace linnet {

namespace {

constexpr const char* kDrawnPetsWhere = "draw_pets";
constexpr const char* kCard = "drawn.json";
constexpr int64_t kVersion = 1;  // goes up when the same options give other pictures

std::string name_of(int64_t index) {
  const auto& breeds = detail::drawn_breeds();
  const auto n = static_cast<int64_t>(breeds.size());
  return fmt::format("{}_{}.jpg", breeds[static_cast<size_t>(index % n)].name, index / n + 1);
}

void add_noise(Image& image, double strength, Generator& random) {
  for (int64_t i = 0; i < image.bytes(); ++i) {
    const double value = image.data()[i] + strength * random.normal();
    image.data()[i] = static_cast<uint8_t>(std::clamp(value, 0.0, 255.0));
  }
}

Image draw(const detail::Breed& breed, int64_t side, Generator random) {
  Canvas canvas(side, {255, 255, 255});
  detail::draw_backdrop(canvas, random);
  const detail::Pet pet = detail::random_pet(breed, random);
  const Point2 center{0.5 + random.uniform(-0.2, 0.2), 0.53 + random.uniform(-0.14, 0.14)};
  const Frame::Change change{.scale = random.uniform(0.36, 0.52),
                             .angle = random.uniform(-0.25, 0.25),
                             .mirrored = random.bernoulli(0.5)};
  detail::draw_pet({canvas, pet, random}, Frame().at(center, change));
  detail::draw_foreground(canvas, random);
  const double left = random.uniform(0.65, 1.2);
  canvas.light(left, random.uniform(0.65, 1.2));
  const double pixel = static_cast<double>(side) / 96;
  Image image = canvas.image(random.bernoulli(0.4) ? pixel * random.uniform(0.3, 0.8) : 0);
  if (random.bernoulli(0.6)) add_noise(image, random.uniform(2, 9), random);
  return image;
}

Json card_of(const DrawnPetsOptions& options) {
  return Json{{"drawn_by", "linnet"},
              {"version", kVersion},
              {"seed", static_cast<int64_t>(options.seed)},
              {"count", options.count},
              {"side", options.side}};
}

bool is_drawn(const std::filesystem::path& folder) {
  std::error_code failure;
  return std::filesystem::exists(folder / kCard, failure);
}

/** Why the folder is not as `draw_pets` leaves it; empty when it is. */
std::string fault_of(const std::filesystem::path& folder, const DrawnPetsOptions& options) {
  std::ifstream file(folder / kCard);
  const std::string card((std::istreambuf_iterator<char>(file)), {});
  if (card != card_of(options).dump(2)) return "it was drawn with other options";
  std::error_code failure;
  for (int64_t i = 0; i < options.count; ++i) {
    const auto size = std::filesystem::file_size(folder / "images" / name_of(i), failure);
    if (failure || size == 0) return fmt::format("{} is missing", name_of(i));
  }
  return "";
}

/** Without fsync: the folder is complete only when it gets its name. */
void write_picture(const std::filesystem::path& folder, int64_t index,
                   const DrawnPetsOptions& options) {
  const DrawnPet pet = drawn_pet(index, options);
  const auto bytes = encode_image(pet.image, "jpeg", 92);
  const auto path = folder / pet.name;
  const detail::FileDescriptor file(kDrawnPetsWhere, path, O_WRONLY | O_CREAT | O_TRUNC);
  if (const int reason = file.write_all(bytes.data(), bytes.size())) {
    throw IoError(kDrawnPetsWhere, path,
                  fmt::format("cannot be written: {}. Free some space; nothing was left half drawn",
                              std::strerror(reason)));
  }
}

void draw_all(const std::filesystem::path& folder, const DrawnPetsOptions& options) {
  const auto images = folder / "images";
  made_dir(images);
  std::vector<std::future<void>> drawn;
  ThreadPool pool(std::clamp<int64_t>(std::thread::hardware_concurrency(), 1, 16));
  for (int64_t i = 0; i < options.count; ++i) {
    drawn.push_back(pool.submit([&images, i, &options] { write_picture(images, i, options); }));
  }
  for (int64_t i = 0; i < options.count; ++i) {
    drawn[static_cast<size_t>(i)].get();
    if ((i + 1) % 16 == 0 || i + 1 == options.count) {
      options.reporter->bar(
          {.phase = "draw", .unit = "pictures", .done = i + 1, .total = options.count});
    }
  }
  write_atomically(folder / kCard, card_of(options).dump(2));
}

}  // namespace

DrawnPet drawn_pet(int64_t index, const DrawnPetsOptions& options) {
  if (index < 0 || options.side < 16 || options.side > 1024) {
    throw UsageError("drawn_pet", fmt::format("got picture {} of {} pixels, expected 0 or more, of "
                                              "16 to 1024 pixels",
                                              index, options.side));
  }
  const auto& breeds = detail::drawn_breeds();
  const size_t breed = static_cast<size_t>(index) % breeds.size();
  return {name_of(index), draw(breeds[breed], options.side,
                               Generator({options.seed, static_cast<uint64_t>(index)}))};
}

void draw_pets(const std::filesystem::path& folder, const DrawnPetsOptions& options) {
  if (options.count < 2) {
    throw UsageError(kDrawnPetsWhere,
                     fmt::format("count: got {}, expected 2 or more", options.count));
  }
  const bool drawn = is_drawn(folder);
  if (!drawn && std::filesystem::exists(folder)) {
    throw UsageError(kDrawnPetsWhere,
                     fmt::format("{} is there already and was not drawn by linnet. Remove "
                                 "it or choose another place",
                                 folder.string()));
  }
  const std::string fault = drawn ? fault_of(folder, options) : "it is not there yet";
  if (fault.empty()) return;
  options.reporter->note(
      fmt::format("drawing {} cats and dogs to {}: {}", options.count, folder.string(), fault));
  write_folder_atomically(folder, {.replace = true},
                          [&options](const std::filesystem::path& fresh) {
                            draw_all(fresh, options);
                            return fresh;
                          });
}

namespace {

const Registered<DatasetEntry> drawn_pets_row{urls::drawn_pets};

}  // namespace

}  // namespace linnet
