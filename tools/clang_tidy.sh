#!/usr/bin/env bash
# clang_tidy.sh BUILD FILE...: runs clang-tidy as .clang-tidy says on .cpp files that the build folder BUILD knows. A file
# found clean is remembered until it, a header it includes or the rules change: about 20 s a file the first time, nothing
# after. LINNET_LINT_SECONDS sets a limit to the whole. Called by ./dev lint and .ci/run.
set -euo pipefail
cd "$(dirname "$0")/.."

build=$1
shift
tidy=$(command -v clang-tidy-19 || command -v clang-tidy || true)
if [[ -z $tidy ]]; then
  printf 'clang_tidy: clang-tidy is not installed. Run: ./dev setup lint\n' >&2
  exit 1
fi

# clang cannot read GCC's precompiled header, and warnings are the compiler's own business.
clean=$build/tidy/clean
mkdir -p "$clean"
sed -E 's/ -Winvalid-pch//; s/ -Werror//; s/ -fopenmp//; s/ -include [^ ]*cmake_pch\.hxx//' "$build/compile_commands.json" \
  >"$build/tidy/compile_commands.json"

# Prints "FILE KEY" for each .cpp file: a checksum of the rules, of the file and of all project headers it leads to.
keys() {
  local sources
  mapfile -d '' sources < <(find linnet tests benchmarks examples "$build/umbrella" \( -name '*.h' -o -name '*.cpp' \) -print0)
  {
    sha256sum "${sources[@]}" | sed "s|$build/umbrella/||; s/^/sum /"
    grep -HoE '^[[:space:]]*#[[:space:]]*include[[:space:]]*"[^"]+"' "${sources[@]}" |
      sed -E "s|^$build/umbrella/||; "'s/^([^:]+):[^"]*"([^"]+)"/includes \1 \2/'
  } | awk '
    $1 == "sum" { sum[$3] = $2 }
    $1 == "includes" { includes[$2] = includes[$2] " " $3 }
    function visit(file,    names, n, i, folders, count, k) {
      if (file in seen) return
      seen[file] = 1
      text = text sum[file]
      n = split(includes[file], names, " ")
      count = split("tests/ benchmarks/", folders, " ")
      for (i = 1; i <= n; ++i) {
        if (names[i] in sum) visit(names[i])
        for (k = 1; k <= count; ++k) if ((folders[k] names[i]) in sum) visit(folders[k] names[i])
      }
    }
    END {
      for (file in sum) if (file ~ /\.cpp$/) { split("", seen); text = ""; visit(file); print file, text }
    }' |
    while read -r file text; do
      printf '%s %s\n' "$file" "$(printf '%s %s' "$rules" "$text" | sha256sum | cut -c 1-40)"
    done
}

rules=$("$tidy" --version | cat - .clang-tidy tools/clang_tidy_prelude.h tools/clang_tidy.sh | sha256sum)
declare -A key=()
while read -r file sum; do key[$file]=$sum; done < <(keys)

todo=()
for file in "$@"; do
  if ! grep -qF "\"file\": \"$PWD/$file\"" "$build/tidy/compile_commands.json"; then
    printf 'clang_tidy: %s is not part of the build: left out\n' "$file"
  elif [[ ! -e $clean/${key[$file]} ]]; then
    todo+=("$file" "${key[$file]}")
  fi
done
printf 'clang_tidy: %d files, %d of them known to be clean\n' $# $(($# - ${#todo[@]} / 2))
((${#todo[@]})) || exit 0

check() {
  local start=$SECONDS output status=0
  output=$("$tidy" --quiet -p "$build/tidy" --extra-arg=-w --extra-arg-before=-include \
    --extra-arg-before="$PWD/tools/clang_tidy_prelude.h" "$1" 2>&1) || status=$?
  if ((status)); then
    printf '%s\nclang_tidy: %s has findings\n' "$(grep -v 'warnings\? generated' <<<"$output")" "$1"
    return 1
  fi
  : >"$clean/$2"
  printf 'clang_tidy: %s is clean (%d s)\n' "$1" $((SECONDS - start))
}
export -f check
export tidy build clean
# shellcheck disable=SC2016
printf '%s\0' "${todo[@]}" |
  timeout --foreground "${LINNET_LINT_SECONDS:-86400}" \
    xargs -0 -n 2 -P "${LINNET_JOBS:-$(nproc)}" bash -c 'check "$@"' check || {
  status=$?
  ((status == 124)) && printf 'clang_tidy: stopped after %s s; the other files go unchecked this time\n' \
    "$LINNET_LINT_SECONDS" && exit 0
  exit 1
}
