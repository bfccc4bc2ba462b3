#include <fmt/format.h>

#include <filesystem>
#include <string>
#include <vector>

#include "linnet/app/job.h"
#include "linnet/app/jobs/train.h"
#include "linnet/core/error.h"
#include "linnet/core/timer.h"
#include "linnet/data/datasets/drawn_pets.h"
#include "linnet/data/datasets/pets.h"
#include "linnet/data/items.h"
#include "linnet/data/label.h"
#include "linnet/data/splitters/random.h"
#include "linnet/io/cache.h"
#include "linnet/io/pretrained.h"
#include "linnet/io/reachable.h"
#include "linnet/models/resnet.h"

namespace linnet {

namespace {

namespace fs = std::filesystem;

constexpr double kValidPct = 0.2;

std::vector<Field> quickstart_fields() {
  using enum FieldKind;
  return {{.name = "out",
           .kind = path,
           .help = "new folder for the model, the log and the configuration",
           .preset_note = "runs/DATA-ARCH, numbered",
           .placeholder = "DIR"},
          {.name = "seed",
           .kind = integer,
           .help = "of the split, the order and all that is random: same seed, same numbers",
           .preset = 42,
           .min = 0},
          {.name = "drawn",
           .kind = flag,
           .help = "take the drawn pictures, even where photographs can be had: under 2 minutes"},
          {.name = "offline", .kind = flag, .help = "do not use the network"}};
}

/** What quickstart trains on, and why that. */
struct Material {
  bool drawn;
  fs::path images;
  std::string why;
};

Material photographs(std::string why) {
  return {false, dataset_path(urls::pets) / "images", std::move(why)};
}

Material drawings(std::string why, Reporter& reporter) {
  return {true, untar_data(urls::drawn_pets, {.reporter = &reporter}) / "images", std::move(why)};
}

/** Which of the two downloads are not in the cache, as URLs. */
std::vector<std::string> missing_urls() {
  std::vector<std::string> urls;
  std::error_code unreadable;
  if (!fs::is_directory(dataset_path(urls::pets) / "images", unreadable))
    urls.push_back(mirrored_url(urls::pets.url));
  if (cached_pretrained_weights(models::resnet34.weights_url).empty())
    urls.push_back(mirrored_url(models::resnet34.weights_url));
  return urls;
}

Material fetched(Reporter& reporter) {
  try {
    reporter.note(
        "The photographs are 812 MB to fetch, once. For a start in 2 minutes stop this (Ctrl-C)\n"
        "and type: linnet quickstart --drawn");
    untar_data(urls::pets, {.reporter = &reporter});
    pretrained_weights(models::resnet34.weights_url, {.reporter = &reporter});
    return photographs("they were fetched");
  } catch (const IoError& error) {
    return drawings(fmt::format("the photographs could not be fetched: {}", error.what()),
                    reporter);
  } catch (const DataError& error) {
    return drawings(fmt::format("what was fetched cannot be used: {}", error.what()), reporter);
  }
}

Material choose(const Request& request, Reporter& reporter) {
  if (request.flag("drawn")) return drawings("--drawn asks for them", reporter);
  const auto missing = missing_urls();
  if (missing.empty()) return photographs("they and the pretrained weights are in the cache");
  if (request.flag("offline")) {
    return drawings(fmt::format("{} is not in the cache, and --offline keeps off the network",
                                url_file_name(missing.front())),
                    reporter);
  }
  for (const std::string& url : missing) {
    const std::string reason = why_unreachable(url);
    if (!reason.empty()) return drawings(reason, reporter);
  }
  return fetched(reporter);
}

/** The fields of the job "train". */
Json recipe_for(const Material& material, const Request& request) {
  Json given{{"path", material.images.string()},
             {"label", "name-case"},
             {"valid-pct", kValidPct},
             {"seed", request.integer("seed")}};
  if (request.has("out")) given["out"] = request.text("out");
  if (!material.drawn) return given;
  given.merge(Json{{"arch", models::resnet10_slim.name},
                   {"weights", "none"},
                   {"size", 48},
                   {"flip", true},
                   {"epochs", 18},
                   {"batch-size", 32},
                   {"lr", 5e-3}});
  return given;
}

/** A picture that the model never saw in training: the first of the split that `train` makes. */
fs::path held_out_picture(const fs::path& images, uint64_t seed) {
  const auto files = get_image_files(images);
  const auto split = random_splitter(kValidPct, seed)(files);
  return files[static_cast<size_t>(split.valid.front())];
}

void tell_next(const Material& material, const std::string& model, const fs::path& picture,
               Reporter& reporter) {
  const std::string images = shell_quoted(material.images.string());
  const std::string breeds =
      fmt::format("linnet train {} --label {}", images, shell_quoted("regex:^(.+)_[0-9]+"));
  reporter.note("\nThree commands worth trying next:\n");
  reporter.note(fmt::format("  linnet predict {} {} --top 2", shell_quoted(model),
                            shell_quoted(picture.string())));
  reporter.note("      or any pictures of your own in its place\n");
  if (material.drawn) {
    reporter.note(
        fmt::format("  {} --arch {} --weights none --size 48 --flip --epochs 18 --lr 5e-3", breeds,
                    models::resnet10_slim.name));
    reporter.note(
        "      tells the 16 breeds apart; so does it with a folder of your own, one folder "
        "a class\n");
    reporter.note("  linnet data get pets");
    reporter.note("      real photographs (812 MB); `linnet quickstart` then trains on these");
  } else {
    reporter.note(fmt::format("  {} --epochs 3", breeds));
    reporter.note(
        "      tells the 37 breeds apart; so does it with a folder of your own, one folder "
        "a class\n");
    reporter.note("  linnet data list");
    reporter.note("      more data sets to learn on");
  }
}

Json run_quickstart(const Request& request, Reporter& reporter) {
  const double began = seconds_now();
  const Material material = choose(request, reporter);
  reporter.note(material.drawn
                    ? "Pictures: drawn cats and dogs, made by code. They are no photographs."
                    : "Pictures: photographs of cats and dogs (Oxford-IIIT Pet).");
  reporter.note(fmt::format("Why these: {}.\n", material.why));
  const TrainingTask task = picture_training();
  Json result = start_training(
      task, Request(task.job, task.fields(), recipe_for(material, request)), reporter);

  const auto picture =
      held_out_picture(material.images, static_cast<uint64_t>(request.integer("seed")));
  const bool is_cat = name_case()(picture) == Label(true);
  const std::string& model = result.at("model").as_string();
  reporter.note(fmt::format("\nA {} that was held out, of a {} (its label is {}); the model says:",
                            material.drawn ? "drawn picture" : "photograph", is_cat ? "cat" : "dog",
                            is_cat ? "True" : "False"));
  run_job("predict", Json{{"model", model}, {"input", Json(Json::Array{picture.string()})}},
          reporter);
  reporter.note(
      fmt::format("\nmodel     {}\nrun       {} (config.json, log.csv)\ntime      {:.0f} s", model,
                  result.at("run").as_string(), seconds_now() - began));
  tell_next(material, model, picture, reporter);
  result.merge(Json{{"data", material.drawn ? "drawn_pets" : "pets"},
                    {"drawn", material.drawn},
                    {"why", material.why},
                    {"held_out", picture.string()},
                    {"held_out_label", is_cat ? "True" : "False"},
                    {"seconds", seconds_now() - began}});
  return result;
}

}  // namespace

const Registered<Job> quickstart_job{
    {.name = "quickstart",
     .summary = "train a recogniser of cats and dogs and use it: start here",
     .help =
         "Takes the photographs of Oxford-IIIT Pet and pretrained weights when they are in the\n"
         "cache or can be fetched; else pictures of cats and dogs that are drawn by code, and a "
         "small\nmodel from scratch. Says which, and why. Then it predicts a picture that was held "
         "out.\n\n"
         "Examples\n"
         "  linnet quickstart\n"
         "  linnet quickstart --drawn        no download, under 2 minutes",
     .fields = quickstart_fields,
     .run = run_quickstart}};

}  // namespace linnet
