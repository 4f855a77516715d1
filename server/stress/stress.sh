# The rest is the same in every kit. ROOT is a test's: the tree in which sys, proc and dev are looked for.
ROOT=${DT_ROOT:-}
SYS=$ROOT/sys PROC=$ROOT/proc DEV=$ROOT/dev
HERE=$(cd "$(dirname "$0")" && pwd) || exit 2
GO='' DRY='' PIPE='' OUT=$HERE/out ONLY='' SKIP='' DEVICE='' DRIVER='' JOB='' FAILAT='' RESUME='' NTH=40
T='' CARD='' HOLDER='' FOLLOWER='' BUS='' AWAITED='' LOCKED=''

usage() {
  cat <<END
usage: sh stress.sh --break-this-machine [OPTION...]

Takes the driver $MODULE down in the ways that Driver Teardown thinks are risky for it, and records what the kernel says.
A kernel with a bug can crash, hang, or damage what it has in memory: save your work, and better use a machine that has
none. Nothing should show on the device: no display server, no console that you need.

  --break-this-machine   do it; without this nothing is done
  --dry-run              say what would be done here (no root needed)
  --list                 the names of the scenarios
  --only A,B / --skip A,B  these scenarios only / not these; of probe-fail also one function's (probe-fail:FUNCTION)
  --device NAME          the device, as below /sys/bus/BUS/devices (default: the first that is bound)
  --driver BUS:NAME      the driver, as below /sys/bus/BUS/drivers (default: the module's first)
  --out DIR              where the log goes (default: $OUT)
  --job COMMAND          what keeps jobs running on the device, for the scenario that needs them
  --failat FILE.ko       a module that fails the nth call of a function (func=, nth=, ret=), for failing probes
  --nth N                so many allocations of probe are failed in turn (default $NTH)
  --resume               the machine went down: leave out what was begun, go on behind it

Afterwards: driver-teardown order DRIVER-FOLDER --log DIR/stress.log
END
}

die() { echo "stress.sh: $*" >&2; exit 2; }

while [ $# -gt 0 ]; do
  case $1 in
    --break-this-machine) GO=1 ;;
    --dry-run) DRY=1 ;;
    --list) for s in $SCENARIOS; do echo "$s"; done; exit 0 ;;
    --help | -h) usage; exit 0 ;;
    --resume) RESUME=1 ;;
    --only | --skip | --device | --driver | --out | --job | --failat | --nth)
      [ $# -gt 1 ] || die "$1 needs a value"
      case $1 in
        --only) ONLY=$2 ;; --skip) SKIP=$2 ;; --device) DEVICE=$2 ;; --driver) DRIVER=$2 ;;
        --out) OUT=$2 ;; --job) JOB=$2 ;; --failat) FAILAT=$2 ;; --nth) NTH=$2 ;;
      esac
      shift ;;
    *) die "unknown option $1 (see --help)" ;;
  esac
  shift
done
for s in $(echo "$ONLY,$SKIP" | tr , ' '); do
  case " $SCENARIOS " in *" ${s%%:*} "*) ;; *) die "no scenario $s (see --list)" ;; esac
done
case $NTH in '' | *[!0-9]*) die "--nth needs a number, not $NTH" ;; esac
NAME=$(printf '%s\n' "$MODULE" | tr - _)

chosen() { # SCENARIO, or probe-fail:FUNCTION: whether it was asked for; with either, both are
  case ",$SKIP," in *",${1%%:*},"* | *",$1,"*) return 1 ;; esac
  [ -z "$ONLY" ] && return 0
  case ",$ONLY," in *",${1%%:*},"* | *",$1,"*) return 0 ;; esac
  case $1,$ONLY in probe-fail,*probe-fail:*) return 0 ;; esac
  return 1
}

find_driver() { # sets BUS and DRIVER
  [ -z "$BUS" ] || return 0
  if [ -z "$DRIVER" ]; then
    for b in $BUSES; do
      for d in "$SYS/module/$NAME/drivers/$b":*; do
        [ -e "$d" ] || continue
        DRIVER=$(basename "$d")
        break 2
      done
    done
  fi
  case $DRIVER in *:*) BUS=${DRIVER%%:*} DRIVER=${DRIVER#*:} ;; esac
}

