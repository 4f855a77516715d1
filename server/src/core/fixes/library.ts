/**
 * Modules that have no driver of their own: what they export works on the objects of many drivers,
 * each with a life that is not seen here. A fix there would change all of them.
 */

import type { Pass } from '../pass.ts';
import { exportFinder } from '../program/exports.ts';
import type { Fix } from '../result.ts';
import { withoutEdits } from './judge.ts';

/** Whether the module binds to no device and gives functions to others. */
export function isLibrary(pass: Pass): boolean {
  return pass.once.get('library', () => {
    // A component that it binds for others, as sysfs does for connectors, makes it no driver.
    if (pass.tableFunctions.some(({ role }) => role === 'probe')) return false;
    const namesIn = exportFinder(pass.catalog);
    return pass.program.files.some((file) => namesIn(pass.textOf(file.path) ?? '').length > 0);
  });
}

/** The fix as one that is only told where its module is a library. */
export function outsideLibraries(pass: Pass, fix: Fix): Fix {
  if (fix.safety === 'manual' || !isLibrary(pass)) return fix;
  return withoutEdits(
    fix,
    'this module has no driver of its own: the functions that it exports work on the objects of others, whose lives are not seen here',
  );
}
