#pragma once

#include <string>
#include <string_view>

namespace linnet {

/** Whether the server of a URL answers within `seconds`, asked for the head of the file only: a
 * quick look before a long download. Empty when it does, else the reason it does not, for people.
 */
std::string why_unreachable(std::string_view url, double seconds = 3);

}  // namespace linnet