find_device() { # sets DEVICE: what is bound, else what the driver was told of
  [ -n "$DEVICE" ] || [ -z "$BUS" ] || for d in "$SYS/bus/$BUS/drivers/$DRIVER"/*; do
    [ -L "$d" ] && [ -e "$SYS/bus/$BUS/devices/$(basename "$d")" ] && DEVICE=$(basename "$d") && break
  done
}

is_bound() { [ -n "$DEVICE" ] && [ -e "$SYS/bus/$BUS/devices/$DEVICE/driver" ]; }
folder() { # the device's folder in sysfs, where links lead to
  [ -n "$DEVICE" ] && cd "$SYS/bus/$BUS/devices/$DEVICE" 2>/dev/null && pwd -P
}

find_card() { # sets CARD: the DRM node, of the device or (virtio) of the one above it
  CARD=''
  here=$(folder) || here=''
  for d in ${here:+"$here" "${here%/*}"}; do
    for n in "$d"/drm/card* "$d"/accel/accel*; do
      [ -d "$n" ] || continue
      case $n in */accel/*) CARD=$DEV/accel/${n##*/} ;; *) CARD=$DEV/dri/${n##*/} ;; esac
      return 0
    done
  done
  # A driver that makes its device itself: what is there now, and was not before.
  [ -z "$BUS" ] && for n in "$DEV"/dri/card*; do
    case " $BEFORE " in *" ${n##*/} "*) ;; *) [ -e "$n" ] && CARD=$n && return 0 ;; esac
  done
  return 1
}

readable() { # PATTERN...: the first file that can be read
  for f in "$@"; do
    [ -f "$f" ] && [ -r "$f" ] && head -c 1 "$f" >/dev/null 2>&1 && echo "$f" && return 0
  done
  return 1
}

