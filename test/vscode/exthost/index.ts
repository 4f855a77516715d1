/**
 * What VS Code runs inside its extension host: loads the suites beside this file with Mocha and
 * writes what came out to the file that DRIVER_TEARDOWN_EXTHOST_RESULT names.
 */
import { writeFileSync } from 'node:fs';
import Mocha from 'mocha';
import type { HostedResult } from './result.ts';

/** VS Code calls this; the window's exit status follows from whether it rejects. */
export async function run(): Promise<void> {
  const mocha = new Mocha({ ui: 'bdd', timeout: 60_000, reporter: 'min' });
  mocha.suite.emit('pre-require', globalThis, '', mocha);
  await import('./extension.test.ts');
  await import('./findings.test.ts');
  await import('./kills.test.ts');
  const results: HostedResult[] = [];
  const failures = await new Promise<number>((resolve) => {
    const runner = mocha.run(resolve);
    runner.on('pass', (test) => results.push({ title: test.fullTitle(), failure: null }));
    runner.on('fail', (test, error: Error) => {
      results.push({ title: test.fullTitle(), failure: error.stack ?? String(error) });
    });
  });
  const file = process.env['DRIVER_TEARDOWN_EXTHOST_RESULT'];
  if (file !== undefined) writeFileSync(file, JSON.stringify(results));
  if (failures > 0) throw new Error(`${failures} tests failed`);
}
