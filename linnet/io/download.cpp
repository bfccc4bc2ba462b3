#include "linnet/io/download.h"

#include <curl/curl.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <memory>
#include <system_error>
#include <thread>

#include "linnet/core/error.h"
#include "linnet/io/cache.h"
#include "linnet/io/file_descriptor.h"
#include "linnet/io/hash.h"

namespace linnet {

namespace {

using detail::FileDescriptor;

constexpr std::string_view kDownloadWhere = "download";

/** One request that appends to an open file. */
class Transfer {
 public:
  Transfer(const std::string& url, const FileDescriptor& file, int64_t offset,
           const DownloadOptions& options)
      : file_(file), offset_(offset), received_(0), options_(options) {
    static const CURLcode started = curl_global_init(CURL_GLOBAL_DEFAULT);
    if (started != CURLE_OK || !handle_) throw IoError(kDownloadWhere, "libcurl cannot be started");
    set(CURLOPT_URL, url.c_str());
    set(CURLOPT_ERRORBUFFER, message_.data());
    set(CURLOPT_PROTOCOLS_STR, "http,https,file");
    set(CURLOPT_REDIR_PROTOCOLS_STR, "http,https");
    set(CURLOPT_FOLLOWLOCATION, 1L);
    set(CURLOPT_MAXREDIRS, 10L);
    set(CURLOPT_FAILONERROR, 1L);
    set(CURLOPT_NOSIGNAL, 1L);
    set(CURLOPT_USERAGENT, "linnet");
    set(CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(options.connect_seconds * 1000));
    set(CURLOPT_LOW_SPEED_LIMIT, 1L);
    set(CURLOPT_LOW_SPEED_TIME, std::max(1L, static_cast<long>(options.stalled_seconds)));
    set(CURLOPT_RESUME_FROM_LARGE, static_cast<curl_off_t>(offset));
    set(CURLOPT_WRITEFUNCTION, &Transfer::take);
    set(CURLOPT_WRITEDATA, this);
    set(CURLOPT_XFERINFOFUNCTION, &Transfer::tell);
    set(CURLOPT_XFERINFODATA, this);
    set(CURLOPT_NOPROGRESS, 0L);
  }

  CURLcode run() {
    const CURLcode result = curl_easy_perform(handle_.get());
    curl_easy_getinfo(handle_.get(), CURLINFO_RESPONSE_CODE, &status_);
    return result;
  }

  long status() const { return status_; }
  int64_t received() const { return received_; }
  int disk_error() const { return disk_error_; }
  bool too_long() const { return too_long_; }
  std::string message(CURLcode code) const {
    return message_[0] != '\0' ? message_.data() : curl_easy_strerror(code);
  }

 private:
  template <class Value>
  void set(CURLoption option, Value value) {
    if (const CURLcode result = curl_easy_setopt(handle_.get(), option, value);
        result != CURLE_OK) {
      throw IoError(kDownloadWhere, fmt::format("libcurl: {}", curl_easy_strerror(result)));
    }
  }

  static size_t take(const char* data, size_t one, size_t size, void* self) {
    return static_cast<Transfer*>(self)->write(data, one * size);
  }
  size_t write(const char* data, size_t size) {
    const int64_t expected = options_.check.bytes;
    too_long_ = expected > 0 && offset_ + received_ + static_cast<int64_t>(size) > expected;
    if (too_long_) return CURL_WRITEFUNC_ERROR;
    disk_error_ = file_.write_all(data, size);
    if (disk_error_ != 0) return CURL_WRITEFUNC_ERROR;
    received_ += static_cast<int64_t>(size);
    return size;
  }