target() { # HOLD: what is held open for it
  here=$(folder) || here=''
  case $1 in
    none) return 0 ;;
    job) [ -n "$JOB" ] || { echo 'name a program with --job'; return 1; } ;;
    hwmon) readable "$here"/hwmon/hwmon*/*_input || { echo 'no attribute of a hwmon device can be read'; return 1; } ;;
    sysfs)
      set --
      for a in $ATTRIBUTES; do set -- "$@" "$here/$a" "$here"/*/"$a" "$here"/drm/card*/"$a"; done
      readable "$@" "$here"/drm/card*/card*-*/status "${here%/*}"/drm/card*/card*-*/status ||
        { echo 'no attribute can be read'; return 1; } ;;
    console)
      set -- "$here"/graphics/fb* "$here"/drm/card*/graphics/fb* "${here%/*}"/graphics/fb*
      for f in "$@"; do [ -d "$f" ] && [ -c "$DEV/tty0" ] && echo "$DEV/tty0" && return 0; done
      echo 'no console shows on the device'
      return 1 ;;
    debugfs)
      n=${CARD##*[!0-9]}
      for f in "$SYS/kernel/debug/dri/${n:-none}"/* "$SYS/kernel/debug/dri/$DEVICE"/*; do
        case ${f##*/} in name | clients | gem_names | framebuffer | state | internal_clients) continue ;; esac
        readable "$f" && return 0
      done
      readable "$SYS/kernel/debug/dri/${n:-none}"/* || { echo 'no file of debugfs can be read'; return 1; } ;;
    *) [ -n "$CARD" ] || { echo 'no DRM node'; return 1; }
      echo "$CARD" ;;
  esac
}

mode() { case $1 in hwmon | sysfs) echo read ;; console) echo write ;; debugfs) echo file ;; *) echo "$1" ;; esac }

plan() { # what would be done here
  echo "module $MODULE: bus ${BUS:-none}, driver ${DRIVER:-none}, device ${DEVICE:-none}, node ${CARD:-none}"
  [ -e "$SYS/module/$NAME" ] || echo "  the module is not loaded: it would be loaded first"
  for s in $SCENARIOS; do
    chosen "$s" || continue
    about "$s"
    echo "$s: $WHAT"
    case $HOLD in none) ;; *)
      if [ -e "$SYS/module/$NAME" ] && is_bound; then
        found=$(target "$HOLD") && echo "  holds: $found" || echo "  would be left out: $found"
      fi ;;
    esac
    [ -z "$MAY" ] || printf '%s\n' "${MAY#"$NL"}"
  done
  if chosen probe-fail; then
    for f in $FAILURES; do
      nth=${f#*:}
      chosen "probe-fail:${f%%:*}" || continue
      echo "  fails: call ${nth%%:*} of ${f%%:*}() answers ${f##*:}"
    done
  fi
}

find_driver
find_device
# shellcheck disable=SC2012 # The kernel's names: card0, renderD128.
BEFORE=$(ls "$DEV/dri" 2>/dev/null | tr '\n' ' ')
find_card
if [ -n "$DRY" ]; then plan; exit 0; fi
if [ -z "$GO" ]; then
  plan
  echo "stress.sh: nothing was done: --break-this-machine does it (see --help)" >&2
  exit 2
fi

# ---- from here on it is done ----
[ -n "$ROOT" ] || [ "$(id -u)" = 0 ] || die "has to run as root"
case $OUT in /*) ;; *) OUT=$PWD/$OUT ;; esac
{ mkdir -p "$OUT" && [ -w "$OUT" ]; } || die "$OUT cannot be written to"
LOG=$OUT/stress.log
if [ -n "$RESUME" ]; then [ -f "$LOG" ] || die "nothing to resume: no $LOG"
elif [ -e "$LOG" ]; then die "$LOG is there already: name another --out, or --resume"; fi
WORK=${TMPDIR:-/tmp}/stress.$$
mkdir -m 700 "$WORK" || die "$WORK cannot be made"
HELPER=$HERE/hold
if [ ! -x "$HELPER" ]; then
  for cc in cc gcc clang tcc ''; do command -v "${cc:-none}" >/dev/null 2>&1 && break; done
  [ -n "$cc" ] || die "no C compiler here: make it elsewhere, cc -static -o hold hold.c, and put it beside this script"
  HELPER=$WORK/hold
  "$cc" -O1 -o "$HELPER" "$HERE/hold.c" || die "hold.c cannot be compiled"
fi

pause() { [ -n "$ROOT" ] || sleep "$1"; }
say() { echo "DT: $*" >>"$DEV/kmsg"; echo "DT: $*"; }
kept() { # what pstore has of a boot that went down comes into the log, each dump once, its oldest part first
  for p in "$SYS"/fs/pstore/*; do
    [ ! -f "$p" ] || printf '%s %s\n' "$(head -n 1 "$p" | sed -n 's/^[A-Za-z ]*#\([0-9]*\) Part\([0-9]*\)$/\1 \2/p')" "$p"
  done | sed 's/^ /9999 0 /' | sort -k1,1n -k2,2nr >"$WORK/kept"
  mkdir -p "$OUT/pstore"
  echo >>"$LOG"
  while read -r _ _ p; do
    cmp -s "$p" "$OUT/pstore/${p##*/}" && continue
    { echo "DT: pstore ${p##*/}"; cat "$p"; echo; } >>"$LOG"
    cp "$p" "$OUT/pstore/"
  done <"$WORK/kept"
  echo 'DT: resumed' >>"$LOG"
}
mark() { [ -z "$PIPE" ] || echo "DT: $*" >"$T/trace_marker"; say "$@"; }

if [ -z "$ROOT" ]; then
  [ -d "$SYS/kernel/tracing/events" ] || mount -t tracefs nodev "$SYS/kernel/tracing" 2>/dev/null
  [ -d "$SYS/kernel/debug/dri" ] || mount -t debugfs nodev "$SYS/kernel/debug" 2>/dev/null
fi
TRACING=$SYS/kernel/tracing
if [ -e "$TRACING/events/dev/devres_log/enable" ]; then
  [ -d "$TRACING/instances/stress" ] || mkdir "$TRACING/instances/stress" 2>/dev/null
  T=$TRACING/instances/stress
  [ -d "$T" ] || T=$TRACING
  echo global >"$T/trace_clock"
  echo 8192 >"$T/buffer_size_kb"
  echo 1 >"$T/events/dev/devres_log/enable"
  echo 1 >"$T/tracing_on"
