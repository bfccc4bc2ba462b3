# linnet_units(TARGET SOURCE...): how TARGET's sources become compiler runs.
#
# A unit that includes LibTorch costs seconds before its first own line is read, so the sources of a folder are joined into a
# few large units (LINNET_UNITY, off in the preset `plain`: whoever changes one file wants to compile one file). Sources with
# compile options of their own stay alone. Joined sources share their anonymous namespaces: names in them are unique within a
# folder.
#
# Sources that lead to LibTorch get the precompiled header; the others never load it, joined or not.
include_guard()

option(LINNET_UNITY "Join the sources of a folder into a few large units" ON)
set(LINNET_UNITY_SIZE 12 CACHE STRING "How many sources are joined at most")
if(NOT LINNET_UNITY)
  set(CMAKE_EXPORT_COMPILE_COMMANDS ON)  # else they would name the joined units: ./dev links those of the preset `plain`
endif()

# Sets OUT to TRUE when FILE (absolute) includes LibTorch, itself or through project headers.
function(linnet_uses_torch file out)
  get_property(known GLOBAL PROPERTY "linnet_uses_torch:${file}")
  if("${known}" STREQUAL "")
    set(known FALSE)
    set_property(GLOBAL PROPERTY "linnet_uses_torch:${file}" FALSE)  # for headers that include each other
    file(STRINGS "${file}" includes REGEX "^#include ")
    foreach(line ${includes})
      if(line MATCHES "<(torch|ATen|c10)/")
        set(known TRUE)
      elseif(line MATCHES "[\"<](.*)[\">]")
        foreach(folder "${PROJECT_SOURCE_DIR}" "${PROJECT_SOURCE_DIR}/tests" "${PROJECT_BINARY_DIR}/umbrella")
          if(NOT known AND EXISTS "${folder}/${CMAKE_MATCH_1}")
            linnet_uses_torch("${folder}/${CMAKE_MATCH_1}" known)
          endif()
        endforeach()
      endif()
    endforeach()
    set_property(GLOBAL PROPERTY "linnet_uses_torch:${file}" ${known})
  endif()
  set(${out} ${known} PARENT_SCOPE)
endfunction()

# Joins SOURCEs (of one folder, all with LibTorch or all without) as units NAME_1, NAME_2 ... of about equal numbers.
function(linnet_join target name uses_torch)
  list(LENGTH ARGN count)
  math(EXPR units "(${count} + ${LINNET_UNITY_SIZE} - 1) / ${LINNET_UNITY_SIZE}")
  set(index 0)
  foreach(source IN LISTS ARGN)
    math(EXPR unit "${index} * ${units} / ${count} + 1")
    math(EXPR index "${index} + 1")
    set_source_files_properties("${source}" PROPERTIES UNITY_GROUP "${name}_${unit}")
    if(NOT uses_torch)
      set_source_files_properties("${CMAKE_CURRENT_BINARY_DIR}/CMakeFiles/${target}.dir/Unity/unity_${name}_${unit}_cxx.cxx"
                                  PROPERTIES SKIP_PRECOMPILE_HEADERS ON)
    endif()
  endforeach()
endfunction()

function(linnet_units target)
  target_precompile_headers(${target} REUSE_FROM linnet_pch)
  set(groups)
  foreach(source ${ARGN})
    cmake_path(ABSOLUTE_PATH source)
    linnet_uses_torch("${source}" uses_torch)
    cmake_path(GET source PARENT_PATH folder)
    cmake_path(RELATIVE_PATH folder BASE_DIRECTORY "${PROJECT_SOURCE_DIR}")
    string(REPLACE "/" "_" group "${folder}")
    if(NOT uses_torch)
      set_source_files_properties("${source}" PROPERTIES SKIP_PRECOMPILE_HEADERS ON)
      string(APPEND group "_without_torch")
    endif()
    list(APPEND groups "${group}")
    list(APPEND sources_of_${group} "${source}")
    set(torch_in_${group} ${uses_torch})
  endforeach()
  if(LINNET_UNITY)
    set_target_properties(${target} PROPERTIES UNITY_BUILD ON UNITY_BUILD_MODE GROUP)
    list(REMOVE_DUPLICATES groups)
    foreach(group IN LISTS groups)
      linnet_join(${target} ${group} ${torch_in_${group}} ${sources_of_${group}})
    endforeach()
  endif()
endfunction()
