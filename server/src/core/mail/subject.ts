/** The subject of a patch, in the words of its driver. */
import type { Finding, Fix } from '../result.ts';

/** Longer subjects are cut off by the tools that show them. */
const width = 75;

/**
 * The prefix that changes of a file carry: what the last ones had, else what its folder suggests.
 * @param subjects of the commits that changed the file, newest first
 */
export function prefixOf(file: string, subjects: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const subject of subjects) {
    const prefix = /^((?:[\w.-]+\/)*[\w.-]+(?:: [\w.-]+(?=: ))?): /.exec(subject)?.[1];
    if (prefix?.includes('/')) counts.set(prefix, (counts.get(prefix) ?? 0) + 1);
  }
  // Maps keep their order: of two that are as frequent the newer one comes first.
  const [best] = [...counts].sort(([, a], [, b]) => b - a);
  return best?.[0] ?? prefixFromPath(file);
}

/** `drivers/gpu/drm/xe/xe_bo.c` is `drm/xe`, `drivers/gpu/drm/panel/panel-foo.c` `drm/panel: foo`. */
function prefixFromPath(file: string): string {
  const parts = file.split('/');
  const name = parts.pop() ?? '';
  const below = parts.filter((part) => part !== '');
  while (below[0] === 'drivers' || below[0] === 'gpu') below.shift();
  const [area, driver] = below;
  if (area === undefined) return name.replace(/\.[ch]$/, '');
  if (driver === undefined) return area;
  const stem = name.replace(/\.[ch]$/, '');
  // A folder of drivers of one file each names each file after itself: panel-foo.c.
  return stem.startsWith(`${driver}-`)
    ? `${area}/${driver}: ${stem.slice(driver.length + 1)}`
    : `${area}/${driver}`;
}

/** What is done and why, in the voice of a subsystem; without words for a kind of fix, its title. */
export function subjectOf(finding: Finding, fix: Fix, prefix: string): string {
  const id = fix.id.replace(/-and-follow-ups$/, '');
  const short = voices[id]?.(finding, fix) ?? plain(fix.title);
  const where =
    finding.function === '' || short.includes(finding.function) ? '' : ` in ${finding.function}()`;
  const full = `${prefix}: ${short}${where}`;
  if (full.length <= width) return full;
  return shortened(`${prefix}: ${short}`);
}

/** The title without its explanations. */
function plain(title: string): string {
  return title
    .replaceAll('`', '')
    .replace(/ \([^)]*\)(?=:|,|$)/g, '')
    .replace(/[:,] .*$/, '');
}

type Voice = (finding: Finding, fix: Fix) => string | undefined;

/** `foo_fini() unpins m->bo at …`: what is done late, to what. */
const late: Voice = ({ message }) => {
  const [, verb = '', object = ''] =
    /`[^`]+` (unpins|unmaps|frees|stops|gives back|releases|destroys|unregisters)(?: the)? (.+?)(?: at| too late|,|$)/.exec(
      message,
    ) ?? [];
  const [, kind, name] = /^(?:([a-z][\w /-]*?) )?`&?([^`]+)`$/.exec(object) ?? [];
  // Of `m->pt_bo.ttm` the driver's own member says what it is.
  const last = name
    ?.split('->')
    .at(-1)
    ?.replace(/[.[].*$/, '');
  const what = kind === undefined ? last : `the ${kind}`;
  const base: Readonly<Record<string, string>> = {
    unpins: 'Unpin',
    unmaps: 'Unmap',
    frees: 'Free',
    stops: 'Stop',
    destroys: 'Destroy',
    unregisters: 'Unregister',
  };
  return verb === '' || what === undefined
    ? undefined
    : `${base[verb] ?? 'Release'} ${what} at unbind`;
};

const calledIn = (title: string): string | undefined => /(\w+)\(\)/.exec(title)?.[0];

const withCall =
  (before: string, after: string): Voice =>
  (_, { title }) => {
    const call = calledIn(title);
    return call === undefined ? undefined : `${before}${call}${after}`;
  };

const voices: Readonly<Record<string, Voice>> = {
  'to-devm': late,
  'to-devm-keep-memory': late,
  'managed-wrapper': late,
  split: late,
  'stop-at-unbind': late,
  'to-drmm': ({ message }) => {
    const struct = /`(struct \w+)`/.exec(message)?.[1];
    return struct === undefined ? undefined : `Allocate ${struct} with drmm`;
  },
  'managed-helper': withCall('Use ', ''),
  'shut-down': withCall('Call ', ' at unbind'),
  'stop-polling': () => 'Stop output polling before unregistering',
  unplug: withCall('Use ', ' at unbind'),
  'return-error': withCall('Check the result of ', ''),
  'embed-drm-device': () => 'Embed the drm_device in the private struct',
  'delete-call': dropCall,
  'delete-call-to-drmm': dropCall,
  'delete-calls': () => 'Do not free managed memory by hand',
  'split-ladder': () => 'Do not give back twice what an action has',
  'remove-action': () => 'Remove the action before adding it again',
  'devm-action': withCall('Call ', ' when probe fails, too'),
  'cancel-at-unbind': withCall('Call ', ' at unbind'),
  'evict-in-remove': () => 'Evict buffers once the device is unplugged',
  'clear-mappings': () => 'Drop DMA mappings once the device is unplugged',
  'guard-access': () => 'Guard register access against unplug',
};

/** A call that is not needed on what is managed. */
function dropCall({ rule }: Finding, { title }: Fix): string {
  const call = calledIn(title);
  const what = rule.includes('memory') ? 'memory' : 'objects';
  return call === undefined
    ? 'Do not clean up by hand what is managed'
    : `Drop ${call} on managed ${what}`;
}

/** Without its last clauses, or at least without its last words. */
function shortened(subject: string): string {
  if (subject.length <= width) return subject;
  const start = subject.slice(0, width + 1);
  const clauses = start.matchAll(/ (?:once|when|while|where|before|after|instead|so|that|and) /g);
  const at = [...clauses].at(-1)?.index ?? 0;
  return subject.slice(0, at > width / 2 ? at : start.lastIndexOf(' ')).trimEnd();
}

/** The name of a patch's file: `0001-drm-xe-Convert-….patch`. */
export function patchName(index: number, subject: string): string {
  const words = subject
    .replace(/[^A-Za-z0-9._]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 60);
  return `${String(index).padStart(4, '0')}-${words.replace(/[-.]+$/, '')}.patch`;
}
