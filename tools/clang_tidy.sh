#!/usr/bin/env bash
# clang_tidy.sh BUILD FILE...: runs clang-tidy as .clang-tidy says on .cpp files that the build folder BUILD knows. Called by
# ./dev lint and .ci/run.
set -euo pipefail
cd "$(dirname "$0")/.."

build=$1
shift
tidy=$(command -v clang-tidy-19 || command -v clang-tidy || true)
if [[ -z $tidy ]]; then
  printf 'clang_tidy: clang-tidy is not installed. Run: ./dev setup lint\n' >&2
  exit 1
fi

# clang cannot use GCC's precompiled header.
mkdir -p "$build/tidy"
sed -E 's/ -Winvalid-pch//; s/ -include [^ ]*cmake_pch\.hxx//' "$build/compile_commands.json" >"$build/tidy/compile_commands.json"

known=()
for file in "$@"; do
  if grep -qF "\"file\": \"$PWD/$file\"" "$build/tidy/compile_commands.json"; then
    known+=("$file")
  else
    printf 'clang_tidy: %s is not part of the build: left out\n' "$file"
  fi
done
((${#known[@]})) || exit 0

check() {
  local start=$SECONDS output
  if output=$("$tidy" --quiet -p "$build/tidy" --extra-arg-before=-include \
    --extra-arg-before="$PWD/tools/clang_tidy_prelude.h" "$1" 2>&1); then
    printf 'clang_tidy: %s (%d s)\n' "$1" $((SECONDS - start))
  else
    printf '%s\nclang_tidy: %s has findings\n' "$(grep -v 'warnings\? generated' <<<"$output")" "$1"
    return 1
  fi
}
export -f check
export tidy build
# shellcheck disable=SC2016
printf '%s\0' "${known[@]}" | xargs -0 -n 1 -P "${LINNET_JOBS:-$(nproc)}" bash -c 'check "$1"' check
