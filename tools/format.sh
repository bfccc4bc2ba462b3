#!/usr/bin/env bash
# Lays out C++ files as .clang-format says, all or those named; --check only looks. Called by ./dev format.
set -euo pipefail
cd "$(dirname "$0")/.."

check=''
if [[ ${1:-} == --check ]]; then
  check=yes
  shift
fi
files=("$@")
if ((!$#)); then
  mapfile -d '' files < <(find linnet tests examples benchmarks tools \( -name '*.h' -o -name '*.cpp' \) -print0)
fi

if [[ -z $check ]]; then
  clang-format -i "${files[@]}"
  exit
fi
result=0
for file in "${files[@]}"; do
  if ! clang-format --dry-run -Werror "$file" 2>/dev/null; then
    printf '%s: not laid out as .clang-format says\n' "$file"
    result=1
  fi
done
exit "$result"
