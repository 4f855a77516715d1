/** What a reproducer and a stress kit do, and what stays behind. */
import type { Timeline } from '../result.ts';
import type { Versions } from './versions.ts';

/** A test, command or option that shows a finding on a running kernel; `blind`: one that does not. */
export interface Reproducer extends Versions {
  readonly kind: 'igt' | 'command' | 'option' | 'blind';
  /** As it is typed. BUS stands for the bus; DEVICE and DRIVER are for the reader. */
  readonly name: string;
  /** The courses of teardown that it takes, or misses. */
  readonly timelines: readonly Timeline[];
  /** Buses that it works on, rules that it helps with, drivers that it is for; without them, all. */
  readonly buses?: readonly string[];
  readonly rules?: readonly string[];
  readonly folders?: readonly string[];
  /** What it does, or why it misses. */
  readonly what: string;
}

/** One way in which a stress kit takes a driver down while something holds its device. */
export interface StressScenario extends Versions {
  readonly name: string;
  /** What holds the device meanwhile (server/stress/hold.c); `job` is a program that the user names. */
  readonly hold:
    | 'none'
    | 'open'
    | 'bo'
    | 'map'
    | 'dmabuf'
    | 'kms'
    | 'flip'
    | 'busy'
    | 'job'
    | 'hwmon'
    | 'sysfs'
    | 'debugfs'
    | 'console';
  /** How the driver goes: `rebind` binds it again while the device is held, `fail` lets probe fail. */
  readonly end: 'unbind' | 'rebind' | 'remove' | 'rmmod' | 'fail';
  readonly timelines: readonly Timeline[];
  /** Only for drivers with a drm_device, on these buses, and that mention one of these words. */
  readonly drm?: true;
  readonly buses?: readonly string[];
  readonly offers?: readonly string[];
  /**
   * The tables whose functions it runs late, and the rules whose findings it shows beside; without both, all on its
   * timelines.
   */
  readonly structs?: readonly string[];
  readonly rules?: readonly string[];
  readonly what: string;
}

/** What a stress kit looks for when all should be gone. */
export interface Leftover extends Versions {
  /** As the kit calls it: `DT: left interrupt 24 qxl`. */
  readonly name: string;
  /** The kinds of steps that should have ended it. */
  readonly kinds: readonly string[];
  readonly what: string;
}
