/** All rules, in the order of their ids. The page of each is `<id>.md` beside its code. */
import { actionBeforeSetup } from './action-before-setup.ts';
import { actionSignatureMismatch } from './action-signature-mismatch.ts';
import { devPrivateInDevmMemory } from './dev-private-in-devm-memory.ts';
import { devmBesideComponent } from './devm-beside-component.ts';
import { drmmOnDevmMemory } from './drmm-on-devm-memory.ts';
import { drmmReleasesPinnedBo } from './drmm-releases-pinned-bo.ts';
import { drmmTearsDownDevice } from './drmm-tears-down-device.ts';
import { endedTwiceRule } from './ended-twice.ts';
import { fileNodeInDevmMemory } from './file-node-in-devm-memory.ts';
import { hardwareAfterUnbind } from './hardware-after-unbind.ts';
import { irqOutlivesResource } from './irq-outlives-resource.ts';
import { kmsObjectInDevmMemory } from './kms-object-in-devm-memory.ts';
import { managedDevicePutTwice } from './managed-device-put-twice.ts';
import { managedRegistrationAtRunTime } from './managed-registration-at-run-time.ts';
import { manualCleanupOfManagedObject } from './manual-cleanup-of-managed-object.ts';
import { manualFreeOfManagedMemory } from './manual-free-of-managed-memory.ts';
import { neverGivenBack } from './never-given-back.ts';
import { nodeOutlivesResource } from './node-outlives-resource.ts';
import { openFileUsesEnded } from './open-file-uses-ended.ts';
import { releaseOrderInverted } from './release-order-inverted.ts';
import { releaseThenReaddAction } from './release-then-readd-action.ts';
import { releasedOnlyInRemove } from './released-only-in-remove.ts';
import { removeKeepsDmaMappings } from './remove-keeps-dma-mappings.ts';
import { removeWithoutShutdown } from './remove-without-shutdown.ts';
import { removeWithoutUnplug } from './remove-without-unplug.ts';
import type { Rule } from './rule.ts';
import { runtimePmLeftEnabled } from './runtime-pm-left-enabled.ts';
import { sectionNeverLeft } from './section-never-left.ts';
import { stoppedBeforeFeeder } from './stopped-before-feeder.ts';
import { suppressionWithoutReason } from './suppression-without-reason.ts';
import { uncheckedRegistration } from './unchecked-registration.ts';
import { unguardedAfterUnplug } from './unguarded-after-unplug.ts';
import { unusedSuppression } from './unused-suppression.ts';
import { usedAfterEnd } from './used-after-end.ts';
import { workerOutlivesHardware } from './worker-outlives-hardware.ts';

/** What others may know of a rule without running it. */
export type RuleInfo = Pick<Rule, 'id' | 'summary' | 'defaultSeverity'>;

export const rules: readonly Rule[] = [
  actionBeforeSetup,
  actionSignatureMismatch,
  devPrivateInDevmMemory,
  devmBesideComponent,
  drmmOnDevmMemory,
  drmmReleasesPinnedBo,
  drmmTearsDownDevice,
  endedTwiceRule,
  fileNodeInDevmMemory,
  hardwareAfterUnbind,
  irqOutlivesResource,
  kmsObjectInDevmMemory,
  managedDevicePutTwice,
  managedRegistrationAtRunTime,
  manualCleanupOfManagedObject,
  manualFreeOfManagedMemory,
  neverGivenBack,
  nodeOutlivesResource,
  openFileUsesEnded,
  releaseOrderInverted,
  releaseThenReaddAction,
  releasedOnlyInRemove,
  removeKeepsDmaMappings,
  removeWithoutShutdown,
  removeWithoutUnplug,
  runtimePmLeftEnabled,
  sectionNeverLeft,
  stoppedBeforeFeeder,
  suppressionWithoutReason,
  uncheckedRegistration,
  unguardedAfterUnplug,
  unusedSuppression,
  usedAfterEnd,
  workerOutlivesHardware,
];
