/** A failing session costs its own suite, not those behind it. */
import assert from 'node:assert/strict';
import Mocha from 'mocha';
import { oneSession } from '../support/session.ts';

/** Ends of tests by title. */
function run(suites: Readonly<Record<string, readonly (() => void)[]>>): Promise<string[]> {
  const mocha = new Mocha({ reporter: class {} as unknown as Mocha.ReporterConstructor });
  for (const [name, tests] of Object.entries(suites)) {
    const suite = Mocha.Suite.create(mocha.suite, name);
    oneSession(suite);
    tests.forEach((test, index) => {
      suite.addTest(new Mocha.Test(`${index + 1}`, test));
    });
  }
  const ends: string[] = [];
  return new Promise((resolve) => {
    mocha
      .run(() => resolve(ends))
      .on('pass', (test) => ends.push(`${test.fullTitle()} passed`))
      .on('fail', (test) => ends.push(`${test.fullTitle()} failed`))
      .on('pending', (test) =>
        ends.push(`${test.fullTitle()}: ${(test as { skipReason?: string }).skipReason ?? ''}`),
      );
  });
}

describe('a session of tests', () => {
  it('skips what comes after a failure, with the reason, and nothing of the suites behind it', async () => {
    const fails = (): void => {
      throw new Error('no');
    };
    assert.deepEqual(await run({ a: [() => {}, fails, () => {}], b: [() => {}] }), [
      'a 1 passed',
      'a 2 failed',
      'a 3: “2” failed before',
      'b 1 passed',
    ]);
  });
});
