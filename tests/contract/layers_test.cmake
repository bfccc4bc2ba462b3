# The project keeps its layers, and the checker that says so finds each kind of fault it is there for.
cmake_minimum_required(VERSION 3.25)

# check(FOLDER RESULT OUTPUT): runs the checker on the sources below FOLDER.
function(check folder result output)
  execute_process(COMMAND ${CMAKE_COMMAND} -D "ROOT=${folder}" -P "${SOURCE_DIR}/tools/check_layers.cmake"
                  RESULT_VARIABLE status OUTPUT_VARIABLE out ERROR_VARIABLE err)
  set(${result} ${status} PARENT_SCOPE)
  set(${output} "${out}${err}" PARENT_SCOPE)
endfunction()

# A tree that holds just one file must be refused with the given words, and its file and line: 2, or what LINE says.
set(LINE 2)
function(expect_finding file text expected)
  file(REMOVE_RECURSE "${SCRATCH_DIR}")
  file(WRITE "${SCRATCH_DIR}/linnet/${file}" "// first line\n${text}\n")
  check("${SCRATCH_DIR}" status output)
  if(status EQUAL 0)
    message(SEND_ERROR "check_layers passed linnet/${file} holding: ${text}")
  elseif(NOT output MATCHES "linnet/${file}:${LINE}: [^\n]*${expected}")
    message(SEND_ERROR "check_layers on linnet/${file} holding: ${text}\nexpected: ${expected}\nsaid: ${output}")
  endif()
endfunction()

function(expect_clean file text)
  file(REMOVE_RECURSE "${SCRATCH_DIR}")
  file(WRITE "${SCRATCH_DIR}/linnet/${file}" "${text}\n")
  check("${SCRATCH_DIR}" status output)
  if(NOT status EQUAL 0)
    message(SEND_ERROR "check_layers refused linnet/${file} holding: ${text}\nsaid: ${output}")
  endif()
endfunction()

check("${SOURCE_DIR}" status output)
if(NOT status EQUAL 0)
  message(SEND_ERROR "${output}")
endif()

expect_finding(core/a.h "#include \"linnet/io/b.h\"" "core .level 0. includes linnet/io/b.h .level 1.")  # up
expect_finding(core/a.cpp "  #  include \"linnet/train/b.h\"" "core .level 0. includes linnet/train/b.h .level 3.")
expect_finding(metric/a.cpp "#include \"linnet/data/b.h\"" "Include only lower levels")  # sideways
expect_finding(web/a.cpp "#include \"linnet/cli/b.h\"" "Include only lower levels")
expect_finding(train/a.cpp "#include \"linnet/elsewhere/b.h\"" "'elsewhere' is not a known layer")
expect_finding(train/a.cpp "#include \"linnet/vision.h\"" "umbrella header")
expect_finding(train/a.cpp "#include \"b.h\"" "Write the whole path")
expect_finding(io/a.h "#include <curl/curl.h>" "Other libraries than LibTorch belong in .cpp files")
expect_finding(io/a.h "using namespace std;" "`using namespace` in a header")
expect_finding(train/a.cpp "#include <torch/torch.h>" "Include what is used")
set(LINE 1)
expect_finding(vision.h "#include \"linnet/vision/a.h\"" "lies in no folder")

expect_clean(train/deep/a.h "#include <vector>\n#include <torch/nn/module.h>\n#include \"linnet/train/b.h\"\n#include \"linnet/core/c.h\"")
expect_clean(io/a.cpp "#include <curl/curl.h>\nconst char* kText = \"#include \\\"linnet/app/b.h\\\"; [x\";")
expect_clean(cli/main.cpp "#include \"linnet/app/a.h\"\n#include \"linnet/cli/b.h\"")
file(REMOVE_RECURSE "${SCRATCH_DIR}")