fi
[ -n "$ROOT" ] || [ -e "$SYS/module/drm" ] || modprobe drm 2>/dev/null
DEBUG=$SYS/module/drm/parameters/debug
OLD_DEBUG=$(cat "$DEBUG" 2>/dev/null)
[ ! -e "$DEBUG" ] || echo 0x200 >"$DEBUG"
OLD_DEVKMSG=$(cat "$PROC/sys/kernel/printk_devkmsg" 2>/dev/null)
echo on 2>/dev/null >"$PROC/sys/kernel/printk_devkmsg"
[ -z "$RESUME" ] || kept
# With tp_printk the kernel's log has what the tracer sees.
PIPE=${T:+$T/trace_pipe}
[ "$(cat "$PROC/sys/kernel/tracepoint_printk" 2>/dev/null)" != 1 ] || PIPE=''
: >"$WORK/follower.txt"
"$HELPER" "$LOG" log "$PIPE" >"$WORK/follower.txt" &
FOLLOWER=$!

finish() { # everything as it was
  trap - EXIT INT TERM
  [ -z "$HOLDER" ] || kill "$HOLDER" 2>/dev/null
  [ -e "$SYS/module/$NAME" ] || modprobe -- "$MODULE" 2>/dev/null
  # What waits for a device that stays locked waits for good.
  [ -n "$LOCKED" ] || [ -z "$BUS" ] || [ -z "$DEVICE" ] || is_bound || echo "$DEVICE" 2>/dev/null >"$SYS/bus/$BUS/drivers/$DRIVER/bind"
  [ -z "$OLD_DEBUG" ] || echo "$OLD_DEBUG" >"$DEBUG"
  [ -z "$OLD_DEVKMSG" ] || echo "$OLD_DEVKMSG" 2>/dev/null >"$PROC/sys/kernel/printk_devkmsg"
  [ -z "$T" ] || echo 0 >"$T/events/dev/devres_log/enable"
  pause 1
  [ -z "$FOLLOWER" ] || { kill "$FOLLOWER" 2>/dev/null; wait "$FOLLOWER" 2>/dev/null; }
  [ "$T" = "$TRACING" ] || rmdir "$T" 2>/dev/null
  rm -rf "$WORK"
  sync
}
trap 'finish; exit 1' INT TERM
trap finish EXIT
n=0
until grep -q '^READY' "$WORK/follower.txt" || ! kill -0 "$FOLLOWER" 2>/dev/null || [ "$n" -ge 30 ]; do n=$((n + 1)); sleep 1; done
kill -0 "$FOLLOWER" 2>/dev/null || die "the log cannot be followed: $LOG"

stuck() { # WHAT PID: it does not come back
  say "stuck: $1 did not come back"
  [ ! -r "$PROC/$2/stack" ] || while read -r line; do say "stuck: $line"; done <"$PROC/$2/stack"
  say "scenario $S stopped"
  LOCKED=1
  exit 1
}

awaited() { # WHAT FILE TEXT: writes, and waits for the answer, which goes to AWAITED
  rm -f "$WORK/answer"
  (printf '%s' "$3" 2>/dev/null >"$2"; echo $? >"$WORK/answer") 2>/dev/null &
  child=$!
  n=0
  while kill -0 "$child" 2>/dev/null; do
    n=$((n + 1))
    [ "$n" -lt 60 ] || stuck "$1" "$child"
    sleep 1
  done
  # An oops kills who writes, and its device stays locked.
  [ -s "$WORK/answer" ] || stuck "$1 was killed, and" "$child"
  AWAITED=$(cat "$WORK/answer")
}

load() {
  modprobe -- "$MODULE" 2>/dev/null || insmod "$HERE/$MODULE.ko"
  mark "modprobe rc $?"
  find_driver
}

autoprobe() { # 0 or 1: whether a driver that is loaded takes its devices
  for b in $BUSES; do [ ! -e "$SYS/bus/$b/drivers_autoprobe" ] || echo "$1" >"$SYS/bus/$b/drivers_autoprobe"; done
}

