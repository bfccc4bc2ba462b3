#!/usr/bin/env bash
# on.sh FOLDER SUITE COMMAND...: makes a Debian system of release SUITE in FOLDER/root by debootstrap, once, and runs
# `./dev COMMAND...` there as root on a copy of the present tree. The system has what Debian puts on a bare machine, and
# keeps what was installed and compiled for the next run. Called by ./dev on.
set -euo pipefail
cd "$(dirname "$0")/.."

folder=$PWD/$1
suite=$2
shift 2
root=$folder/root
tree=$root/work/linnet

make_root() {
  mkdir -p "$folder"
  rm -rf "$root"
  printf '== Making a Debian %s system in %s (a few minutes, once)\n' "$suite" "$root"
  debootstrap --variant=minbase "$suite" "$root" ${LINNET_MIRROR:+"$LINNET_MIRROR"} >"$folder/debootstrap.log" 2>&1 || {
    tail -n 5 "$folder/debootstrap.log" >&2
    printf 'on: debootstrap failed (all of it: %s). Check the network; LINNET_MIRROR names another mirror.\n' \
      "$folder/debootstrap.log" >&2
    exit 4
  }
  : >"$folder/made"
}

# Sources that are gone here go there too; the build folders there stay.
copy_tree() {
  mkdir -p "$tree"
  find "$tree" -mindepth 1 -maxdepth 1 ! -name 'build*' -exec rm -rf {} +
  tar -c --exclude='./build*' . | tar -x -C "$tree"
}

# Runs in a mount namespace of its own: what it mounts is gone with it, so removing FOLDER never reaches beyond it.
# shellcheck disable=SC2016
inside='
  set -eu
  root=$1 shared=$2
  shift 2
  mount -t proc proc "$root/proc"
  mount --rbind /dev "$root/dev"
  cp -L /etc/resolv.conf "$root/etc/resolv.conf"
  if [ -d "$shared" ]; then
    mkdir -p "$root/work/shared"
    mount --bind -o ro "$shared" "$root/work/shared"
  fi
  exec env -u CDPATH HOME=/root PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C.UTF-8 \
    chroot "$root" /work/linnet/dev "$@"'

[[ -e $folder/made ]] || make_root
copy_tree
exec unshare --mount --pid --fork --kill-child sh -c "$inside" on "$root" "$(realpath -m "$PWD/../shared")" "$@"
