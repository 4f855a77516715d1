/** What open files run after unbind uses what remove() has ended, or gives back what only the bound device can. */
import { earlyEndCause, memoryCause, noUnplugCause } from '../causes.ts';
import { callLink, functionLink, tableLink, wayLinks } from '../chains.ts';
import { borrowedFiles } from '../hazards/borrowed-files.ts';
import { lateReads } from '../hazards/cleared-data.ts';
import { closedFiles } from '../hazards/closed-files.ts';
import { endsIn, isPlainWay } from '../hazards/ends.ts';
import { isFlagged } from '../hazards/flagged.ts';
import { freedStructs } from '../hazards/freed-structs.ts';
import { unreferenced } from '../hazards/handed-out.ts';
import { lateMappings } from '../hazards/late-mappings.ts';
import { lateMemory } from '../hazards/late-memory.ts';
import { runsOn } from '../hazards/not-unplugged.ts';
import type { Way } from '../hazards/ways.ts';
import { namePlace, placeInside } from '../places.ts';
import { type LateUse, lateUsersOf } from '../program/late-users.ts';
import { type MemberKey, pathIn } from '../program/objects.ts';
import type { FunctionRef } from '../program/program.ts';
import { usesOf } from '../program/uses.ts';
import type { ChainLink } from '../result.ts';
import { type ClosedBinding, closedBindingsOf } from '../teardown/bindings.ts';
import type { Pass, Rule, RuleFinding } from './rule.ts';

export const openFileUsesEnded: Rule = {
  id: 'open-file-uses-ended',
  summary: 'what an open file runs after unbind uses what remove() has ended',
  defaultSeverity: 'warning',
  run(pass) {
    const seen = new Set<object>();
    return closedBindingsOf(pass)
      .filter(({ start }) => start.role === 'probe')
      .flatMap((binding) => [
        ...endedMembers(pass, binding),
        ...freedFiles(pass, binding),
        ...nodesOfFreed(pass, binding),
        ...heldStructs(pass, binding),
        ...clearedPointers(pass, binding),
      ])
      .concat(closedBindingsOf(pass).flatMap((binding) => callsThatGoOn(pass, binding)))
      .concat(keptMappings(pass), goneMemory(pass), withoutReference(pass))
      .filter(({ site, finding }) => !seen.has(site) && seen.add(site) && finding)
      .map(({ finding }) => finding);
  },
};

const late = 'open files and their objects run it after unbind';

interface Told {
  /** What the finding is about, once. */
  readonly site: object;
  readonly finding: RuleFinding;
}

/** A dma-buf is kept by others, and does not keep what its functions use. */
function withoutReference(pass: Pass): Told[] {
  return unreferenced(pass).map(({ api, site, tag, release, user, use }) => ({
    site: site.call,
    finding: {
      severity: 'warning',
      confidence: 'likely',
      place: placeInside(site.caller, site.call),
      function: site.caller.name,
      message: `the ${api.what} takes no reference to \`${tag}\`: \`${user.fn.name}\` uses it when the driver and its files have let it go`,
      timelines: ['unplug-open'],
      fixes: [],
      identity: ['handed-out', site.caller.name, tag],
      chain: [
        callLink(
          site,
          'registration',
          `${api.name}() hands it out: others keep it as long as they like`,
        ),
        functionLink(release.fn, 'callback', `\`${release.fn.name}\` runs last, and puts none`),
        functionLink(user.fn, 'callback', `\`${user.fn.name}\` runs after that`),
        ...wayLinks(use, `uses \`${tag}\``, 'note'),
      ],
    },
  }));
}

/** A queue that is destroyed, memory that is freed, while the last close works on it. */
function endedMembers(pass: Pass, binding: ClosedBinding): Told[] {
  const told = new Set<string>();
  return outsOf(pass, binding).flatMap((out) => endedBy(pass, binding, out, told));
}

/** What runs at unbind: the way out, and the devm actions after it. */
interface Out {
  readonly fn: FunctionRef;
  readonly link: ChainLink;
}

function outsOf(pass: Pass, { end, starts }: ClosedBinding): Out[] {
  const actions = pass.registrations.flatMap(({ fn, call, api, target }): Out[] => {
    if (!target || api.scope !== 'bound' || !pass.graph.isReachedFrom(fn, starts)) return [];
    const text = `devm runs \`${target.name}\` at unbind`;
    return [{ fn: target, link: callLink({ caller: fn, call }, 'registration', text) }];
  });
  return [{ fn: end.fn, link: tableLink(end) }, ...actions];
}