find_unbound() { # sets DEVICE, without a probe: the first that the module says it is for
  [ -n "$BUS" ] && modinfo -F alias "$MODULE" >"$WORK/aliases" 2>/dev/null || return 0
  for d in "$SYS/bus/$BUS/devices"/*; do
    if [ ! -r "$d/modalias" ] || [ -e "$d/driver" ]; then continue; fi
    while read -r pattern; do
      # shellcheck disable=SC2254 # It is a pattern.
      case $(cat "$d/modalias") in $pattern) DEVICE=${d##*/}; return 0 ;; esac
    done <"$WORK/aliases"
  done
}

bind() { # WORD: what the mark calls it
  if [ ! -e "$SYS/module/$NAME" ]; then
    load
    n=0
    while find_device; [ -n "$BUS" ] && [ -z "$DEVICE" ] && [ "$n" -lt 5 ]; do n=$((n + 1)); sleep 1; done
  fi
  [ -z "$BUS" ] || [ -z "$DEVICE" ] || is_bound || {
    awaited bind "$SYS/bus/$BUS/drivers/$DRIVER/bind" "$DEVICE"
    mark "$1 rc $AWAITED"
  }
  n=0
  until find_card || [ "$n" -ge 3 ]; do n=$((n + 1)); pause 1; done
}

unbind() { # HOW WORD
  case $1 in
    remove)
      d=$(folder) || d=''
      while [ -n "$d" ] && [ ! -e "$d/remove" ]; do d=${d%/*}; done
      awaited remove "$d/remove" 1
      mark "remove rc $AWAITED" ;;
    rmmod) rmmod -- "$NAME"; mark "rmmod rc $?" ;;
    *) awaited unbind "$SYS/bus/$BUS/drivers/$DRIVER/unbind" "$DEVICE"
      mark "$2 rc $AWAITED" ;;
  esac
}

rescan() { # what was removed comes back
  [ -e "$SYS/bus/pci/rescan" ] && echo 1 >"$SYS/bus/pci/rescan"
  n=0
  until [ -e "$SYS/bus/$BUS/devices/$DEVICE" ] || [ "$n" -ge 10 ]; do n=$((n + 1)); sleep 1; done
}

interrupts() { sed 's/^ *//' "$PROC/interrupts" 2>/dev/null | grep '^[0-9]' | sed 's/  */ /g; s/^\([0-9]*\):.* \([^ ]*\)$/\1 \2/'; }

left() { # what should be gone, and is not; what an earlier scenario left is told with that
  some=''
  : >"$WORK/left.now"
  gone() {
    echo "$*" >>"$WORK/left.now"
    grep -qxF "$*" "$WORK/left" 2>/dev/null || { some=1; say "left $*"; }
  }
  [ -z "$DEVICE" ] || ! is_bound || return 0
  interrupts >"$WORK/irqs"
  while read -r number name; do
    case $name in "$MODULE" | "$NAME" | "$DRIVER" | "$DEVICE" | "$NAME"[-@:]* | "$DEVICE"[-@:]*) ;; *) continue ;; esac
    grep -qx "$number $name" "$WORK/irqs.before" 2>/dev/null || gone "interrupt $number $name"
  done <"$WORK/irqs"
  find_card && gone "node ${CARD##*/}"
  here=$(folder) || here=''
  if [ -n "$here" ]; then
    for h in "$here"/hwmon/hwmon*; do [ ! -e "$h" ] || gone "hwmon ${h##*/}"; done
    n=$(cat "$here/enable" 2>/dev/null)
    [ "${n:-0}" = 0 ] || gone "pci-enable $n"
  fi
  grep -iE ": ($NAME|$MODULE|$DRIVER)( |$)" "$PROC/iomem" 2>/dev/null >"$WORK/iomem"
  while read -r line; do gone "iomem $line"; done <"$WORK/iomem"
  n=$(cat "$SYS/module/$NAME/refcnt" 2>/dev/null)
  [ "${n:-0}" -le 0 ] || gone "module-reference $n"
  mv "$WORK/left.now" "$WORK/left"
  [ -n "$some" ] || say "left nothing"
}

