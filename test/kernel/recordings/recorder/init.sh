#!/bin/bash
# The first process of the recording kernel: runs each suite with an empty log, and keeps the log
# and the trace. It runs on the host's files; $RECORDINGS is the folder that it writes to.
PATH=/usr/sbin:/usr/bin:/sbin:/bin
mount -t proc proc /proc
mount -t sysfs sysfs /sys
mount -t debugfs debugfs /sys/kernel/debug
mount -t tracefs tracefs /sys/kernel/tracing

debug=/sys/kernel/debug
tracing=/sys/kernel/tracing
# Allocations that may sleep fail too, with one line in the log each.
echo N > $debug/failslab/ignore-gfp-wait
echo 1 > $debug/failslab/verbose
# DRMRES: every addition to and release from the drmm list.
echo 0x200 > /sys/module/drm/parameters/debug
echo 1 > $tracing/events/dev/devres_log/enable

for suite in "$debug"/kunit/teardown.*; do
  name=${suite##*/}
  dmesg -C
  echo > $tracing/trace
  echo 1 > "$suite/run"
  dmesg > "$RECORDINGS/$name.dmesg"
  grep -v '^#' $tracing/trace > "$RECORDINGS/$name.trace"
done
sync
touch "$RECORDINGS/finished"
echo o > /proc/sysrq-trigger
sleep 60
