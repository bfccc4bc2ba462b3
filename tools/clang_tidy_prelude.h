// Read by clang-tidy before each file (tools/clang_tidy.sh), never compiled into anything.
//
// GCC 12's std::vector is constexpr in C++20, and clang instantiates such members early, where
// LibTorch 1.13 still has incomplete types (std::vector<c10::IValue>): no file could be parsed.
// Here std::vector is as in C++17.
#pragma once

#include <memory>
#include <string>

#undef _GLIBCXX20_CONSTEXPR
#define _GLIBCXX20_CONSTEXPR
#define __fill_a1 __fill_a1_of_bits  // declared constexpr by <string> already
#include <vector>
#undef __fill_a1
#undef _GLIBCXX20_CONSTEXPR
#define _GLIBCXX20_CONSTEXPR constexpr
