#!/usr/bin/env bash
# check_headers.sh BUILD HEADER...: compiles each header by itself, so that none leans on what others include before it.
# Joined units and the precompiled header hide that. The flags are those of BUILD (configured without joined units).
# LINNET_LINT_SECONDS sets a limit to the whole. Called by .ci/run for the headers that changed last.
set -euo pipefail
cd "$(dirname "$0")/.."

build=$1
shift
flags=$(sed -nE 's/^ *"command": "(.*)",?$/\1/p' "$build/compile_commands.json" |
  grep -F "linnet/web/service.cpp" | head -n 1 |
  sed -E 's/\\"/"/g; s/ -o [^ ]+//; s/ -c [^ ]+//; s/ -include [^ ]+cmake_pch[^ ]*//; s/ -Winvalid-pch//; s/^.*( |\/)(c\+\+|g\+\+)[^ ]* /c++ /')
[[ -n $flags ]] || { printf 'check_headers: %s has no compile commands\n' "$build" >&2; exit 1; }

check() {
  # shellcheck disable=SC2086
  $flags -I "$PWD/tests" -I "$PWD/benchmarks" -fsyntax-only -x c++ -include "$1" /dev/null ||
    { printf 'check_headers: %s does not stand by itself\n' "$1" && return 1; }
}
export -f check
export flags
# shellcheck disable=SC2016
printf '%s\0' "$@" |
  timeout --foreground "${LINNET_LINT_SECONDS:-86400}" \
    xargs -0 -n 1 -P "${LINNET_JOBS:-$(nproc)}" bash -c 'check "$@"' check || {
  status=$?
  ((status == 124)) && printf 'check_headers: stopped after %s s; the other headers go unchecked this time\n' \
    "$LINNET_LINT_SECONDS" && exit 0
  exit 1
}
printf 'check_headers: %d headers stand by themselves\n' $#
