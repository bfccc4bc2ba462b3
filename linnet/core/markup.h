#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace linnet {

/** `text` as it has to be written in HTML, XML and SVG to be seen as it is, in elements and in
 * quoted attributes: `<script>` becomes `&lt;script&gt;`. What is no UTF-8 and control characters
 * other than tab and newline become U+FFFD, which XML would refuse.
 */
std::string escaped_markup(std::string_view text);

/** `text` in lines of at most `width` columns, parted at spaces, and within a word where one is
 * longer. Letters of Chinese, Japanese and Korean take two columns. Newlines part as well; an empty
 * text is one empty line. UsageError for a width below 2.
 */
std::vector<std::string> wrapped_text(std::string_view text, int64_t width);

/** Bytes in base 64 with padding, for `data:` addresses. source  RFC 4648 */
std::string base64(std::string_view bytes);

}  // namespace linnet
