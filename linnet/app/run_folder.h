#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "linnet/core/json.h"

namespace linnet {

namespace detail {
class FileDescriptor;
}

/** What a folder of data is called: its own name, or that of the one above "images". */
std::string data_name(const std::filesystem::path& path);

/** The folder of one training run: config.json, log.csv, the model. Made new, or an empty one
 * taken; one that holds something is never touched. When the run comes to nothing, so that nobody
 * calls `keep`, what it made is removed again.
 */
class RunFolder {
 public:
  /** `out`, or a free name below runs/ that begins with `name`: runs/pets, runs/pets-2 ...
   *  errors  UsageError when `out` holds something already; IoError when it cannot be made */
  RunFolder(const std::optional<std::filesystem::path>& out, const std::string& name);
  /** A run's folder that is there already, for `--resume`: all in it stays. DataError when there is
   * no such folder; UsageError while another process trains in it. */
  static RunFolder existing(const std::filesystem::path& folder);
  ~RunFolder();
  RunFolder(const RunFolder&) = delete;
  RunFolder& operator=(const RunFolder&) = delete;

  const std::filesystem::path& path() const { return path_; }
  std::filesystem::path config_file() const { return path_ / "config.json"; }
  std::filesystem::path log_file() const { return path_ / "log.csv"; }
  std::filesystem::path batches_file() const { return path_ / "batches.csv"; }
  std::filesystem::path activations_file() const { return path_ / "activations.safetensors"; }
  std::filesystem::path split_file() const { return path_ / "split.csv"; }
  std::filesystem::path model_file() const { return path_ / "model.safetensors"; }
  std::filesystem::path report_file() const { return path_ / "report.html"; }

  std::filesystem::path checkpoint_file() const { return path_ / "checkpoint.safetensors"; }

  /** Writes config.json, whole. */
  void write_config(const Json& config) const;
  /** What `write_config` wrote. DataError when it is missing or no JSON. */
  Json read_config() const;
  /** From now on what is in it stays, whatever happens. */
  void keep() { kept_ = true; }

 private:
  struct Existing {};
  RunFolder(Existing, const std::filesystem::path& folder);

  void lock();
  void remove_unfinished() const;

  std::filesystem::path path_;
  std::filesystem::path first_made_;  // the topmost folder made for it; empty: it was there
  bool kept_ = false;
  std::unique_ptr<detail::FileDescriptor> lock_;
};

}  // namespace linnet
