#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <utility>

#include "linnet/core/reporter.h"
#include "linnet/data/data_loaders.h"
#include "linnet/models/model_entry.h"

namespace linnet {

/** Where a model's first weights come from. */
class Weights {
 public:
  /** By name: the entry's own URL, kept in the cache and checked against the hash in its file's
   * name. */
  static Weights imagenet() { return Weights(Source::imagenet, {}); }
  /** Random numbers: training from scratch. */
  static Weights none() { return Weights(Source::none, {}); }
  /** A .pth or .safetensors file: torchvision's, fastai's `learn.save`, or what linnet saved or
   * exported. Of a whole recogniser or U-Net the body is taken. */
  static Weights file(std::filesystem::path path) { return Weights(Source::file, std::move(path)); }

  bool pretrained() const { return source_ != Source::none; }
  bool from_file() const { return source_ == Source::file; }
  const std::filesystem::path& path() const { return path_; }

 private:
  enum class Source { imagenet, none, file };
  Weights(Source source, std::filesystem::path path) : source_(source), path_(std::move(path)) {}
  Source source_;
  std::filesystem::path path_;
};

/** Fills the body of `arch` from `weights`; nothing happens for Weights::none().
 *  where     who asks, for errors
 *  reporter  of a download
 *  errors    UsageError when the architecture has no pretrained weights; DataError and IoError when
 *            the file cannot be used or got
 */
void load_pretrained_body(torch::nn::Module& body, const ModelEntry& arch, const Weights& weights,
                          std::string_view where, Reporter& reporter);

/** What `Learner::export_obstacle` says of an architecture that no file can name. */
std::string unregistered(const ModelEntry& arch);

/** The same data, normalised with the statistics of the pictures that the weights of `arch` were
 * trained on. */
DataLoaders normalized_for(const ModelEntry& arch, const DataLoaders& dls);

}  // namespace linnet
