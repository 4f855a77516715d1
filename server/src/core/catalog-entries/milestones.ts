/** The steps of a driver that others are judged by. */
import type { Versions } from './versions.ts';

/** What a call means for the life of a drm_device or its hardware. */
export type MilestoneRole =
  | 'dev-alloc' // a refcounted drm_device that the driver puts by hand
  | 'dev-get'
  | 'dev-put'
  | 'register'
  | 'unregister'
  | 'unplug'
  | 'shutdown'
  | 'poll-init'
  | 'poll-fini'
  | 'mode-config-init'
  | 'mode-config-cleanup'
  | 'attach-output' // takes a bridge or panel that makes the connector
  | 'clear-dma'
  | 'evict'
  | 'ttm-init'
  | 'shmem-map' // maps a GEM shmem object for DMA until the object goes
  | 'user-pages' // looks up the pages of user memory, for the caller to map them
  | 'user-map' // does both
  | 'mmio-access'
  | 'needs-device' // resets or powers the device, or sends it a message
  | 'runtime-pm-enable'
  | 'runtime-pm-disable'
  | 'queue-work'
  | 'init-work'
  | 'software-release' // ends something that is memory only: no device is needed
  | 'run-callback' // calls the function that it is given: `kref_put`
  | 'answer-once'; // has the function that it is given called once, later: `request_firmware_nowait`

export interface Milestone extends Versions {
  readonly name: string;
  readonly role: MilestoneRole;
  /** Index of the argument that it is about. */
  readonly object?: number;
  /** Index of the handler argument (init-work, run-callback, answer-once). */
  readonly handler?: number;
  /** The member of the object that is given the handler, where no argument is. */
  readonly handlerMember?: string;
  /** It does so for each child of its object (run-callback). */
  readonly perChild?: true;
  /** Only for drivers whose tables have a member that begins so (shutdown): `atomic_`. */
  readonly members?: string;
  /** What stops the work, the best first; those that the kernel's version lacks are passed over (init-work). */
  readonly stops?: readonly string[];
  /** What waits for it and keeps it from running until it is let go on (init-work). */
  readonly pauses?: readonly string[];
  /** It writes to the device (mmio-access). */
  readonly writes?: true;
  /** What is left to do where another owner drops the reference (dev-put): it also unregisters. */
  readonly remainder?: string;
  /** Lines of C that do it for every object of an owner: `$owner` is the first argument, `$i` a counter (evict). */
  readonly sweep?: readonly string[];
}
