# Keeps the layers of the code (docs/architecture.md): a folder of linnet/ includes only folders of a lower level, never
# upwards, never sideways. Also: libraries other than LibTorch stay inside .cpp files, no header says `using namespace`, and
# none lies in linnet/ itself. Run: cmake [-D ROOT=folder] -P tools/check_layers.cmake
cmake_minimum_required(VERSION 3.25)
if(NOT ROOT)
  cmake_path(GET CMAKE_CURRENT_LIST_DIR PARENT_PATH ROOT)
endif()

set(layers
    "core"
    "io media nn"
    "data models optim metric plot"
    "train"
    "interpret vision text tabular collab signal"
    "app"
    "cli web")
set(level 0)
foreach(layer IN LISTS layers)
  string(REPLACE " " ";" folders "${layer}")
  foreach(folder IN LISTS folders)
    set(level_of_${folder} ${level})
  endforeach()
  math(EXPR level "${level} + 1")
endforeach()

set(findings 0)
macro(finding line text)
  message(NOTICE "${file}:${line}: ${text}")
  math(EXPR findings "${findings} + 1")
endmacro()

macro(check_inclusion line from included)
  string(REGEX MATCH "^[^/]+/" to "${included}")
  string(REPLACE "/" "" to "${to}")
  if(to STREQUAL "")
    finding(${line} "includes the umbrella header linnet/${included}. Include what is used itself.")
  elseif(NOT DEFINED level_of_${to})
    finding(${line} "includes linnet/${included}: '${to}' is not a known layer. Add it to tools/check_layers.cmake.")
  elseif(NOT to STREQUAL from AND NOT level_of_${to} LESS level_of_${from})
    finding(${line} "${from} (level ${level_of_${from}}) includes linnet/${included} (level ${level_of_${to}}). Include only lower levels.")
  endif()
endmacro()

file(GLOB_RECURSE files RELATIVE "${ROOT}" "${ROOT}/linnet/*.h" "${ROOT}/linnet/*.cpp" "${ROOT}/linnet/*.h.in")
list(LENGTH files count)
if(count EQUAL 0)
  message(FATAL_ERROR "check_layers: no sources in ${ROOT}/linnet. Give the project's folder as -D ROOT=...")
endif()

# What a public header may include in angle brackets: LibTorch, and the standard library (a name without a dot or slash).
set(public_header "^(torch|ATen|c10)/|^[a-z_0-9]+$")

foreach(file IN LISTS files)
  string(REGEX REPLACE "^linnet/" "" from "${file}")
  if(NOT from MATCHES "/")
    finding(1 "lies in no folder. Headers that gather others (linnet/vision.h) are made by cmake/LinnetUmbrellaFiles.cmake.")
    continue()
  endif()
  string(REGEX REPLACE "/.*" "" from "${from}")
  if(NOT DEFINED level_of_${from})
    finding(1 "'${from}' is not a known layer. Add it to tools/check_layers.cmake.")
    continue()
  endif()

  # Brackets and semicolons mean something in CMake's lists: they are taken out before the text is cut into lines.
  file(READ "${ROOT}/${file}" text)
  string(REGEX REPLACE "[][;\\]" " " text "${text}")
  string(REPLACE "\n" ";" lines "${text}")
  set(number 0)
  foreach(line IN LISTS lines)
    math(EXPR number "${number} + 1")
    if(line MATCHES "^[ \t]*#[ \t]*include[ \t]*\"([^\"]*)\"")
      set(included "${CMAKE_MATCH_1}")
      if(NOT included MATCHES "^linnet/")
        finding(${number} "includes \"${included}\". Write the whole path: \"linnet/folder/file.h\".")
      else()
        string(REGEX REPLACE "^linnet/" "" included "${included}")
        check_inclusion(${number} ${from} "${included}")
      endif()
    elseif(line MATCHES "^[ \t]*#[ \t]*include[ \t]*<torch/torch\\.h>")
      finding(${number} "includes <torch/torch.h>, which costs every unit seconds. Include what is used: torch/types.h for tensors, torch/nn/module.h or single modules for layers.")
    elseif(NOT file MATCHES "\\.cpp$" AND line MATCHES "^[ \t]*#[ \t]*include[ \t]*<([^>]*)>")
      if(NOT CMAKE_MATCH_1 MATCHES "${public_header}")
        finding(${number} "a header includes <${CMAKE_MATCH_1}>. Other libraries than LibTorch belong in .cpp files.")
      endif()
    elseif(NOT file MATCHES "\\.cpp$" AND line MATCHES "^[ \t]*using[ \t]+namespace[ \t]")
      finding(${number} "`using namespace` in a header. Name what is meant.")
    endif()
  endforeach()
endforeach()

if(findings GREATER 0)
  message(FATAL_ERROR "check_layers: ${findings} finding(s) in ${count} files.")
endif()
message(STATUS "check_layers: ${count} files, all in their layers.")
