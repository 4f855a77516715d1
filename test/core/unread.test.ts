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

  it('a way down to one function is looked for on what leads there', () => {
    const pass = passOf(`static void off(void) { }
static void idle(void) { off(); }
static void mid(void) { idle(); }
static void aside(void) { idle(); }
static void top(void) { aside(); mid(); }
static void other(void) { top(); aside(); }
`);
    const way = pass.graph.wayDownTo(named(pass, 'top'), named(pass, 'mid'));
    assert.deepEqual(
      way?.map(({ caller, call }) => [caller.name, call.callee]),
      [['top', 'mid']],
    );
    const read = ['aside', 'idle', 'off', 'other'].filter((one) => named(pass, one).body.isRead);
    assert.deepEqual(read, []);
    // As among all ways down: by the first call of the shortest one.
    const down = pass.graph.waysDown(named(pass, 'top'));
    assert.deepEqual(
      pass.graph.wayDownTo(named(pass, 'top'), named(pass, 'idle')),
      down.to(named(pass, 'idle')),
    );
    assert.equal(pass.graph.wayDownTo(named(pass, 'mid'), named(pass, 'top')), undefined);
  });

  it('a macro leads to the same functions whoever uses it', () => {
    const pass = passOf(`#define show(f) do { foo_show(f); } while (0)
static void foo_show(struct foo *foo) { }
static void run(struct foo *foo)
{
	show(foo);
}
`);
    assert.deepEqual(names(pass.graph.reachedFrom([named(pass, 'run')])), ['foo_show', 'run']);
    assert.ok(!named(pass, 'run').body.isRead);
  });

  it('a local by the name of a function elsewhere hands nothing on', () => {
    const { reading, catalog } = engine;
    const files = [
      new SourceFile(reading, 'foo/a.c', 'static void info(void) { }\n'),
      new SourceFile(reading, 'foo/b.c', 'static int f(int info)\n{\n\treturn g(info);\n}\n'),
    ];
    const pass = new Pass({ files }, catalog);
    assert.deepEqual(pass.program.handingsOfFunction(named(pass, 'info')), []);
    assert.ok(!named(pass, 'f').body.isRead);
  });

  it('who mentions a word is asked again when a word comes or goes', () => {
    const { reading, catalog } = engine;
    const textOf = (body: string) => `static void f(struct foo *foo)\n{\n\t${body}\n}\n`;
    let file = new SourceFile(reading, 'foo/a.c', textOf('clk_enable(foo->clk);'));
    const pass = new Pass({ files: [file] }, catalog);
    const { queries } = pass.program;
    const mentions = queries.memo((word: string) =>
      pass.program.mentioning(word).map(({ name }) => name),
    );
    const edited = (body: string): readonly [readonly string[], boolean] => {
      file = new SourceFile(reading, 'foo/a.c', textOf(body), file);
      pass.update({ files: [file] });
      const { computations } = queries;
      const found = mentions.get('clk');
      return [found, queries.computations > computations];
    };
    assert.deepEqual(mentions.get('clk'), ['f']);
    assert.deepEqual(edited('clk_enable(foo->clk); foo->count = 1;'), [['f'], false]);
    assert.deepEqual(edited('foo->count = 1;'), [[], true]);
    assert.deepEqual(edited('foo->count = 1; use(clk);'), [['f'], true]);
  });

  it('what is stored and called is listed as an edit leaves it', () => {
    const { reading, catalog } = engine;
    const textOf = (body: string) => `${ops}static void f(struct foo *foo)\n{\n\t${body}\n}\n`;
    let file = new SourceFile(reading, 'foo/a.c', textOf('foo->clk = get();'));
    const pass = new Pass({ files: [file] }, catalog);
    const listed = () => [
      pass.program.storesTo('clk').length,
      pass.program.callsOf('get').length,
      pass.program.callsThrough('start').length,
      pass.program.handingsOf('foo_start').length,
      names(pass.program.functionsCalling('get')).join(),
    ];
    const edited = (body: string) => {
      file = new SourceFile(reading, 'foo/a.c', textOf(body), file);
      pass.update({ files: [file] });
      return listed();
    };
    assert.deepEqual(listed(), [1, 1, 0, 0, 'f']);
    assert.deepEqual(edited('foo->clk = NULL; foo->ops->start(foo);'), [1, 0, 1, 0, '']);
    assert.deepEqual(edited('use(foo->clk, foo_start);'), [0, 0, 0, 1, '']);
    assert.deepEqual(edited('foo->clk = get(); get();'), [1, 2, 0, 0, 'f']);
  });
});
