/** In which kernels an entry holds. */

/** Kernel versions `major.minor` in which an entry holds; absent bounds are open. */
export interface Versions {
  readonly since?: string;
  /** First version in which it no longer holds. */
  readonly until?: string;
  /** `include/drm/drm_managed.h:41` of the newest version read; what a user adds may have none. */
  readonly source?: string;
}
