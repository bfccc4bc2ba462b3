# Every example compiles, against the headers as they are installed: the ```cpp blocks of README.md, CONTRIBUTING.md and
# docs/*.md, a page by itself, and the examples in docstrings (tests/docs/code_blocks.awk says which text is one), all
# folders as one unit after tests/docs/examples_prelude.h.
# label: slow
cmake_minimum_required(VERSION 3.25)
if(SANITIZE)
  message("Examples are compiled, not run: nothing for a sanitizer. Skipped.")
  return()
endif()

# extract(KIND NAMESPACE FOLDER OUT TEXT...): makes OUT of the texts, named from FOLDER; `count` is the number of examples.
function(extract kind namespace folder out)
  execute_process(COMMAND awk -v kind=${kind} -v namespace=${namespace} -f "${SOURCE_DIR}/tests/docs/code_blocks.awk" ${ARGN}
                  WORKING_DIRECTORY "${folder}" OUTPUT_FILE "${out}" COMMAND_ERROR_IS_FATAL ANY)
  file(STRINGS "${out}" first LIMIT_COUNT 1)
  string(REPLACE "// " "" count "${first}")
  set(count ${count} PARENT_SCOPE)
endfunction()

# compile(FILE FLAG...): `status` and `errors` are what came of it. An example may leave its results unused.
function(compile file)
  execute_process(COMMAND "${CXX}" -std=c++20 -fsyntax-only -Wall -Werror -Wno-unused-variable -Wno-unused-but-set-variable
                          ${ARGN} "${file}" RESULT_VARIABLE status ERROR_VARIABLE errors)
  set(status ${status} PARENT_SCOPE)
  set(errors "${errors}" PARENT_SCOPE)
endfunction()

file(REMOVE_RECURSE "${SCRATCH_DIR}")

# First this test itself: examples are found, and what does not compile is named by file and line of the text.
set(small "${SCRATCH_DIR}/small")
file(WRITE "${small}/linnet/a.h" "#pragma once
/** Text.
 *      continued lines after text are none
 *
 *      int right = 1;
 *
 *      right += 1;
 *  errors  none
 *          of these either
 *
 *      int right = 2; */
/** One line. */
struct A {
  /** Deeper.
   *
   *      int wrong = missing;
   */
};
")
extract(headers a "${small}" "${small}/a.cpp" linnet/a.h)
compile("${small}/a.cpp" "-I${small}")
if(NOT count EQUAL 3 OR status EQUAL 0 OR NOT errors MATCHES "linnet/a\\.h:16:[0-9]+: error: [^\n]*missing" OR
   errors MATCHES "error:.*error:")
  message(SEND_ERROR "of the examples of a small header ${count} were found, and the compiler said: ${errors}")
endif()
file(WRITE "${small}/a.md" "Text\n```cpp\n#include <string>\nstd::string s;\n```\n```sh\nls\n```\n```cpp\ns += missing;\n```\n")
extract(page a "${small}" "${small}/page.cpp" a.md)
compile("${small}/page.cpp")
if(NOT count EQUAL 2 OR NOT errors MATCHES "a\\.md:10:[0-9]+: error: [^\n]*missing" OR errors MATCHES "error:.*error:")
  message(SEND_ERROR "of the blocks of a small page ${count} were found, and the compiler said: ${errors}")
endif()

# The headers as they are installed, and the flags that linnet.pc gives.
set(prefix "${SCRATCH_DIR}/prefix")
execute_process(COMMAND ${CMAKE_COMMAND} --install "${BUILD_DIR}" --prefix "${prefix}" --component development
                OUTPUT_QUIET COMMAND_ERROR_IS_FATAL ANY)
file(STRINGS "${BUILD_DIR}/linnet.pc" flags REGEX "^Cflags:")
string(REGEX REPLACE "^Cflags:" "" flags "${flags}")
string(REPLACE "\${includedir}" "${prefix}/include" flags "${flags}")
separate_arguments(flags UNIX_COMMAND "${flags}")

set(total 0)
macro(found name)
  math(EXPR total "${total} + ${count}")
  message("${count} in ${name}")
endmacro()
macro(expect_compiled name)
  if(NOT status EQUAL 0)
    message("${errors}")
    message(SEND_ERROR "examples of ${name} do not compile: see above")
  endif()
endmacro()

file(GLOB pages RELATIVE "${SOURCE_DIR}" "${SOURCE_DIR}/README.md" "${SOURCE_DIR}/CONTRIBUTING.md" "${SOURCE_DIR}/docs/*.md")
foreach(page IN LISTS pages)
  cmake_path(GET page STEM name)
  extract(page ${name} "${SOURCE_DIR}" "${SCRATCH_DIR}/${name}.cpp" "${page}")
  if(count GREATER 0)
    found("${page}")
    compile("${SCRATCH_DIR}/${name}.cpp" ${flags})
    expect_compiled("${page}")
  endif()
endforeach()

set(all "#include \"${SOURCE_DIR}/tests/docs/examples_prelude.h\"\n")
file(GLOB folders RELATIVE "${prefix}/include/linnet" "${prefix}/include/linnet/*")
foreach(folder IN LISTS folders)
  file(GLOB_RECURSE headers RELATIVE "${prefix}/include" "${prefix}/include/linnet/${folder}/*.h")
  if(headers)
    extract(headers examples_of_${folder} "${prefix}/include" "${SCRATCH_DIR}/${folder}.cpp" ${headers})
    if(count GREATER 0)
      found("linnet/${folder}")
      string(APPEND all "#include \"${SCRATCH_DIR}/${folder}.cpp\"\n")
    endif()
  endif()
endforeach()
file(WRITE "${SCRATCH_DIR}/headers.cpp" "${all}")
compile("${SCRATCH_DIR}/headers.cpp" ${flags})
expect_compiled("headers")

message("${total} examples in all")
if(total EQUAL 0)
  message(SEND_ERROR "no example was found")
endif()