  static int tell(void* self, curl_off_t total, curl_off_t /*now*/, curl_off_t /*up*/,
                  curl_off_t /*up_now*/) {
    static_cast<Transfer*>(self)->report(total);
    return 0;
  }
  void report(curl_off_t total) {
    const auto now = std::chrono::steady_clock::now();
    const double seconds = std::chrono::duration<double>(now - begin_).count();
    const bool complete = total > 0 && received_ == total;
    if (received_ == 0 || (!complete && now - told_ < std::chrono::milliseconds(100)) ||
        received_ == told_bytes_)
      return;
    told_ = now;
    told_bytes_ = received_;
    const int64_t whole = total > 0 ? offset_ + total : options_.check.bytes;
    const double speed = seconds > 0 ? static_cast<double>(received_) / seconds : 0;
    const int64_t done = offset_ + received_;
    options_.reporter->bar(
        {.phase = "download",
         .unit = "bytes",
         .done = done,
         .total = whole,
         .per_second = speed,
         .seconds_left = whole > 0 && speed > 0 ? static_cast<double>(whole - done) / speed : -1});
  }

  std::unique_ptr<CURL, void (*)(CURL*)> handle_{curl_easy_init(), curl_easy_cleanup};
  std::array<char, CURL_ERROR_SIZE> message_{};
  const FileDescriptor& file_;
  int64_t offset_;
  int64_t received_;
  const DownloadOptions& options_;
  long status_ = 0;
  int disk_error_ = 0;
  bool too_long_ = false;
  int64_t told_bytes_ = 0;
  std::chrono::steady_clock::time_point begin_ = std::chrono::steady_clock::now();
  std::chrono::steady_clock::time_point told_{};
};

/** Worth another try: the connection broke or the server was busy. Not: no network at all, no such
 * file. */
bool is_passing(CURLcode result, long status) {
  return result == CURLE_PARTIAL_FILE || result == CURLE_RECV_ERROR || result == CURLE_SEND_ERROR ||
         result == CURLE_GOT_NOTHING || result == CURLE_OPERATION_TIMEDOUT ||
         result == CURLE_HTTP2 || result == CURLE_HTTP2_STREAM || status == 429 || status >= 500;
}

std::string by_hand(std::string_view url, const std::filesystem::path& destination) {
  return fmt::format("Without a network, get {} elsewhere and put it at {}", url,
                     destination.string());
}

class Download {
 public:
  Download(std::string_view url, const std::filesystem::path& destination,
           const DownloadOptions& options)
      : url_(url),
        destination_(destination),
        part_(destination.string() + ".part"),
        options_(options) {}

  void run() {
    for (int64_t attempt = 1;; ++attempt) {
      const bool resumed = fetch(attempt);
      try {
        check_file(part_, options_.check);
        break;
      } catch (const DataError& error) {
        std::filesystem::remove(part_);
        if (resumed && attempt < options_.attempts)
          continue;  // the part of an earlier call was of another file
        throw DataError(kDownloadWhere,
                        fmt::format("what {} gives is not the file expected: {}. It was removed",
                                    url_, error.what()));
      }
    }
    commit();
  }

 private:
  /** One request. True when it continued a part; returns also when the connection broke and another
   * attempt is left. */
  bool fetch(int64_t& attempt) {
    while (true) {
      const FileDescriptor file(kDownloadWhere, part_, O_WRONLY | O_CREAT | O_APPEND);
      int64_t offset =
          options_.check.verifies() ? static_cast<int64_t>(std::filesystem::file_size(part_)) : 0;
      if (options_.check.bytes > 0 && offset == options_.check.bytes) return true;
      if (options_.check.bytes > 0 && offset > options_.check.bytes) offset = 0;
      if (offset == 0 && ftruncate(file.get(), 0) != 0) throw disk_failure(errno);
      Transfer transfer(url_, file, offset, options_);
      const CURLcode result = transfer.run();
      if (result == CURLE_OK) {
        if (const int reason = file.sync()) throw disk_failure(reason);
        return offset > 0;
      }
      if (transfer.disk_error() != 0) throw disk_failure(transfer.disk_error());
      if (transfer.too_long()) return offset > 0;  // the check will say so
      // The server cannot continue: the whole again, which does not count as an attempt.
      if (offset > 0 && (result == CURLE_RANGE_ERROR || result == CURLE_BAD_DOWNLOAD_RESUME)) {
        std::filesystem::resize_file(part_, 0);
        continue;
      }
      if (!is_passing(result, transfer.status()) || attempt >= options_.attempts)
        throw network_failure(transfer, result);
      std::this_thread::sleep_for(std::chrono::milliseconds(250 * attempt));
      ++attempt;
    }
  }