hold() { # HOLD: starts what holds; sets HOLDER
  HOLDER=''
  case $1 in none) return 0 ;; esac
  what=$(target "$1") || { say "not offered: $what"; return 1; }
  if [ "$1" = job ]; then
    sh -c "$JOB" >"$OUT/job.txt" 2>&1 &
    HOLDER=$!
    sleep 3
    kill -0 "$HOLDER" 2>/dev/null || { say "not offered: the job ended at once, see job.txt"; HOLDER=''; return 1; }
    return 0
  fi
  rm -f "$WORK/words"
  mkfifo "$WORK/words" || { say "not offered: $WORK takes no pipe"; return 1; }
  : >"$WORK/holder.txt"
  "$HELPER" "$what" "$(mode "$1")" <"$WORK/words" >"$WORK/holder.txt" 2>&1 &
  HOLDER=$!
  exec 5>"$WORK/words"
  n=0
  until grep -q '^READY' "$WORK/holder.txt" || ! kill -0 "$HOLDER" 2>/dev/null || [ "$n" -ge 30 ]; do n=$((n + 1)); sleep 1; done
  grep -q '^READY' "$WORK/holder.txt" && return 0
  say "not offered: $(grep -m1 'NOT OFFERED' "$WORK/holder.txt" || echo 'the holder did not start')"
  exec 5>&-
  HOLDER=''
  return 1
}

let_go() { # late words, and the late close
  [ -n "$HOLDER" ] || return 0
  if [ "$HOLD" = job ]; then
    mark "late close"
    kill "$HOLDER" 2>/dev/null
  else
    for word in ioctl touch read; do kill -0 "$HOLDER" 2>/dev/null && echo $word >&5; pause 1; done
    mark "late close"
    kill -0 "$HOLDER" 2>/dev/null && echo close >&5
    exec 5>&-
  fi
  n=0
  while kill -0 "$HOLDER" 2>/dev/null; do
    n=$((n + 1))
    [ "$n" -lt 30 ] || stuck 'the last close' "$HOLDER"
    sleep 1
  done
  wait "$HOLDER" 2>/dev/null
  HOLDER=''
}

begun() { grep -q "DT: scenario $1 begin" "$LOG" 2>/dev/null; }
completed() { grep -Eq "DT: scenario $1 (end|stopped|left out)" "$LOG" 2>/dev/null; }

left_out() { # SCENARIO: with --resume, what is through, and what took the machine down
  [ -n "$RESUME" ] && begun "$1" || return 1
  completed "$1" || say "scenario $1 stopped: the machine went down in it"
  return 0
}

begin() { S=$1; sync; mark "scenario $1 begin"; pause 1; }
end() { pause 2; left; mark "scenario $S end"; pause 1; sync; }

as_found() { # what is bound when this begins has to go first: how it was set up is in no log
  is_bound || return 0
  left_out as-found && return 0
  begin as-found
  mark "teardown begin"
  unbind unbind unbind
  end
}

one() { # SCENARIO
  about "$1"
  left_out "$1" && return 0
  begin "$1"
  bind bind
  if [ -z "$BUS" ] && [ "$END" != rmmod ]; then say "not offered: no driver on a bus"; mark "scenario $1 left out"; return 0; fi
  if [ -n "$BUS" ] && ! is_bound; then
    say "not offered: the driver does not bind"
    end
    return 0
  fi
  hold "$HOLD" || { teardown_only; mark "scenario $1 left out"; return 0; }
  mark "teardown begin"
  case $END in
    rebind)
      unbind unbind unbind
      bind rebind
      let_go
      unbind unbind reunbind ;;
    *)
      unbind "$END" unbind
      pause 1
      let_go ;;
  esac
  end
  [ "$END" != remove ] || { rescan; teardown_only; }
}

teardown_only() { is_bound && unbind unbind reunbind; pause 1; }

