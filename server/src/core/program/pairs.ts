/** Which calls give back what a call took: by the catalogue's pairs of functions, and by the object where both name it. */
import type { Catalog, ManualTake } from '../catalog.ts';
import { holderOf } from '../facts/flow/result-use.ts';
import type { CallFact, Condition } from '../facts/types.ts';
import { type MemberKey, memberKey, pathIn } from './objects.ts';
import type { CallSite, FunctionRef, Program } from './program.ts';
import { keysOf, shareMember } from './stops.ts';

/** Groups that leak a reference only: no other device, file or thread sees them after the failure. */
export const quietGroups: ReadonlySet<string> = new Set([
  'irq-vectors',
  'mmio',
  'clock',
  'regulator',
  'reset',
  'runtime-pm',
  'power-domain',
  'pci',
  'phy',
  'interconnect',
  'pool',
  'opp',
  'reserved-memory',
  'net-device',
  'phylink',
  'mdio-bus',
  'wireless-device',
  'devlink',
  'iio-device',
  'iio-trigger',
  'iio-channel',
  'media-memory',
  'v4l2-controls',
  'usb-phy',
  'power-supply-reference',
  'remoteproc',
  'i2c-reference',
  'nvmem',
  'mmc-host',
  'scsi-host',
  'framebuffer',
  'pwm-reference',
  'crypto-transform',
  'of-node',
  'device-reference',
]);
/** What has to be given back by hand in a module: not what devm ends, which it took the object from. */
export function takesIn(
  program: Program,
  { data }: Catalog,
  /** Also what goes on a list then: a trace puts it there. */
  listed = false,
): ManualTake[] {
  return data.takes.filter(
    ({ unless = [], listedAfter = [] }) =>
      ![...unless, ...(listed ? [] : listedAfter)].some(
        (name) => program.functionsCalling(name).length > 0,
      ),
  );
}

/**
 * Whether a call takes at all what the catalogue says: an entry of a list stays only where the list does, and as
 * long as nobody sets the list up anew before it is filled again.
 */
export function isTaken(
  program: Program,
  { global, empties = [] }: Pick<ManualTake, 'global' | 'empties'>,
  site: CallSite,
): boolean {
  if (global === undefined) return true;
  const path = pathIn(site.call.args[global]?.value ?? { kind: 'literal', text: '' });
  // `LIST_HEAD(list);` in the body makes it the function's own.
  const isDeclared = site.caller.facts.calls.some(
    ({ callee, args }) =>
      !/[a-z]/.test(callee) && args.some(({ text }) => text.trim() === path?.root),
  );
  return (
    path?.address === 1 &&
    path.steps.length === 0 &&
    !isDeclared &&
    globalsOf(site).includes(path.root) &&
    !program.callsOfAny(empties).some((one) => globalsOf(one).includes(path.root))
  );
}

/** What the look-up reads of a take. */
export type Pair = Pick<ManualTake, 'object' | 'releases' | 'exclusive'>;

/** The calls of the module that can give back what `taken` takes. */
export function releaseSitesOf(
  program: Program,
  catalog: Catalog,
  take: Pair,
  taken: CallSite,
): CallSite[] {
  const globals = globalsOf(taken);
  const keys = takenKeys(program, take, taken);
  return take.releases
    .flatMap((name) => program.callsOf(name))
    .filter((site) => {
      const others = globalsOf(site);
      if (globals.length > 0 && others.length > 0)
        return globals.some((name) => others.includes(name));
      const index = catalog.deviceReleases.get(site.call.callee)?.object ?? 0;
      const given = isComparable(take, site.call, index)
        ? keysOf(program, site.caller, site.call, index)
        : [];
      return keys.length === 0 || given.length === 0 || shareMember(keys, given);
    });
}

/** Variables of the file that a call is given: `&foo_component_ops`, or an array by name. */
function globalsOf({ caller, call }: CallSite): string[] {
  return call.args.flatMap((argument) => {
    const path = pathIn(argument.value);
    const local =
      path &&
      (caller.facts.locals.some((one) => one.name === path.root) ||
        caller.facts.params.some((one) => one.name === path.root));
    const named =
      path && (path.address === 1 || (path.steps.length === 0 && /[a-z]/.test(path.root)));
    return path && named && !local ? [path.root] : [];
  });
}

function takenKeys(program: Program, take: Pair, { caller, call }: CallSite): MemberKey[] {
  if (take.object !== 'return')
    return isComparable(take, call, take.object.argument)
      ? keysOf(program, caller, call, take.object.argument)
      : [];
  const holder = holderOf(caller.facts, call)?.target ?? storedIn(caller, call);
  const key = holder && memberKey(program, caller, holder, call.end);
  return key ? [key] : [];
}

/** The member that receives a call's result. */
function storedIn({ facts }: FunctionRef, call: CallFact) {
  const index = facts.assigned.numberOf(call);
  return facts.assigns.find((assign) => assign.value.kind === 'call' && assign.value.call === index)
    ?.target;
}

/** Objects that the driver embeds or stores are told by their member; numbers and parent devices are not. */
function isComparable(take: Pair, call: CallFact, index: number): boolean {
  const value = call.args[index]?.value;
  return (
    take.object === 'return' ||
    (take.exclusive !== true && value?.kind === 'path' && value.address === 1)
  );
}

/** A variable of the file that is set up once and kept for the next probe: `if (!host) { … }`. */
export function isKept(catalog: Catalog, { caller, call }: CallSite): boolean {
  const { facts } = caller;
  return catalog.flows
    .of(facts)
    .around(call)
    .some(({ test }) => {
      const name = test?.kind === 'not' ? variableIn(test.of) : undefined;
      return (
        name !== undefined &&
        !facts.locals.some((one) => one.name === name) &&
        !facts.params.some((one) => one.name === name)
      );
    });
}

/** The variable that a condition asks for. */
function variableIn(test: Condition): string | undefined {
  const value = test.kind === 'is' ? test.value : undefined;
  return value?.kind === 'path' && value.steps.length === 0 && value.address === 0
    ? value.root
    : undefined;
}
