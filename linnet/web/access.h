#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "linnet/web/request_parser.h"

namespace linnet::web {

/** Who may ask. */
struct AccessRules {
  /** Names and addresses under which the service answers, without ports; empty: any. A page of
   * another site can make a browser send requests here under its own name (DNS rebinding): it is
   * refused. */
  std::vector<std::string> hosts = {};
  std::string token = {};  // that requests have to bring; empty: none is asked for
};

/** HttpError 400 without a Host, 421 for another host, 403 for a request that another site's page
 * makes. */
void check_host(const RequestHead& head, const AccessRules& rules);
/** HttpError 401 unless the request brings the token, `Authorization: Bearer TOKEN`. */
void check_token(const RequestHead& head, const AccessRules& rules);

/** Whether they are equal, in a time that does not tell how much of them is. */
bool same_secret(std::string_view a, std::string_view b);

/** 32 hexadecimal digits that nobody can guess. IoError when the system has none. */
std::string random_token();

/** "127.0.0.1" of "127.0.0.1:8080", "::1" of "[::1]:80" and of "::1"; in lower case. */
std::string host_name(std::string_view host);

}  // namespace linnet::web
