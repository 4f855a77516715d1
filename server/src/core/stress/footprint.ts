/** What a finding would leave in a kernel's log: the functions on the stack of a report, and what is not given back. */
import type { Pass } from '../pass.ts';
import { placeInside } from '../places.ts';
import type { Finding, ModuleOrder, Place } from '../result.ts';

export interface Footprint {
  readonly finding: Finding;
  /** The module's functions that its evidence names, without those that every teardown runs. */
  readonly functions: ReadonlySet<string>;
  /** The structs whose tables name one of them. */
  readonly structs: ReadonlySet<string>;
  /** The kinds of what it says is not given back, or too early or late. */
  readonly kinds: ReadonlySet<string>;
}

/** Of each finding that a course of teardown can show. */
export function footprintsOf(
  findings: readonly Finding[],
  pass: Pass,
  order: ModuleOrder,
): Footprint[] {
  const entries = entryNames(pass);
  const tables = new Map<string, string[]>();
  for (const { fn, table } of pass.tableFunctions)
    tables.set(fn.name, [...(tables.get(fn.name) ?? []), table.struct]);
  return findings
    .filter(({ timelines }) => timelines.length > 0)
    .map((finding) => {
      const functions = new Set(
        [...namesIn(finding, order), ...calledBetween(finding, pass)].filter(
          (name) => !entries.has(name),
        ),
      );
      return {
        finding,
        functions,
        structs: new Set([...functions].flatMap((name) => tables.get(name) ?? [])),
        kinds: kindsOf(finding, pass, order),
      };
    });
}

/** Whether a function is the module's, and not one that every teardown runs. */
export function isTelling(pass: Pass): (name: string) => boolean {
  const entries = entryNames(pass);
  return (name) => !entries.has(name) && pass.program.named(name).length > 0;
}

function entryNames({ tableFunctions }: Pass): ReadonlySet<string> {
  return new Set(
    tableFunctions
      .filter(({ role }) => /^(?:probe|bind|remove|unbind|shutdown)$/.test(role))
      .map(({ fn }) => fn.name),
  );
}

function namesIn(finding: Finding, { entries }: ModuleOrder): string[] {
  const { fingerprint, chain } = finding;
  const steps = entries.flatMap(({ acquired }) =>
    acquired.filter(({ findings }) => findings.includes(fingerprint)),
  );
  const ids = new Set(steps.map(({ id }) => id));
  // What can run from the step on: the handler of an interrupt that is not freed.
  const runners = entries.flatMap(({ runners: all = [], hazards }) => [
    ...all.filter(({ kind, begins }) => kind === 'interrupt' && begins !== null && ids.has(begins)),
    ...(hazards ? [...hazards.unbind, ...hazards['unplug-open']] : [])
      .filter((hazard) => hazard.finding === fingerprint)
      .flatMap(({ runner }) => runner ?? []),
  ]);
  return [
    finding.function,
    ...chain.map((link) => link.function),
    ...steps.map(({ action }) => action),
    ...runners.map(({ name }) => name),
  ].filter((name) => name !== '');
}

/** What its evidence calls on the way from one function to the next: it is on the stack where the next was inlined. */
function calledBetween({ chain }: Finding, pass: Pass): string[] {
  return chain
    .slice(0, -1)
    .filter((link, i) => chain[i + 1]?.function !== link.function)
    .flatMap(({ place, function: name }) => calleesAt(place, name, pass))
    .filter((name) => pass.program.named(name).length > 0);
}

function kindsOf(finding: Finding, pass: Pass, { entries }: ModuleOrder): ReadonlySet<string> {
  const kinds = entries.flatMap(({ acquired }) =>
    acquired
      .filter(({ findings }) => findings.includes(finding.fingerprint))
      .map(({ kind }) => kind),
  );
  const registers = calleesAt(finding.place, finding.function, pass).some(
    (name) => pass.catalog.milestones.get(name)?.role === 'register',
  );
  return new Set([...kinds, ...(registers ? ['register'] : [])]);
}

/** What is called in a place of a function. */
function calleesAt(place: Place, name: string, { program }: Pass): string[] {
  return program
    .named(name)
    .filter((fn) => fn.file.path === place.file)
    .flatMap((fn) =>
      fn.facts.calls
        .filter((call) => {
          const { start, end } = placeInside(fn, call);
          return start >= place.start && end <= place.end;
        })
        .map(({ callee }) => callee),
    );
}
