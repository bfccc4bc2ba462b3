#pragma once

#include <string>
#include <string_view>

namespace linnet::web {

/** The bytes that base64 text stands for; white space in it does not count, padding may be missing,
 * and a data URL ("data:image/png;base64,iVBO...") is taken too. HttpError 400 for other text.
 * The way back is in core/markup.h.
 *  source  RFC 4648, section 4 */
std::string base64_bytes(std::string_view text);

}  // namespace linnet::web