function endedBy(pass: Pass, { starts }: ClosedBinding, out: Out, told: Set<string>): Told[] {
  return endsIn(pass, out.fn).flatMap(({ key, kind, what, way, always }): Told[] => {
    const last = way.at(-1);
    if (kind !== 'ended' || !last) return [];
    const uses = lateUsesOf(pass, key);
    if (uses.length === 0 || !isOfDevice(pass, key, starts)) return [];
    // What gives back one object of many is given back by the same function at the last close.
    const ways = uses.filter(
      ({ use, down }) =>
        use.site.caller !== last.caller &&
        !pass.graph.isReachedFrom(last.caller, [use.root.fn]) &&
        !isFlagged(pass, down, out.fn),
    );
    const plain = ways.find(({ down }) => isPlainWay(pass, down));
    const found = plain ?? ways[0];
    if (!found) return [];
    const { root, site } = found.use;
    const cause = `${last.caller.name} ${root.fn.name}`;
    if (told.has(cause)) return [];
    told.add(cause);
    const sure = plain !== undefined && always;
    const doubt = plain ? '' : ', whenever its conditions lead there';
    return [
      {
        site: last.call,
        finding: {
          severity: sure ? 'warning' : plain ? 'info' : 'hint',
          confidence: sure ? 'likely' : 'possible',
          place: placeInside(last.caller, last.call),
          function: last.caller.name,
          message: `\`${out.fn.name}\` ends the ${what} \`${key.member}\`, and \`${root.fn.name}\` (${root.what}) uses it${site.call.callee === '' ? '' : ` in ${site.call.callee}()`} when a file that is still open is done with it${doubt}`,
          timelines: ['unplug-open'],
          fixes: [],
          identity: [key.tag, key.member, root.fn.name],
          chain: [
            out.link,
            ...wayLinks(way, `ends \`${key.member}\``),
            functionLink(root.fn, 'callback', `${root.what}: ${late}`),
            ...wayLinks(found.down, `works on \`${key.member}\``, 'note'),
          ],
        },
      },
    ];
  });
}

/** Nothing marks the device unplugged: ioctls go on, and drm_dev_enter() lets them. */
function callsThatGoOn(pass: Pass, binding: ClosedBinding): Told[] {
  const { end: out, starts } = binding;
  const found = runsOn(pass, binding, (key) => isOfDevice(pass, key, starts));
  const last = found?.end.way.at(-1);
  if (!found || !last) return [];
  const { end, root, use, plain, unplug } = found;
  const { key, what } = end;
  const late = unplug?.at(-1)?.call.callee;
  const name = root.fn.name;
  const runs = `\`.${root.entry.member}\` of ${root.table.struct}`;
  return [
    {
      site: last.call,
      finding: {
        severity: plain ? 'warning' : 'info',
        // Until the unplug it is a matter of time.
        confidence: plain && !unplug ? 'likely' : 'possible',
        place: placeInside(last.caller, last.call),
        function: last.caller.name,
        message: `\`${out.fn.name}\` ends the ${what} \`${key.member}\` ${late === undefined ? 'and does not unplug the drm_device' : `before ${late}()`}: \`${name}\` (${runs}) goes on for open files${late === undefined ? '' : ' until then'} and uses it`,
        timelines: ['unplug-open'],
        fixes: [],
        identity: ['not-unplugged', key.tag, key.member, name],
        causes: [
          unplug
            ? earlyEndCause(placeInside(last.caller, last.call))
            : noUnplugCause(namePlace(out.fn)),
        ],
        chain: [
          tableLink(out),
          ...wayLinks(end.way, `ends \`${key.member}\``),
          functionLink(
            root.fn,
            'callback',
            `${runs}: drm_ioctl() and drm_dev_enter() refuse nothing`,
          ),
          ...wayLinks(use.way, `works on \`${key.member}\``, 'note'),
          ...(unplug ? wayLinks(unplug, 'marks the device unplugged, too late', 'note') : []),
        ],
      },
    },
  ];
}

/** Whether probe alone gives the member its object: those of single files and buffers have ends of their own. */
function isOfDevice(pass: Pass, key: MemberKey, starts: readonly FunctionRef[]): boolean {
  const stores = pass.program
    .storesIntoStruct(key.tag, key.member)
    .map(({ store }) => store)
    .filter(
      ({ assign: { value } }) =>
        value.kind !== 'literal' && !(value.kind === 'path' && value.root === 'NULL'),
    );
  const files = pass.tableFunctions.filter(({ role }) => role === 'open-file').map(({ fn }) => fn);
  return (
    stores.length > 0 &&
    stores.every(
      ({ fn }) => pass.graph.isReachedFrom(fn, starts) && !pass.graph.isReachedFrom(fn, files),
    )
  );
}

