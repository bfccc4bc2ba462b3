#!/usr/bin/env bash
# lint.sh BUILD [--quick | FILE...]: every check that needs no running program, on all files or on those named; --quick
# leaves clang-tidy out. Called by ./dev lint and .ci/run.
set -uo pipefail
cd "$(dirname "$0")/.." || exit 1

build=$1
shift
quick=''
if [[ ${1:-} == --quick ]]; then
  quick=yes
  shift
fi
files=("$@")
((${#files[@]})) || mapfile -t files < <(
  find linnet tests examples benchmarks cmake tools .ci -type f
  printf '%s\n' CMakeLists.txt CMakePresets.json dev
)

# Prints the files whose names match a pattern.
matching() { printf '%s\n' "${files[@]}" | grep -E "$1" | sort; }

failed=()
check() {
  local name=$1
  shift
  printf '== %s\n' "$name"
  "$@" || failed+=("$name")
}

check_format() {
  mapfile -t sources < <(matching '\.(h|cpp)$')
  ((${#sources[@]})) || return 0
  tools/format.sh --check "${sources[@]}" || { printf 'Run: ./dev format\n' && return 1; }
}

check_scripts() {
  local script result=0
  mapfile -t scripts < <(matching '(\.sh|^dev|\.ci/run)$')
  for script in "${scripts[@]}"; do
    bash -n "$script" || result=1
  done
  if ((${#scripts[@]})) && command -v shellcheck >/dev/null; then
    shellcheck "${scripts[@]}" || result=1
  fi
  return "$result"
}

# No tabs, no blanks at line ends, and cmake can read the presets.
check_cmake() {
  local result=0
  mapfile -t scripts < <(matching '(CMakeLists\.txt|\.cmake|\.cmake\.in|CMakePresets\.json)$')
  if ((${#scripts[@]})) && grep -nHP '\t| $' "${scripts[@]}"; then
    printf 'Tabs or blanks at the end of a line (above).\n'
    result=1
  fi
  cmake --list-presets >/dev/null || result=1
  return "$result"
}

check_tidy() {
  mapfile -t sources < <(matching '\.cpp$' | grep -v '^examples/cmake_project/')
  ((${#sources[@]})) || return 0
  tools/clang_tidy.sh "$build" "${sources[@]}"
}

check "layout of the code (clang-format)" check_format
check "layers" cmake -P tools/check_layers.cmake
check "shell scripts" check_scripts
check "cmake files" check_cmake
[[ -n $quick ]] || check "clang-tidy" check_tidy

if ((${#failed[@]})); then
  printf 'lint: failed: %s\n' "$(printf '%s; ' "${failed[@]}")" >&2
  exit 1
fi
printf 'lint: all good\n'
