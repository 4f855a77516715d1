/**
 * Modules that somebody made to hold the analysis up (`npm run hostile` has them in full size): each ends, and says
 * what it left out.
 */
import assert from 'node:assert/strict';
import { calls } from '../../scripts/hostile/calls.ts';
import { type Files, type Shape, times } from '../../scripts/hostile/shape.ts';
import { texts } from '../../scripts/hostile/texts.ts';
import { type Engine, loadEngine } from '../support/engine.ts';

/** What a twentieth of each may take, on a machine that has others to do. */
const mostSeconds = 6;

describe('hostile shapes', function () {
  this.timeout(120_000);
  let engine: Engine;
  before(async () => {
    engine = await loadEngine();
  });
  const told = (
    files: Files,
  ): { readonly problems: readonly string[]; readonly rules: ReadonlySet<string> } => {
    const { report, order } = engine.analyze(new Map(Object.entries(files)));
    assert.ok(order().module !== '');
    return {
      problems: report.problems.map(({ message }) => message),
      rules: new Set(report.findings.map(({ rule }) => rule)),
    };
  };
  const shape = (name: string): Shape => {
    const found = [...calls, ...texts].find((one) => one.name === name);
    assert.ok(found, name);
    return found;
  };

  for (const { name, size, files } of [...calls, ...texts]) {
    const count = Math.ceil(size / 20);
    // What doubles with each one more is tried in full: a twentieth is nothing.
    const tried = /doubling/.test(name) ? size : count;
    it(`${tried} ${name}`, () => {
      const from = process.cpuUsage();
      told(files(tried));
      const { user, system } = process.cpuUsage(from);
      assert.ok(user + system < mostSeconds * 1e6, `${(user + system) / 1e6} s`);
    });
  }

  for (const name of [
    'parentheses, nested',
    'braces, nested',
    'ifs, nested',
    'ifs without braces, nested',
    'else ifs',
    'loops, nested',
    'calls as arguments, nested',
    'conditional expressions, nested',
    'members of members',
    'casts',
    'negations',
    'initializers, nested',
    'statement expressions, nested',
  ])
    it(`${name}: said, and the rest of the file is read`, () => {
      const { files } = shape(name);
      const good = `static void gone(struct drm_device *drm, void *data)
{
	ttm_bo_unpin(data);
}

static int pinned(struct foo *foo)
{
	ttm_bo_pin(foo->bo);
	return drmm_add_action_or_reset(&foo->drm, gone, foo->bo);
}
`;
      const { problems, rules } = told({ ...files(3000), 'good.c': good });
      assert.deepEqual(problems, ['foo_probe() is nested too deeply: not read']);
      assert.ok(rules.has('drmm-releases-pinned-bo'));
    });

  it('a function of more than 256 kB: said, and not read', () => {
    const { problems } = told(shape('registrations of one action').files(8000));
    assert.deepEqual(problems, ['foo_probe() is too long: not read']);
  });

  it('what would take too much is given up, and said', () => {
    const { files } = shape('a table of implementations, called through its member');
    const { problems } = told(files(1000));
    assert.match(problems.join('\n'), /^too much to follow: not looked for [a-z-]+/m);
  });

  it('a module of ordinary size is followed in full', () => {
    const { problems } = told(shape('registrations that are read').files(100));
    assert.deepEqual(problems, []);
    assert.deepEqual(
      told({ 'foo.c': times(200, (i) => `int f${i}(void)\n{\n	return f${i + 1}();\n}\n`) })
        .problems,
      [],
    );
  });
});
