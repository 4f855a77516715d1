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