/** Whether a late call follows the member: `&x->m` only names its place. */
function isUse({ root, certain, site }: LateUse, member: string): boolean {
  if (!certain || root.when !== 'close') return false;
  const last = member.split('.').at(-1);
  return site.call.args.some(({ value }) => {
    const path = pathIn(value);
    return path === undefined || path.address === 0 || path.steps.at(-1) !== last;
  });
}

/** The late calls that are handed what a member holds, and the first access of each last close that follows it. */
function lateUsesOf(pass: Pass, key: MemberKey) {
  const late = lateUsersOf(pass);
  const handed = late
    .of([key], undefined)
    .filter((one) => isUse(one, key.member))
    .map((use) => ({ use, down: wayTo(pass, use) }));
  const followed = late
    .rootsBut(undefined)
    .filter(({ when }) => when === 'close')
    .flatMap((root) =>
      usesOf(pass, root.fn, key).flatMap((down) => {
        const site = down.at(-1);
        // What a pointer means is a guess where it can mean several.
        const isGuess = down.some(
          ({ caller, call }) => pass.graph.targetsOf(caller, call).length > 1,
        );
        return site && !isGuess ? [{ use: { root, site }, down }] : [];
      }),
    );
  return [...handed, ...followed];
}

function wayTo(pass: Pass, { root, site }: LateUse): Way {
  return pass.graph.wayTo(root.fn, site);
}

/** remove() frees the struct that the files of a character device work on. */
function nodesOfFreed(pass: Pass, { start, end }: ClosedBinding): Told[] {
  // Where a cable is pulled, a file is open as a rule.
  const isPulled = pass.catalog.ops.get(start.table.struct)?.hotplug === true;
  return borrowedFiles(pass, end.fn).flatMap(({ tag, node, freed, user, use }): Told[] => {
    const at = freed.at(-1);
    if (!at) return [];
    return [
      {
        site: at.call,
        finding: {
          severity: isPulled ? 'warning' : 'info',
          confidence: 'likely',
          place: placeInside(at.caller, at.call),
          function: at.caller.name,
          message: `\`${end.fn.name}\` frees the ${tag} that files of ${node.what} work on: none has a reference to it, and \`${user.fn.name}\` (\`.${user.entry.member}\`) follows it in a file that is still open`,
          timelines: ['unplug-open'],
          fixes: [],
          identity: [tag, user.fn.name],
          causes: [memoryCause(placeInside(at.caller, at.call))],
          chain: [
            tableLink(end),
            ...wayLinks(freed, `frees the ${tag}`),
            tableLink(user),
            ...wayLinks(use, 'follows the pointer, also when the memory is gone', 'note'),
          ],
        },
      },
    ];
  });
}

/** remove() frees the private structs of files that are open. */
function freedFiles(pass: Pass, binding: ClosedBinding): Told[] {
  const { end } = binding;
  return closedFiles(pass, end.fn).map(({ tag, way, user, reads }): Told => {
    const last = way.at(-1);
    const at = last ?? user.site;
    return {
      site: at.call,
      finding: {
        severity: 'warning',
        confidence: 'likely',
        place: placeInside(at.caller, at.call),
        function: at.caller.name,
        message: `\`${end.fn.name}\` frees the ${tag} of files that are still open, and \`${user.fn.name}\` (${user.what}) reads it from the file`,
        timelines: ['unplug-open'],
        fixes: [],
        identity: [tag, user.fn.name],
        chain: [
          tableLink(end),
          ...wayLinks(way, `frees a ${tag}`),
          functionLink(user.fn, 'callback', user.why),
          callLink(reads, 'note', `works on what \`driver_priv\` of the file points to`),
        ],
      },
    };
  });
}

