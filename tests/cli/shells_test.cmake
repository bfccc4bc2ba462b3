# The completion scripts in the shells themselves. bash and zsh get stand-ins for what they offer only while a line is
# edited; fish completes a line that it is given.
cmake_minimum_required(VERSION 3.25)

set(linnet "${BUILD_DIR}/bin/linnet")
file(REMOVE_RECURSE "${SCRATCH_DIR}")
file(MAKE_DIRECTORY "${SCRATCH_DIR}/here/runs" "${SCRATCH_DIR}/bin")
file(WRITE "${SCRATCH_DIR}/here/photo one.jpg" "")
file(CREATE_LINK "${linnet}" "${SCRATCH_DIR}/bin/linnet" SYMBOLIC)
set(ENV{PATH} "${SCRATCH_DIR}/bin:$ENV{PATH}")

# expect(SHELL LINE ANSWER...): `answers` holds one line for each word offered at the end of LINE.
function(expect shell line)
  list(SORT ARGN)
  set(all "${answers}")
  string(STRIP "${all}" all)
  string(REPLACE "\n" ";" all "${all}")
  list(SORT all)
  if(NOT all STREQUAL ARGN)
    message(SEND_ERROR "${shell}, '${line}': got '${all}', expected '${ARGN}'")
  endif()
endfunction()

function(ask shell script)
  execute_process(COMMAND ${shell} "${script}" ${ARGN} WORKING_DIRECTORY "${SCRATCH_DIR}/here" OUTPUT_VARIABLE out
                  ERROR_VARIABLE err RESULT_VARIABLE status)
  if(status OR err)
    message(SEND_ERROR "${shell} ended with ${status}: ${err}")
  endif()
  set(answers "${out}" PARENT_SCOPE)
endfunction()

find_program(bash bash)
if(bash)
  # Called with what bash replaces, then the words as bash cuts them; the line is in LINE.
  file(WRITE "${SCRATCH_DIR}/ask.bash" [=[
source <(linnet completion bash)
compopt() { :; }
COMP_LINE=$LINE COMP_POINT=${#LINE}
replaced=$1
shift
COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
_linnet linnet "$replaced"
((${#COMPREPLY[@]})) && printf '%s\n' "${COMPREPLY[@]}"
exit 0
]=])
  function(ask_bash line replaced)
    set(ENV{LINE} "${line}")
    ask("${bash}" "${SCRATCH_DIR}/ask.bash" "${replaced}" ${ARGN})
    set(answers "${answers}" PARENT_SCOPE)
  endfunction()
  ask_bash("linnet train --ar" "--ar" linnet train --ar)
  expect(bash "train --ar" --arch)
  ask_bash("linnet train --arch resnet3" "resnet3" linnet train --arch resnet3)
  expect(bash "train --arch resnet3" resnet34)
  ask_bash("linnet train --arch=resnet3" "resnet3" linnet train --arch = resnet3)
  expect(bash "train --arch=resnet3" resnet34)
  ask_bash("linnet train  --weights=i" "i" linnet train --weights = i)
  expect(bash "train --weights=i" imagenet)
  ask_bash("linnet train --label reg" "reg" linnet train --label reg)
  expect(bash "train --label reg" "regex:")
  ask_bash("linnet predict ph" "ph" linnet predict ph)
  expect(bash "predict ph" "photo one.jpg")
  ask_bash("linnet train --out=r" "r" linnet train --out = r)
  expect(bash "train --out=r" runs)
else()
  message("There is no bash here: its completion was not tried.")
endif()

find_program(zsh zsh)
if(zsh)
  file(WRITE "${SCRATCH_DIR}/ask.zsh" [=[
compdef() { : }
_describe() { shift 3; print -rl -- ${(P)1} }
_files() { print -r -- "<files${1:+ $1}>" }
compset() { : }
source <(linnet completion zsh)
words=(linnet "$@")
CURRENT=$#words
PREFIX=$words[-1]
_linnet
exit 0
]=])
  macro(ask_zsh)
    ask("${zsh}" -f "${SCRATCH_DIR}/ask.zsh" ${ARGN})
  endmacro()
  ask_zsh(completion zs)
  expect(zsh "completion zs" zsh)
  ask_zsh(train --arch=resnet3)
  expect(zsh "train --arch=resnet3" --arch=resnet34)
  ask_zsh(train --label reg)
  expect(zsh "train --label reg" "regex\\:")
  ask_zsh(predict ph)
  expect(zsh "predict ph" "<files>")
  ask_zsh(train --out r)
  expect(zsh "train --out r" "<files -/>")
else()
  message("There is no zsh here: its completion was not tried.")
endif()

find_program(fish fish)
if(fish)
  set(ENV{HOME} "${SCRATCH_DIR}")
  file(WRITE "${SCRATCH_DIR}/ask.fish" [=[
linnet completion fish | source
complete -C $argv[1] | string replace -r '\t.*' ''
exit 0
]=])
  macro(ask_fish line)
    ask("${fish}" --no-config "${SCRATCH_DIR}/ask.fish" "${line}")
  endmacro()
  ask_fish("linnet train --ar")
  expect(fish "train --ar" --arch)
  ask_fish("linnet train --arch=resnet3")
  expect(fish "train --arch=resnet3" --arch=resnet34)
  ask_fish("linnet predict ph")
  expect(fish "predict ph" "photo one.jpg")
  ask_fish("linnet train --out=r")
  expect(fish "train --out=r" "--out=runs/")
else()
  message("There is no fish here: its completion was not tried.")
endif()
file(REMOVE_RECURSE "${SCRATCH_DIR}")
