/**
 * Which mapping of registers an access goes through, and whether unbind unmaps it: one that drmm or
 * release() unmaps is there as long as a file is open, and one that nobody unmaps for good.
 */
import type { ManagedApi } from '../catalog.ts';
import type { PathValue, Value } from '../facts/types.ts';
import type { Pass, Question } from '../pass.ts';
import { holdersOfResult } from '../program/holders.ts';
import { type MemberKey, memberKey, originOf, pathIn } from '../program/objects.ts';
import type { CallSite, FunctionRef } from '../program/program.ts';
import { bindingsOf } from '../teardown/bindings.ts';

/** One call that maps registers. */
export interface RegisterMapping {
  readonly site: CallSite;
  /** The members that hold the address. */
  readonly keys: readonly MemberKey[];
  /** devm or drmm unmaps it. */
  readonly managed: boolean;
  /** Unbind unmaps it, by devm or in the way out of the driver. */
  readonly ends: boolean;
}

/** The mapping that an access goes through when unbind unmaps it; undefined when it stays, or cannot be told. */
export function endedMappingOf(
  pass: Pass,
  { caller, call }: CallSite,
): RegisterMapping | undefined {
  const all = pass.ask(mappings, null);
  const object = pass.catalog.milestones.get(call.callee)?.object ?? 0;
  const value = call.args[object]?.value;
  const names = value ? namesIn(caller, value, call.start) : [];
  const meant = all.filter(({ keys }) => keys.some((key) => names.includes(lastOf(key))));
  // An address that is handed in can be any: then all have to be gone.
  const asked = meant.length > 0 ? meant : all;
  return asked.every(({ ends }) => ends) ? asked[0] : undefined;
}

const mappings: Question<null, readonly RegisterMapping[]> = {
  answer: (pass) => {
    const { catalog, program } = pass;
    const found: RegisterMapping[] = [];
    for (const api of catalog.data.managed) {
      if (api.kind !== mapped || api.role !== 'acquire') continue;
      for (const site of program.callsOf(api.name))
        found.push({
          site,
          keys: keysOf(pass, site),
          managed: true,
          ends: api.scope === 'bound',
        });
    }
    for (const { name, group, releases } of catalog.data.takes) {
      if (group !== mapped) continue;
      for (const site of program.callsOf(name)) {
        const keys = keysOf(pass, site);
        found.push({ site, keys, managed: false, ends: isUnmapped(pass, keys, releases) });
      }
    }
    return found;
  },
};

const mapped = 'mmio';

function keysOf({ program }: Pass, { caller, call }: CallSite): readonly MemberKey[] {
  return holdersOfResult(program, caller, call);
}

/** Whether a way out of the module unmaps what one of the members holds. */
function isUnmapped(pass: Pass, keys: readonly MemberKey[], releases: readonly string[]): boolean {
  const ends = bindingsOf(pass).flatMap((binding) => binding.ends);
  return pass.program.callsOfAny(releases).some(({ caller, call }) =>
    call.args.some(({ value }) => {
      const path = pathIn(value);
      const key = path && memberKey(pass.program, caller, path, call.start);
      return (
        key !== undefined &&
        keys.some((one) => lastOf(one) === lastOf(key)) &&
        pass.graph.isReachedFrom(caller, ends)
      );
    }),
  );
}

/** The members and variables that make up an address: of `foo->regs + 4`, through locals too. */
function namesIn(fn: FunctionRef, value: Value, before: number): readonly string[] {
  if (value.kind === 'words') {
    const own = value.words.flatMap((word) => {
      const root: PathValue = { kind: 'path', root: word, steps: [], address: 0 };
      return originOf(fn, root, before).path.steps;
    });
    return [...value.words, ...own];
  }
  const path = pathIn(value);
  return path ? originOf(fn, path, before).path.steps : [];
}

function lastOf({ member }: MemberKey): string {
  return member.split('.').at(-1) ?? member;
}

/**
 * Whether devm unmaps the registers before it drops the drm_device, which probe has allocated first: what the
 * last put runs then comes too late even with no file open.
 */
export function unmapsFirst(pass: Pass): boolean {
  return pass.ask(unmappedFirst, null);
}

const unmappedFirst: Question<null, boolean> = {
  answer: ({ program, catalog }) => {
    const callsOf = (is: (api: ManagedApi) => boolean) =>
      program.callsOfAny(
        catalog.data.managed
          .filter((api) => api.scope === 'bound' && is(api))
          .map(({ name }) => name),
      );
    const devices = program.callsOfAny(
      catalog.data.managed.filter(({ role }) => role === 'device-alloc').map(({ name }) => name),
    );
    const maps = callsOf(({ role, kind }) => role === 'acquire' && kind === 'mmio');
    return (
      devices.length > 0 &&
      maps.length > 0 &&
      maps.every((map) =>
        devices.some(
          ({ caller, call }) =>
            caller !== map.caller || catalog.flows.of(caller.facts).canFollow(call, map.call),
        ),
      )
    );
  },
};