/** remove() frees a struct that the drm_device, or what it keeps for its files, lies in or leads to. */
function heldStructs(pass: Pass, { end }: ClosedBinding): Told[] {
  return freedStructs(pass, end.fn).flatMap(({ tag, holds, way }): Told[] => {
    const [at] = way.slice(-1);
    if (!at) return [];
    const words = {
      device: () => 'which holds the drm_device of files that are still open',
      object: (struct: string) =>
        `which holds a ${struct} that only the last drm_dev_put() cleans up`,
      private: (name: string) => `which \`${name}\` still follows from the drm_device`,
    };
    const [told, links] =
      holds.kind === 'device'
        ? [words.device(), []]
        : holds.kind === 'object'
          ? [
              words.object(holds.init.object.struct),
              [
                callLink(
                  { caller: holds.init.fn, call: holds.init.call },
                  'note',
                  'makes it an object of the drm_device',
                ),
              ],
            ]
          : [
              words.private(holds.root.fn.name),
              [
                functionLink(holds.root.fn, 'callback', `${holds.root.what}: ${late}`),
                callLink(holds.reads, 'note', 'works on what the drm_device points to'),
              ],
            ];
    return [
      {
        site: at.call,
        finding: {
          severity: 'warning',
          confidence: 'likely',
          place: placeInside(at.caller, at.call),
          function: at.caller.name,
          message: `\`${end.fn.name}\` frees the \`struct ${tag}\`, ${told}`,
          timelines: holds.kind === 'object' ? ['unbind', 'unplug-open'] : ['unplug-open'],
          fixes: [],
          identity: [tag, holds.kind],
          chain: [tableLink(end), ...wayLinks(way, `frees a ${tag}`), ...links],
        },
      },
    ];
  });
}

/** devm frees at unbind what a mapping, a buffer or a fence still leads to. */
function goneMemory(pass: Pass): Told[] {
  return lateMemory(pass).map(({ root, use, origin, sure }): Told => {
    const { fn, call } = origin;
    const what = `\`.${root.entry.member}\` of ${root.table.struct}`;
    return {
      site: use.way.at(-1)?.call ?? call,
      finding: {
        severity: sure ? 'warning' : 'info',
        confidence: sure ? 'likely' : 'possible',
        place: placeInside(fn, call),
        function: fn.name,
        message: `\`${root.fn.name}\` (${what}) follows \`${use.key.member}\`, which is devm (${call.callee}()) and gone at unbind: what an open file holds runs it later`,
        timelines: ['unplug-open'],
        fixes: [],
        identity: ['devm-memory', use.key.tag, use.key.member, root.fn.name],
        causes: [memoryCause(placeInside(fn, call))],
        chain: [
          callLink(
            { caller: fn, call },
            'allocation',
            `${call.callee}(): devm gives it back at unbind`,
          ),
          functionLink(root.fn, 'callback', `${what}: ${late}`),
          ...wayLinks(use.way, `follows \`${use.key.member}\``, 'note'),
        ],
      },
    };
  });
}

/** The driver core clears the pointer that a driver keeps for its device when it is unbound. */
function clearedPointers(pass: Pass, binding: ClosedBinding): Told[] {
  return lateReads(pass, binding).map(({ root, read, reads }): Told => {
    const plain = isPlainWay(pass, read);
    return {
      site: reads.call,
      finding: {
        severity: plain ? 'warning' : 'info',
        confidence: plain ? 'likely' : 'possible',
        place: placeInside(reads.caller, reads.call),
        function: reads.caller.name,
        message: `\`${root.fn.name}\` (${root.what}) follows what ${reads.call.callee}() answers for the device: NULL once it is unbound, and a file that is still open runs it later`,
        timelines: ['unplug-open'],
        fixes: [],
        identity: ['driver-data', root.fn.name],
        chain: [
          tableLink(binding.end),
          functionLink(root.fn, 'callback', `${root.what}: ${late}`),
          ...wayLinks(read, 'reads the pointer, which the driver core clears at unbind', 'note'),
        ],
      },
    };
  });
}

/** A DMA mapping or DMA memory that the last close gives back, and remove() does not. */
function keptMappings(pass: Pass): Told[] {
  return lateMappings(pass).map(({ end, root, way, release, hot }): Told => {
    const last = way.at(-1);
    const name = root.fn.name;
    const where = hot ? '' : '; harmless where the device has no IOMMU';
    return {
      site: end.fn,
      finding: {
        severity: hot ? 'warning' : 'info',
        confidence: hot ? 'likely' : 'possible',
        place: last ? placeInside(last.caller, last.call) : placeInside(root.fn, root.fn),
        function: last?.caller.name ?? name,
        message: `\`${name}\` (${root.what}) gives back ${release.what} of the device when a file that is still open is done with it, and \`${end.fn.name}\` does not before${where}`,
        timelines: ['unplug-open'],
        fixes: [],
        identity: [name, release.name],
        chain: [
          functionLink(root.fn, 'callback', `${root.what}: ${late}`),
          ...wayLinks(
            way,
            `${release.name}() needs the device: its DMA operations and IOMMU group are gone`,
          ),
          tableLink(end),
        ],
      },
    };
  });
}
