/** The plot of how a check grows with the tree, and the modules that it is measured on. */
import assert from 'node:assert/strict';
import { lineThrough, plotOf, writeModules } from '../../scripts/lib/growth.mjs';
import { run, TemporaryFolder } from './support.ts';

describe('growth', () => {
  it('is measured on modules that are read, each of them', async () => {
    const folder = new TemporaryFolder();
    writeModules(folder.path, 3);
    const { out } = await run(['check', '--format', 'json'], folder.path);
    const { modules, problems } = JSON.parse(out) as {
      modules: { name: string; files: number; actions: { devm: number } }[];
      problems: unknown[];
    };
    assert.deepEqual(problems, []);
    assert.deepEqual(
      modules.map(({ name, files, actions }) => [name, files, actions.devm]),
      ['m0', 'm1', 'm2'].map((name) => [name, 4, 12]),
    );
    folder.remove();
  });

  it('is drawn as points and the straight line through them', () => {
    const points: [number, number][] = [
      [1, 150],
      [5, 350],
      [20, 1100],
    ];
    const { slope, base } = lineThrough(points);
    assert.deepEqual([Math.round(slope), Math.round(base)], [50, 100]);
    const svg = plotOf(points);
    assert.equal(svg.match(/<circle /g)?.length, 3);
    assert.match(svg, /the line is 100 ms \+ 50\.0 ms for each/);
    assert.match(svg, /1: 0\.15 s, 5: 0\.35 s, 20: 1\.10 s/);
  });
});