inject() { # FUNCTION NTH ANSWER: what a header makes of a call of __FUNCTION counts as that
  arm "$@" && return 0
  # Whoever undoes on failure has to run still.
  case $1 in *_or_reset) return 1 ;; esac
  first=__$1
  shift
  arm "$first" "$@"
}
arm() { # FUNCTION NTH ANSWER: with whatever this kernel has
  f=$SYS/kernel/debug/fail_function
  if [ -n "$FAILAT" ]; then insmod "$FAILAT" "func=$1" "nth=$2" "ret=$3"; return; fi
  [ "$2" = 1 ] && grep -q "^$1[[:space:]]" "$f/injectable" 2>/dev/null || return 1
  echo "$1" >"$f/inject" && echo "$3" >"$f/$1/retval" && echo 100 >"$f/probability" && echo 1 >"$f/times" && echo 0 >"$f/verbose"
}
disarm() {
  if [ -n "$FAILAT" ]; then rmmod "$(basename "$FAILAT" .ko)"; else echo 2>/dev/null >"$SYS/kernel/debug/fail_function/inject"; fi
}

unprobed() { # finds the device of a driver that has not probed since the boot, if it can before it does
  autoprobe 0
  [ -e "$SYS/module/$NAME" ] || load
  autoprobe 1
  find_device
  [ -n "$DEVICE" ] || find_unbound
  [ -z "$DEVICE" ] || return 0
  left_out as-found && return 0
  # Loaded once more, it takes its device.
  rmmod -- "$NAME"
  begin as-found
  bind bind
  mark "teardown begin"
  unbind unbind unbind
  end
}

probe_fails() { # one scenario for each call that can fail
  if [ -z "$BUS" ] || [ -z "$DEVICE" ]; then unprobed; fi
  if [ -z "$BUS" ] || [ -z "$DEVICE" ]; then
    begin probe-fail
    say "not offered: the driver has no device on a bus"
    mark "scenario $S left out"
    return 0
  fi
  for f in $FAILURES; do
    function=${f%%:*} rest=${f#*:}
    chosen "probe-fail:$function" || continue
    left_out "probe-fail:$function:${rest%%:*}" && continue
    begin "probe-fail:$function:${rest%%:*}"
    if inject "$function" "${rest%%:*}" "${rest#*:}" 2>/dev/null; then
      awaited bind "$SYS/bus/$BUS/drivers/$DRIVER/bind" "$DEVICE"
      mark "bind rc $AWAITED"
      disarm
      is_bound && { mark "teardown begin"; unbind unbind unbind; }
      end
    else
      say "not offered: this kernel cannot let $function fail (CONFIG_FAIL_FUNCTION, or --failat)"
      mark "scenario $S left out"
    fi
  done
  n=0
  chosen probe-fail:allocation || return 0
  while [ "$n" -lt "$NTH" ]; do
    n=$((n + 1)) nth=$n
    left_out "probe-fail:allocation:$n" && continue
    [ -e /proc/self/fail-nth ] || { begin "probe-fail:allocation:1"; say "not offered: no CONFIG_FAULT_INJECTION"; mark "scenario $S left out"; return 0; }
    begin "probe-fail:allocation:$n"
    answer=$("$HELPER" "$SYS/bus/$BUS/drivers/$DRIVER/bind" fail-nth "$n" "$DEVICE")
    all=$?
    mark "bind rc ${answer:-1}"
    is_bound && { mark "teardown begin"; unbind unbind unbind; }
    end
    n=$nth
    [ "$all" = 0 ] || return 0
  done
}

say "stress of $MODULE begins (driver-teardown $VERSION)"
say "kernel $(uname -r), $(uname -v)"
grep -qsE 'slub_debug|slab_debug' "$PROC/cmdline" || grep -qs '^CONFIG_KASAN=y' "/boot/config-$(uname -r)" ||
  say "note: neither KASAN nor slub_debug: a use after free can pass unseen"
is_bound || interrupts >"$WORK/irqs.before"
as_found
for s in $SCENARIOS; do
  chosen "$s" || continue
  if [ "$s" = probe-fail ]; then probe_fails; else one "$s"; fi
done
say "stress of $MODULE ends"
finish
echo "the log: $LOG"
echo "driver-teardown order DRIVER-FOLDER --log $LOG"
