#include "linnet/io/reachable.h"

#include <curl/curl.h>
#include <fmt/format.h>

#include <memory>

namespace linnet {

std::string why_unreachable(std::string_view url, double seconds) {
  static const CURLcode started = curl_global_init(CURL_GLOBAL_DEFAULT);
  const std::unique_ptr<CURL, decltype(&curl_easy_cleanup)> handle(curl_easy_init(),
                                                                   &curl_easy_cleanup);
  if (started != CURLE_OK || !handle) return "libcurl cannot be started";
  const std::string address(url);
  curl_easy_setopt(handle.get(), CURLOPT_URL, address.c_str());
  curl_easy_setopt(handle.get(), CURLOPT_NOBODY, 1L);
  curl_easy_setopt(handle.get(), CURLOPT_FOLLOWLOCATION, 1L);
  curl_easy_setopt(handle.get(), CURLOPT_PROTOCOLS_STR, "http,https,file");
  curl_easy_setopt(handle.get(), CURLOPT_REDIR_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(handle.get(), CURLOPT_FAILONERROR, 1L);
  curl_easy_setopt(handle.get(), CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(handle.get(), CURLOPT_USERAGENT, "linnet");
  curl_easy_setopt(handle.get(), CURLOPT_TIMEOUT_MS, static_cast<long>(seconds * 1000));
  const CURLcode result = curl_easy_perform(handle.get());
  if (result == CURLE_OK) return "";
  return fmt::format("{} cannot be reached: {}", address, curl_easy_strerror(result));
}

}  // namespace linnet
