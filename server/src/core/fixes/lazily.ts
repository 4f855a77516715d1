/** Fixes are made when somebody looks at them: a squiggle needs none. */

import type { Pass } from '../pass.ts';
import type { Finding, Fix } from '../result.ts';
import { completed } from './aftermath.ts';
import { withoutConversion } from './conversions.ts';
import { outsideLibraries } from './library.ts';

/**
 * The finding with its fixes; a function that makes them runs once, on the first look.
 * @param converts whether fixes that move something to another scope are offered
 */
export function withFixes(
  finding: Omit<Finding, 'fixes'>,
  fixes: readonly Fix[] | (() => readonly Fix[]),
  pass: Pass,
  converts = true,
): Finding {
  if (typeof fixes !== 'function') return { ...finding, fixes };
  return Object.defineProperty({ ...finding, fixes: [] as readonly Fix[] }, 'fixes', {
    enumerable: true,
    configurable: true,
    // The value takes the place of its maker, which would keep the whole module in memory.
    get(this: Finding) {
      const made = fixes().map((fix) => completed(pass, outsideLibraries(pass, fix)));
      const value = ownOnly(pass, converts ? made : made.map(withoutConversion));
      Object.defineProperty(this, 'fixes', { value, enumerable: true });
      return value;
    },
  });
}

/** Makes all fixes now, so that nothing else of the module is kept for them. */
export function settle(findings: readonly Finding[]): void {
  for (const finding of findings) void finding.fixes;
}

/** What making the fixes of one module may cost, in characters of functions that are read again for it. */
const makingOfModule = 3_000_000;
/** So many findings of one function have their fixes made for nothing: real functions have no more. */
const fewOfFunction = 8;

/** A finding whose fixes were not made: it says so where they would stand. */
const unmade: readonly Fix[] = [
  {
    id: 'unmade',
    title: 'Not looked for: there are too many findings in this function',
    safety: 'manual',
    preferred: false,
    edits: [],
    reason: 'an editor makes the fixes of one finding when it is asked for them',
    creates: [],
  },
];

/**
 * Has fixes made for as many of the findings, in their order, as may be; the others tell that theirs are not.
 * Each reads its function again: hundreds in one long function would take minutes.
 */
export function boundFixes(
  findings: readonly Finding[],
  files: readonly {
    readonly path: string;
    readonly functions: readonly { readonly start: number; readonly end: number }[];
  }[],
): void {
  if (findings.length <= fewOfFunction) return;
  const functionsOf = new Map(files.map(({ path, functions }) => [path, functions]));
  const counts = findingsByFunction(findings);
  let left = makingOfModule;
  for (const finding of findings) {
    const count = counts.get(functionKey(finding)) ?? 0;
    if (count <= fewOfFunction) continue;
    if (left <= 0) Object.defineProperty(finding, 'fixes', { value: unmade, enumerable: true });
    const { file, start } = finding.place;
    const holder = functionsOf.get(file)?.find((fn) => fn.start <= start && start < fn.end);
    left -= (holder ? holder.end - holder.start : 0) * (count / fewOfFunction);
  }
}

/** How many findings each function has. */
export function findingsByFunction(findings: readonly Finding[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const finding of findings) {
    const key = functionKey(finding);
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return counts;
}

export function functionKey({ function: name, place }: Finding): string {
  return `${place.file} ${name}`;
}

/** The finding without its fixes, which are made when they are looked at and keep the module until then. */
export function withoutFixes(finding: Finding): Finding {
  const { fixes: _, ...found } = Object.getOwnPropertyDescriptors(finding);
  return Object.defineProperties(
    {},
    { ...found, fixes: { value: [], enumerable: true } },
  ) as Finding;
}

/** Of another module only a part is known: a fix that would edit it is not offered. */
function ownOnly(pass: Pass, fixes: readonly Fix[]): readonly Fix[] {
  const foreign = new Set(Array.from(pass.program.foreignFiles(), (file) => file.path));
  return fixes.filter(({ edits }) => !edits.some(({ file }) => foreign.has(file)));
}
