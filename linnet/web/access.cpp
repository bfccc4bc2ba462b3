#include "linnet/web/access.h"

#include <fmt/format.h>
#include <openssl/crypto.h>
#include <sys/random.h>

#include <algorithm>
#include <array>

#include "linnet/core/error.h"
#include "linnet/core/strings.h"

namespace linnet::web {

std::string host_name(std::string_view host) {
  if (host.starts_with('[')) {
    const size_t end = host.find(']');
    return to_lower(host.substr(1, end == std::string_view::npos ? end : end - 1));
  }
  // Two colons: an IPv6 address as --host has it, without brackets and a port.
  const size_t colon = host.find(':');
  return to_lower(host.find(':', colon + 1) == std::string_view::npos ? host.substr(0, colon)
                                                                      : host);
}

bool same_secret(std::string_view a, std::string_view b) {
  // The length is no secret.
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

std::string random_token() {
  std::array<unsigned char, 16> bytes{};
  if (getrandom(bytes.data(), bytes.size(), 0) != static_cast<ssize_t>(bytes.size()))
    throw IoError("serve", "the system gives no random numbers for a token");
  std::string token;
  for (const unsigned char byte : bytes) token += fmt::format("{:02x}", byte);
  return token;
}

void check_host(const RequestHead& head, const AccessRules& rules) {
  const std::string* host = head.header("host");
  if (host == nullptr) throw HttpError(400, "the request does not say which host it is for");
  const std::string name = host_name(*host);
  if (!rules.hosts.empty() &&
      std::find(rules.hosts.begin(), rules.hosts.end(), name) == rules.hosts.end()) {
    throw HttpError(421,
                    fmt::format("this service is not '{}'. Start it with --host to let it answer "
                                "under that name.",
                                shown_text(name)));
  }
  // Browsers say where a request comes from; other programs need not.
  const std::string* origin = head.header("origin");
  const std::string* site = head.header("sec-fetch-site");
  const std::string from = origin != nullptr ? *origin : "";
  const size_t slashes = from.find("://");
  const bool same_origin =
      origin == nullptr ||
      (slashes != std::string::npos && to_lower(from.substr(slashes + 3)) == to_lower(*host));
  const bool from_elsewhere = site != nullptr && (*site == "cross-site" || *site == "same-site");
  if (head.method != "GET" && head.method != "HEAD" && (!same_origin || from_elsewhere))
    throw HttpError(403, "pages of other sites may not ask this service");
}

void check_token(const RequestHead& head, const AccessRules& rules) {
  if (rules.token.empty()) return;
  const std::string* given = head.header("authorization");
  constexpr std::string_view kScheme = "bearer ";
  const bool bearer =
      given != nullptr && to_lower(std::string_view(*given).substr(0, kScheme.size())) == kScheme;
  if (bearer && same_secret(trim(std::string_view(*given).substr(kScheme.size())), rules.token))
    return;
  throw HttpError(401, "this service asks for its access token: Authorization: Bearer TOKEN",
                  {{"WWW-Authenticate", "Bearer realm=\"linnet\""}});
}

}  // namespace linnet::web
