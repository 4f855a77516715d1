#!/bin/bash
# Builds what boots: `guest.sh WORK VERSION`, with WORK/img the unpacked linux-image package.
# Makes WORK/initrd and WORK/vmlinuz. Needs busybox-static cpio zstd xz-utils gcc make kmod linux-headers-VERSION.
# KERNEL_TREE: drivers that Debian does not build are compiled out of tree from its drivers/gpu/drm.
set -euo pipefail
WORK=$1 V=$2 HERE=$(cd "$(dirname "$0")" && pwd)
IMG=$WORK/img H=/usr/src/linux-headers-$V
[ -e "$IMG/lib" ] || ln -s usr/lib "$IMG/lib" # Debian's newer packages
MODS="9p 9pnet_virtio ramoops bochs cirrus cirrus-qemu udl dummy_hcd libcomposite lz4_compress qxl virtio-gpu vgem radeon drm_shmem_helper regmap-spi drm_display_helper"
mkdir -p "$WORK/ko"
gcc -O1 -static -o "$WORK/hold" "$HERE/../../server/stress/hold.c"
# What is as it was keeps its time: make then compiles nothing twice.
put() { # FILE... FOLDER
  local to=${*: -1} f
  for f in "${@:1:$#-1}"; do cmp -s "$f" "$to/${f##*/}" || cp "$f" "$to/"; done
}
S=$(mktemp -d); R=$(mktemp -d); trap 'rm -rf "$R" "$S"' EXIT
out_of_tree() {
  put "$HERE"/{failat,dtdev,dtusb}.c "$WORK/ko"
  D=$KERNEL_TREE/drivers/gpu/drm TINY="ili9163 ili9225 ili9341 ili9486 hx8357d mi0283qt st7586 st7735r repaper simpledrm"
  put "$HERE/../../test/kernel/stress/planted/planted.c" "$WORK/ko"
  # Debian's kernel has another driver of that name built in.
  sed 's/\.name = "simple-framebuffer"/.name = "simpledrm-dt"/' "$D/tiny/simpledrm.c" >"$S/simpledrm.c"
  for f in $TINY; do [ "$f" = simpledrm ] || cp "$D/tiny/$f.c" "$S/"; done
  put "$S"/*.c "$D"/drm_{fbdev_dma,gem_dma_helper,fb_dma_helper,mipi_dbi}.c "$WORK/ko"
  for d in vkms gud; do
    mkdir -p "$WORK/ko/$d"
    sed 's/obj-$(CONFIG_[A-Z0-9_]*)/obj-m/' "$D/$d/Makefile" >"$S/Makefile"
    put "$D/$d"/*.[ch] "$S/Makefile" "$WORK/ko/$d"
  done
  {
    echo 'obj-m += failat.o dtdev.o dtusb.o planted.o drm_dma_helper.o drm_mipi_dbi.o vkms/ gud/'
    echo 'drm_dma_helper-y := drm_gem_dma_helper.o drm_fbdev_dma.o drm_fb_dma_helper.o'
    for f in $TINY; do echo "obj-m += $f.o"; done
  } >"$S/Makefile"
  put "$S/Makefile" "$WORK/ko"
  make -s -C "$H" M="$WORK/ko" modules
}
if [ -d "$H" ]; then out_of_tree; else echo "no $H: the guest has the drivers of the kernel's package only" >&2; fi
mkdir -p "$R"/{bin,etc,proc,sys,dev,tmp,out} "$R/lib/modules/$V/extra"
cp /bin/busybox "$R/bin/busybox"; ln -s busybox "$R/bin/sh"; cp "$WORK/hold" "$R/bin/"
cp "$HERE/init.sh" "$R/init"; chmod +x "$R/init"; : >"$R/etc/functions"
[ -f "$IMG/lib/modules/$V/modules.dep" ] || depmod -b "$IMG" "$V"
for f in $(for m in $MODS; do modprobe -d "$IMG" -S "$V" --show-depends "$m" 2>/dev/null | awk '$1=="insmod"{print $2}'; done | sort -u); do
  rel=${f#*/lib/modules/"$V"/}; mkdir -p "$R/lib/modules/$V/$(dirname "$rel")"
  case $f in *.xz) xz -dc "$f" >"$R/lib/modules/$V/${rel%.xz}" ;; *) cp "$f" "$R/lib/modules/$V/$rel" ;; esac
done
[ ! -d "$H" ] || cp "$WORK"/ko/*.ko "$WORK"/ko/{vkms,gud}/*.ko "$R/lib/modules/$V/extra/"
cp "$IMG/lib/modules/$V"/modules.{order,builtin,builtin.modinfo} "$R/lib/modules/$V/"
depmod -b "$R" "$V"
(cd "$R" && find . | cpio -o -H newc --quiet | zstd -q -3 -T0) >"$WORK/initrd"
for f in "$IMG/boot/vmlinuz-$V" "$IMG/lib/modules/$V/vmlinuz"; do [ ! -e "$f" ] || cp "$f" "$WORK/vmlinuz"; done
