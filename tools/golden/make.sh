#!/usr/bin/env bash
# make.sh [--seed S] [--only TOPIC,TOPIC] OUT [FOLDER...]: writes the golden values into OUT by running fastai. Each FOLDER
# holds Python packages (a checkout of fastai, fastcore, fastprogress, fastdownload, timm), for what is not installed.
# The interpreter is $PYTHON, else /usr/bin/python3. Versions and how to get them: README.md beside this file.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

usage() {
  printf 'usage: tools/golden/make.sh [--seed S] [--only TOPIC,TOPIC] OUT [FOLDER...]\n' >&2
  exit 2
}

options=(--seed 1)
while [[ ${1:-} == --* ]]; do
  if [[ $1 != --seed && $1 != --only ]] || (($# < 2)); then usage; fi
  options+=("$1" "$2")
  shift 2
done
if (($# < 1)); then usage; fi
out=$1
shift

path=${PYTHONPATH:-}
for folder in "$@"; do
  if [[ ! -d $folder ]]; then
    printf 'make.sh: %s is not a directory\n' "$folder" >&2
    exit 2
  fi
  path=$(cd "$folder" && pwd):$path
done
PYTHONDONTWRITEBYTECODE=1 PYTHONPATH=$path exec "${PYTHON:-/usr/bin/python3}" "$here/make_fixtures.py" "${options[@]}" --out "$out"