  void commit() {
    if (rename(part_.c_str(), destination_.c_str()) != 0) throw disk_failure(errno);
  }

  IoError disk_failure(int reason) const {
    return {kDownloadWhere, part_,
            fmt::format("cannot be written: {}. Free some space or choose another folder by "
                        "LINNET_HOME; what came so far is kept",
                        std::strerror(reason))};
  }
  IoError network_failure(const Transfer& transfer, CURLcode result) {
    std::error_code ignored;  // an empty part is of no use to anyone
    if (std::filesystem::file_size(part_, ignored) == 0) std::filesystem::remove(part_, ignored);
    const std::string reason = transfer.status() >= 400
                                   ? fmt::format("the server answered {}", transfer.status())
                                   : transfer.message(result);
    return {kDownloadWhere,
            fmt::format("{} cannot be fetched: {}. {}", url_, reason, by_hand(url_, destination_))};
  }

  std::string url_;
  const std::filesystem::path& destination_;
  std::filesystem::path part_;
  const DownloadOptions& options_;
};

}  // namespace

void check_file(const std::filesystem::path& path, const FileCheck& check) {
  std::error_code failure;
  const auto bytes = static_cast<int64_t>(std::filesystem::file_size(path, failure));
  if (failure)
    throw IoError("check_file", path, fmt::format("cannot be read: {}", failure.message()));
  if (check.bytes > 0 && bytes != check.bytes) {
    throw DataError("check_file", path,
                    fmt::format("got {} bytes, expected {}", bytes, check.bytes));
  }
  if (!check.md5_first_mib.empty()) {
    const std::string md5 = md5_of_first_mib(path);
    if (md5 != check.md5_first_mib)
      throw DataError(
          "check_file", path,
          fmt::format("got md5 {} of the first MiB, expected {}", md5, check.md5_first_mib));
  }
  if (!check.sha256.empty()) {
    const std::string sha256 = sha256_of_file(path);
    if (!sha256.starts_with(check.sha256))
      throw DataError("check_file", path,
                      fmt::format("got sha256 {}, expected {}", sha256, check.sha256));
  }
}

void download(std::string_view url, const std::filesystem::path& destination,
              const DownloadOptions& options) {
  if (!url.starts_with("https://") && !url.starts_with("http://") && !url.starts_with("file://")) {
    throw UsageError(
        kDownloadWhere,
        fmt::format("got the URL '{}', expected one that begins with https://, http:// or file://",
                    url));
  }
  made_dir(destination.has_parent_path() ? destination.parent_path() : std::filesystem::path("."));
  // The lock has a file of its own: the part is renamed while others wait.
  const FileDescriptor lock(
      kDownloadWhere, destination.parent_path() / ("." + destination.filename().string() + ".lock"),
      O_WRONLY | O_CREAT);
  if (flock(lock.get(), LOCK_EX | LOCK_NB) != 0) {
    options.reporter->note(
        fmt::format("waiting for another process that downloads {}", destination.string()));
    flock(lock.get(), LOCK_EX);
  }
  if (std::error_code failure; std::filesystem::exists(destination, failure)) {
    try {
      return check_file(destination, options.check);
    } catch (const DataError& error) {
      throw DataError(
          kDownloadWhere,
          fmt::format("{}. Remove the file to download it again from {}", error.what(), url));
    }
  }
  if (!options.check.verifies()) {
    options.reporter->warn(fmt::format(
        "{} is unverified: no checksum of it is published. Look at what you got before trusting it",
        url));
  }
  Download(url, destination, options).run();
}

}  // namespace linnet
