#!/usr/bin/env bash
# Puts the folders of a kernel source that the tests and benchmarks read into a cache outside the
# repository, once, and prints the tree's path.
#
#   scripts/fetch-kernel.sh 6.12          print the tree's path, fetching it when it is not there
#   scripts/fetch-kernel.sh --path 6.12   print the path only when the tree is there (exit 1 if not)
#   scripts/fetch-kernel.sh --full 6.12   the same with the whole source, for what has to be compiled
#
# KERNEL_TREE_6_12=PATH (or _6_1, _7_3) names a tree of your own: nothing is fetched then. Without
# that, Debian's linux-source packages are used through a private apt state folder, so that the
# machine's own package lists stay as they are. 7.3 lives in trixie-backports; its address is derived
# from the mirror that the machine already uses.
set -euo pipefail

only_path= full=
while :; do
  case ${1-} in
    --path) only_path=1 ;;
    --full) full=full- ;;
    *) break ;;
  esac
  shift
done
version=${1:?usage: fetch-kernel.sh [--path] [--full] 6.1|6.12|7.3}
case $version in 6.1|6.12|7.3) ;; *) echo "unknown kernel version '$version' (6.1, 6.12 or 7.3)" >&2; exit 2 ;; esac

override=KERNEL_TREE_${version//./_}
if [ -n "${!override-}" ]; then
  needed=${full:+arch/x86}
  for folder in drivers/gpu/drm ${needed:-}; do
    [ -d "${!override}/$folder" ] || { echo "$override: no $folder under ${!override}" >&2; exit 1; }
  done
  echo "${!override}"; exit 0
fi

cache=${DRIVER_TEARDOWN_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/driver-teardown}/kernel
tree=$cache/${full}linux-$version
if [ -f "$tree/.complete" ]; then echo "$tree"; exit 0; fi
[ -z "$only_path" ] || exit 1
command -v apt-get >/dev/null || { echo "no apt-get here: set $override to a kernel tree of version $version" >&2; exit 1; }

mkdir -p "$cache"
exec 9>"$cache/.lock"
flock 9
if [ -f "$tree/.complete" ]; then echo "$tree"; exit 0; fi

work=$(mktemp -d "$cache/fetch.XXXXXX")
trap 'rm -rf "$work"' EXIT
mkdir -p "$work/state/lists/partial" "$work/cache/archives/partial" "$work/sources"

# One Debian mirror line per suite that can hold the package, signed as the machine's own sources are.
mirror=$(apt-get indextargets --format '$(CREATED_BY) $(SITE) $(REPO_URI) $(SIGNED_BY)' 'Label: Debian' 2>/dev/null | awk '$1=="Packages"{print $3; exit}')
[ -n "$mirror" ] || mirror=$(apt-get indextargets --format '$(CREATED_BY) $(REPO_URI) $(RELEASE)' 2>/dev/null | awk '$1=="Packages" && $2 ~ /debian\/?$/ {print $2; exit}')
keyring=/usr/share/keyrings/debian-archive-keyring.gpg
options=(-o "Dir::State=$work/state" -o "Dir::Cache=$work/cache" -o "Dir::State::status=/dev/null"
  -o "APT::Sandbox::User=root" -o "Acquire::Languages=none" -o "Debug::NoLocking=1")
if [ "$version" = 7.3 ]; then
  [ -n "$mirror" ] || { echo "no Debian mirror among this machine's apt sources: set $override" >&2; exit 1; }
  echo "deb [signed-by=$keyring] $mirror trixie-backports main" > "$work/sources/kernel.list"
  options+=(-o "Dir::Etc::sourcelist=$work/sources/kernel.list" -o "Dir::Etc::sourceparts=/dev/null")
fi

echo "fetching linux-source-$version (once)" >&2
apt-get "${options[@]}" update -q >&2
(cd "$work" && apt-get "${options[@]}" download -q "linux-source-$version" >&2)
deb=$(ls "$work"/linux-source-"$version"_*.deb)

# The folders that the analysis, its tests and checkpatch read: everything else stays packed.
wanted=(Kbuild Kconfig MAINTAINERS Makefile drivers/gpu/drm drivers/base include/drm include/linux
  include/uapi/drm scripts/checkpatch.pl scripts/spelling.txt scripts/const_structs.checkpatch Documentation/gpu)
# DRM's accelerators have a folder of their own since 6.2.
if [ "$version" != 6.1 ]; then wanted+=(drivers/accel); fi
paths=("${wanted[@]/#/linux-source-$version/}")
if [ -n "$full" ]; then paths=(); fi
mkdir -p "$work/tree"
dpkg-deb --fsys-tarfile "$deb" | tar -xO "./usr/src/linux-source-$version.tar.xz" |
  tar -xJ -C "$work/tree" --strip-components=1 "${paths[@]}"
basename "$deb" | sed "s/^linux-source-${version}_//; s/_all\.deb$//; s/%3a/:/" > "$work/tree/.complete"
rm -rf "$tree"
mv "$work/tree" "$tree"
echo "$tree"
