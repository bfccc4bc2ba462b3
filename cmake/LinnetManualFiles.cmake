# Run as a script: has the program write its manual pages and completion scripts.
# cmake -D PROGRAM=.../linnet -D FOLDER=.../share -P LinnetManualFiles.cmake
cmake_minimum_required(VERSION 3.25)
set(ENV{ASAN_OPTIONS} "detect_leaks=0")

function(tell out)
  execute_process(COMMAND "${PROGRAM}" ${ARGN} OUTPUT_VARIABLE text RESULT_VARIABLE result)
  if(NOT result EQUAL 0)
    list(JOIN ARGN " " words)
    message(FATAL_ERROR "${PROGRAM} ${words} ended with ${result}")
  endif()
  set(${out} "${text}" PARENT_SCOPE)
endfunction()

file(REMOVE_RECURSE "${FOLDER}")  # pages of commands that are no more
tell(nothing man --out "${FOLDER}/man/man1")
# Where bash-completion, zsh and fish look below a prefix.
set(file_of_bash "bash-completion/completions/linnet")
set(file_of_zsh "zsh/site-functions/_linnet")
set(file_of_fish "fish/vendor_completions.d/linnet.fish")
foreach(shell bash zsh fish)
  tell(script completion ${shell})
  file(WRITE "${FOLDER}/${file_of_${shell}}" "${script}")
endforeach()
