/** What the words of a function tell is not looked up in its body: the parser never sees it. */
import assert from 'node:assert/strict';
import { SourceFile } from '../../server/src/core/facts/source-file.ts';
import { Pass } from '../../server/src/core/pass.ts';
import type { FunctionRef } from '../../server/src/core/program/program.ts';
import { usesIn } from '../../server/src/core/program/uses.ts';
import { type Engine, loadEngine } from '../support/engine.ts';

const ops = `struct foo_ops { int (*start)(struct foo *foo); };
struct foo { const struct foo_ops *ops; struct clk *clk; };
static int foo_start(struct foo *foo)
{
	return 0;
}
static const struct foo_ops foo_ops = { .start = foo_start };
`;
const callers = `static int run(struct foo *foo)
{
	return foo->ops->start(foo);
}
static int ask(struct regmap *map)
{
	return map->bus->read(map);
}
`;

describe('what the words of a function tell', () => {
  let engine: Engine;
  before(async () => {
    engine = await loadEngine();
  });
  const passOf = (text: string) =>
    new Pass({ files: [new SourceFile(engine.reading, 'foo/a.c', text)] }, engine.catalog);
  const named = (pass: Pass, name: string): FunctionRef => {
    const [fn] = pass.program.named(name);
    assert.ok(fn, name);
    return fn;
  };
  const names = (functions: Iterable<FunctionRef>) =>
    Array.from(functions, ({ name }) => name).sort();

  it('a member that no function of the module stands in leads nowhere', () => {
    const pass = passOf(ops + callers);
    const { graph } = pass;
    assert.deepEqual(names(graph.reachedFrom([named(pass, 'run')])), ['foo_start', 'run']);
    assert.deepEqual(names(graph.reachedFrom([named(pass, 'ask')])), ['ask']);
    assert.ok(named(pass, 'run').body.isRead);
    assert.ok(!named(pass, 'ask').body.isRead);
  });

  it('a variable may be any of them', () => {
    const pass = passOf(
      `${ops}static int each(struct foo *foo)
{
	int (*fn)(struct foo *foo) = foo_start;

	return fn(foo);
}
`,
    );
    const reached = pass.graph.reachedFrom([named(pass, 'each')]);
    assert.deepEqual(names(reached), ['each', 'foo_start']);
  });

  it('a use is looked for where its member is named, and on the way there', () => {
    const pass = passOf(`${ops}static void off(struct foo *foo)
{
	clk_disable(foo->clk);
}
static void idle(struct foo *foo)
{
	foo_log(foo);
}
static void fini(struct foo *foo)
{
	idle(foo);
	off(foo);
}
`);
    const wanted = new Map([['clk', [{ tag: 'foo', member: 'clk' }]]]);
    const found = usesIn(pass, named(pass, 'fini'), { wanted, counts: () => true });
    assert.deepEqual(
      found.map(({ written, way }) => [written, ...way.map(({ caller }) => caller.name)]),
      [['foo->clk', 'fini', 'off']],
    );
    assert.ok(!named(pass, 'idle').body.isRead);
  });

  it('a macro of the module hands on a member that its use does not show', () => {
    const offBy = (callee: string) =>
      passOf(`${ops}#define foo_off(f) ${callee}((f)->clk)
static void off(struct foo *foo)
{
	foo_off(foo);
}
`);
    assert.deepEqual(names(offBy('clk_disable_unprepare').program.mentioningMember('clk')), [
      'off',
    ]);
    // What the catalogue does not explain stays a macro: no call takes its place.
    assert.deepEqual(names(offBy('foo_log').program.mentioningMember('clk')), []);
  });
});
