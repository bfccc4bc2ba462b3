# Each topic of fastai's numbers (tests/golden/index.json) is named by a test, where that builds Golden("topic"), or is
# listed here with the reason why no test names it yet.
cmake_minimum_required(VERSION 3.25)

set(waiting
    "tokenize: linnet has no text yet"
    "awd_lstm: linnet has no text yet"
    "timm: linnet has none of timm's architectures yet")

# find_faults(FOLDER WAITING RESULT): what is wrong with the tests and the index.json below FOLDER, as a list of sentences.
function(find_faults folder waiting result)
  file(READ "${folder}/golden/index.json" index)
  string(JSON count LENGTH "${index}" topics)
  math(EXPR last "${count} - 1")
  foreach(i RANGE ${last})
    string(JSON topic GET "${index}" topics ${i})
    list(APPEND topics ${topic})
  endforeach()

  file(GLOB_RECURSE sources RELATIVE "${folder}" "${folder}/*.cpp")
  foreach(source ${sources})
    file(READ "${folder}/${source}" text)
    string(REGEX REPLACE "//[^\n]*" "" text "${text}")
    string(REGEX MATCHALL "(Golden|golden_?)( +[a-z_]+)?(\\.emplace)?[({]\"[a-z_0-9]+\"" uses "${text}")
    foreach(use ${uses})
      string(REGEX REPLACE ".*\"(.+)\"" "\\1" topic "${use}")
      list(APPEND named ${topic})
      if(NOT topic IN_LIST topics)
        list(APPEND faults "${source} names the topic '${topic}', which index.json does not have.")
      endif()
    endforeach()
  endforeach()

  foreach(entry ${waiting})
    string(REGEX REPLACE ":.*" "" topic "${entry}")
    list(APPEND listed ${topic})
    if(NOT entry MATCHES "^[a-z_]+: .+")
      list(APPEND faults "'${entry}' does not say why no test names the topic.")
    elseif(NOT topic IN_LIST topics)
      list(APPEND faults "The list has the topic '${topic}', which index.json does not have.")
    elseif(topic IN_LIST named)
      list(APPEND faults "A test names the topic '${topic}': take it off the list.")
    endif()
  endforeach()
  foreach(topic ${topics})
    if(NOT topic IN_LIST named AND NOT topic IN_LIST listed)
      list(APPEND faults "No test names the topic '${topic}'.")
    endif()
  endforeach()
  set(${result} "${faults}" PARENT_SCOPE)
endfunction()

find_faults("${SOURCE_DIR}/tests" "${waiting}" faults)
foreach(fault ${faults})
  message(SEND_ERROR "${fault}")
endforeach()

# The check finds what it is there for: a test of one file, an index of the topics "losses" and "metrics".
function(expect_faults text waiting expected)
  file(REMOVE_RECURSE "${SCRATCH_DIR}")
  file(WRITE "${SCRATCH_DIR}/golden/index.json" "{\"topics\": [\"losses\", \"metrics\"]}")
  file(WRITE "${SCRATCH_DIR}/nn/a_test.cpp" "// first line\n${text}\n")
  find_faults("${SCRATCH_DIR}" "${waiting}" faults)
  if(NOT "${faults}" MATCHES "^${expected}$")
    message(SEND_ERROR "The check on ${text} with the list '${waiting}'\nexpected: ${expected}\nsaid: ${faults}")
  endif()
endfunction()

expect_faults("Golden golden(\"losses\"); golden_.emplace(\"metrics\");" "" "")
expect_faults("const test::Golden golden{\"losses\"};" "metrics: not yet" "")
expect_faults("f(Golden(\"losses\"));" "" "No test names the topic 'metrics'.")
expect_faults("f(Golden(\"losses\")); // Golden(\"metrics\")" "" "No test names the topic 'metrics'.")
expect_faults("f(golden_tensor(\"losses\"), golden.named(\"losses\"));" "metrics: not yet"
              "No test names the topic 'losses'.")
expect_faults("f(Golden(\"losses\"));" "metrics" "'metrics' does not say why .*")
expect_faults("f(Golden(\"losses\"), Golden(\"metrics\"));" "metrics: not yet"
              "A test names the topic 'metrics': take it off .*")
expect_faults("f(Golden(\"losses\"), Golden(\"other\"));" "metrics: not yet"
              "nn/a_test.cpp names the topic 'other', which .*")
expect_faults("f(Golden(\"losses\"));" "metrics: not yet;other: not yet" "The list has the topic 'other', which .*")
file(REMOVE_RECURSE "${SCRATCH_DIR}")
