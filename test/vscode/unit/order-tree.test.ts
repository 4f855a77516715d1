import assert from 'node:assert/strict';
import { noFilter, type OrderFilter } from '../../../client/src/features/order-filter.ts';
import { rowsAround, stepAt } from '../../../client/src/features/order-find.ts';
import type { OrderNode } from '../../../client/src/features/order-nodes.ts';
import {
  buildOrderTree,
  failureWords,
  mainTimeline,
  pathWords,
  plainOptions,
} from '../../../client/src/features/order-tree.ts';
import type { OrderResult, OrderStep } from '../../../server/src/lsp/protocol.ts';
import { finding, order, place, step, uri } from './order-data.ts';

function allNodes(roots: readonly OrderNode[]): OrderNode[] {
  return roots.flatMap((node) => [node, ...allNodes(node.children)]);
}

function text(roots: readonly OrderNode[], indent = ''): string {
  return roots
    .map((node) => `${indent}${node.label}\n${text(node.children, `${indent}  `)}`)
    .join('');
}

describe('the order tree', () => {
  it('makes a node for each run of a phase, and numbers the steps through', () => {
    const result = order(step('d', 'devm', 3), step('r', 'drmm', 2), step('c', 'devm', 1));
    const [timeline] = buildOrderTree(result)[0]!.children;
    assert.equal(
      text([timeline!]),
      'Unbind\n  devm: released at unbind\n    d(m)\n  drmm: at the last put\n    r(m)\n' +
        '  devm: released at unbind\n    c(m)\n',
    );
    const numbers = allNodes([timeline!]).flatMap((node) =>
      node.type === 'step' ? [node.number] : [],
    );
    assert.deepEqual(numbers, [1, 2, 3]);
  });

  it('has ids that differ, and that stay when steps move in the file', () => {
    const before = allNodes(buildOrderTree(order(step('a', 'devm', 1), step('a', 'devm', 2))));
    const after = allNodes(buildOrderTree(order(step('a', 'devm', 11), step('a', 'devm', 12))));
    const ids = before.map(({ id }) => id);
    assert.equal(new Set(ids).size, ids.length);
    assert.deepEqual(
      after.map(({ id }) => id),
      ids,
    );
  });

  it('gives each node its parent', () => {
    for (const node of allNodes(buildOrderTree(order(step('a', 'devm', 1))))) {
      for (const child of node.children) assert.equal(child.parent, node);
    }
  });

  it('marks a step with its worst finding, in words, and what is above it too', () => {
    const findings = [finding('hint', 'h'), finding('error', 'e')];
    const roots = buildOrderTree(order({ ...step('a', 'drmm', 1), findings }));
    const above = allNodes(roots).filter(({ type }) => /entry|phase|step/.test(type));
    assert.deepEqual([...new Set(above.map(({ severity }) => severity))], ['error']);
    const marked = allNodes(roots).find(({ type }) => type === 'step');
    assert.match(marked!.description, /^error · /);
  });

  it('finds the step of a line: its registration first, then the callback around it', () => {
    const inner = step('inner', 'devm', 5);
    const outer = { ...step('outer', 'devm', 20), callback: place(3, 8) };
    const roots = buildOrderTree(order(outer, inner));
    const find = (line: number): string | undefined =>
      stepAt(roots, (other) => other === uri, line, undefined)?.step.id;
    assert.equal(find(5), 'inner');
    assert.equal(find(4), 'outer');
    assert.equal(find(20), 'outer');
    assert.equal(find(40), undefined);
    assert.equal(
      stepAt(roots, () => false, 5, undefined),
      undefined,
    );
  });

  it('looks first in the timeline that has the worst finding, when the user has chosen none', () => {
    const findings = [finding('error', 'e')];
    const result = order(step('a', 'drmm', 1));
    const [entry] = result.entries;
    const [unbind, unplug] = entry!.timelines;
    const marked = { ...unplug!, steps: unplug!.steps.map((one) => ({ ...one, findings })) };
    const roots = buildOrderTree({
      ...result,
      entries: [{ ...entry!, timelines: [unbind!, marked] }],
    });
    assert.equal(mainTimeline(roots[0]!)?.label, 'Unplug with an open file');
    assert.equal(stepAt(roots, () => true, 1, undefined)?.severity, 'error');
  });

  it('prefers the timeline that the user looks at', () => {
    const roots = buildOrderTree(order(step('a', 'devm', 1)));
    const [first, second] = roots[0]!.children;
    const find = (preferred: string | undefined): string =>
      stepAt(roots, () => true, 1, preferred)!.parent!.parent!.id;
    assert.equal(find(undefined), first!.id);
    assert.equal(find(second!.id), second!.id);
  });

  it('has the failure of probe below the timelines, unasked until somebody looks', () => {
    const [entry] = buildOrderTree(order(step('a', 'devm', 1), step('b', 'devm', 2)));
    const failure = entry!.children.at(-1)!;
    assert.ok(failure.type === 'timeline' && failure.steps === undefined);
    assert.equal(failure.description, 'after step 2 of 2: a(m)');
    const timeline = {
      timeline: 'probe-fail' as const,
      title: '',
      steps: [step('b', 'devm', 2)],
      runs: [],
      runners: [],
    };
    const failures = new Map([[entry!.id, { step: 1, timeline }]]);
    const known = buildOrderTree(order(step('a', 'devm', 1), step('b', 'devm', 2)), {
      ...plainOptions,
      timeline: 'probe-fail',
      failures,
    });
    assert.equal(
      text(known),
      'probe\n  Probe failure\n    devm: released as probe fails\n      b(m)\n',
    );
    assert.equal(known[0]!.children[0]!.description, 'after step 1 of 2: b(m) · 1 step');
    assert.equal(known[0]!.children[0]!.id, failure.id);
  });

  it('tells what a failing probe leaves before what it gives back', () => {
    const left = { kind: 'workqueue', location: place(4), conditional: null };
    const timeline = {
      timeline: 'probe-fail' as const,
      title: '',
      steps: [step('b', 'devm', 2)],
      runs: [],
      runners: [],
      left: [
        { ...left, name: 'alloc_workqueue("x")', count: 1 },
        { ...left, name: 'pwm_get(dev)', count: 11 },
      ],
    };
    const show = (text: string): string => {
      const tree = buildOrderTree(order(step('a', 'devm', 1), step('b', 'devm', 2)), {
        timeline: 'probe-fail',
        filter: { ...noFilter, text },
        failures: new Map([['m/probe', { step: 1, timeline }]]),
      });
      return tree[0]!.children[0]!.children.flatMap(({ label, children }) => [
        label,
        ...children.map((one) => one.label),
      ]).join(', ');
    };
    assert.equal(
      show(''),
      'left behind, as far as was seen, alloc_workqueue("x"), pwm_get(dev), devm: released as probe fails, b(m)',
    );
    assert.equal(show('pwm'), 'left behind, as far as was seen, pwm_get(dev)');
  });

  it('shows one timeline only when that was chosen', () => {
    const roots = buildOrderTree(order(step('a', 'devm', 1)), {
      ...plainOptions,
      timeline: 'unplug-open',
    });
    assert.deepEqual(
      roots[0]!.children.map(({ label }) => label),
      ['Unplug with an open file'],
    );
  });

  it('keeps a devres group apart from what stands around it', () => {
    const grouped = { ...step('g', 'devm', 2), group: 'vc4_hdmi_bind' };
    const roots = buildOrderTree(order(step('a', 'devm', 3), grouped, step('b', 'devm', 1)));
    assert.deepEqual(
      roots[0]!.children[0]!.children.map(({ label }) => label),
      ['devm: released at unbind', 'devres group of vc4_hdmi_bind', 'devm: released at unbind'],
    );
  });

  it('lists the findings below their step, and the evidence below them', () => {
    const findings = [finding('error', 'late')];
    const roots = buildOrderTree(order({ ...step('a', 'drmm', 1), findings }));
    const [row] = allNodes(roots).filter(({ type }) => type === 'finding');
    assert.equal(row!.label, 'late');
    assert.equal(row!.description, 'error · some-rule');
    assert.deepEqual(
      row!.children.map(({ label, description }) => `${label} ${description}`),
      ['registered here a.c:8'],
    );
  });

  describe('with a filter', () => {
    const steps = [
      { ...step('alpha', 'devm', 3), scope: 'bound' as const },
      { ...step('beta', 'drmm', 2), scope: 'drm' as const, findings: [finding('error', 'late')] },
      { ...step('gamma', 'devm', 1), scope: 'bound' as const },
    ];
    const shown = (filter: Partial<OrderFilter>): string[] => {
      const options = { ...plainOptions, filter: { ...noFilter, ...filter } };
      const [timeline] = buildOrderTree(order(...steps), options)[0]?.children ?? [];
      return timeline === undefined ? [] : allNodes([timeline]).flatMap(numbered);
    };
    const numbered = (node: OrderNode): string[] =>
      node.type === 'step' ? [`${node.number} ${node.step.action}`] : [];

    it('keeps the numbers of the whole timeline', () => {
      assert.deepEqual(shown({ scope: 'bound' }), ['1 alpha', '3 gamma']);
      assert.deepEqual(shown({ scope: 'drm' }), ['2 beta']);
      assert.deepEqual(shown({ findingsOnly: true }), ['2 beta']);
      assert.deepEqual(shown({ text: 'LATE a.c' }), ['2 beta']);
      assert.deepEqual(shown({ text: 'gamma', findingsOnly: true }), []);
    });

    it('says how many are left', () => {
      const options = { ...plainOptions, filter: { ...noFilter, scope: 'bound' as const } };
      const [timeline] = buildOrderTree(order(...steps), options)[0]!.children;
      assert.equal(timeline!.description, '2 of 3 steps · 1 finding');
    });

    it('does not find what it hides', () => {
      const options = { ...plainOptions, filter: { ...noFilter, text: 'beta' } };
      const roots = buildOrderTree(order(...steps), options);
      const find = (line: number): string | undefined =>
        stepAt(roots, (other) => other === uri, line, undefined)?.step.action;
      assert.equal(find(2), 'beta');
      assert.equal(find(3), undefined);
    });
  });

  it('names a failure of probe by the call that fails', () => {
    const acquired = [
      { id: 'a', name: 'a(m)', fails: 'xe_gt_init', path: ['xe_device_probe'] },
      { id: 'b', name: 'b(m)', fails: null, path: [] },
    ];
    assert.deepEqual(pathWords(acquired, 1), ['xe_device_probe']);
    assert.deepEqual(pathWords(acquired, 2), []);
    assert.equal(failureWords(acquired, 1), 'xe_gt_init() fails, after step 1 of 2: a(m)');
    assert.equal(failureWords(acquired, 2), 'after step 2 of 2: b(m)');
  });

  describe('with what the server says of rows, hazards and runners', () => {
    const late = finding('error', 'late');
    const result = (): OrderResult => {
      const plain = order(
        { ...step('a', 'devm', 1), marks: [mark('ends', 5)] },
        step('b', 'devm', 2),
        step('c', 'devm', 3),
        step('d', 'devm', 4),
        { ...step('e', 'devm', 5), findings: [late], marks: [mark('uses', 1)] },
      );
      const [entry] = plain.entries;
      const runs = [{ from: 2, count: 3, name: '3 managed BOs', things: 'x, memory `y`, z' }];
      const runners = [
        { ...runner, id: 'w', name: 'foo_work', until: 2, marks: [] },
        { ...runner, id: 'i', name: 'foo_irq', until: null, marks: [mark('uses', 1)] },
      ];
      const timelines = entry!.timelines.map((one) => ({ ...one, runs, runners }));
      return { ...plain, entries: [{ ...entry!, timelines }] };
    };
    const runner = { kind: 'interrupt' as const, what: 'interrupt handler', location: place(30) };
    const mark = (kind: 'ends' | 'uses', other: number): OrderStep['marks'][number] => ({
      kind,
      text: `${kind} ${other}`,
      other,
      location: place(40),
      finding: late,
    });

    it('folds equal steps into one row, that keeps their numbers', () => {
      const [timeline] = buildOrderTree(result())[0]!.children;
      const [, phase] = timeline!.children;
      assert.deepEqual(
        phase!.children.map(({ label }) => label),
        ['a(m)', '2–4. 3 managed BOs', 'e(m)'],
      );
      assert.deepEqual(
        phase!.children[1]!.children.map((node) => node.type === 'step' && node.number),
        [2, 3, 4],
      );
      assert.equal(phase!.children[1]!.description, 'x, memory y, z');
    });

    it('opens a folded row where something is looked for', () => {
      const options = { ...plainOptions, filter: { ...noFilter, text: 'c(m)' } };
      const [timeline] = buildOrderTree(result(), options)[0]!.children;
      assert.deepEqual(
        timeline!.children[0]!.children.map(({ label }) => label),
        ['c(m)'],
      );
    });

    it('marks a hazard at both ends, and tells it once at each', () => {
      const [timeline] = buildOrderTree(result())[0]!.children;
      const [end, , use] = timeline!.children[1]!.children;
      assert.match(end!.description, /^error · used later: 5/);
      assert.match(use!.description, /^error · uses what ended: 1/);
      assert.deepEqual(
        end!.children.map(({ label }) => label),
        ['ends 5', 'late'],
      );
      assert.deepEqual(
        use!.children.map(({ label }) => label),
        ['uses 1', 'late'],
      );
      assert.equal(end!.severity, 'error');
    });

    it('has what runs by itself above the steps when it is in danger, that first', () => {
      const [timeline] = buildOrderTree(result())[0]!.children;
      const [runners] = timeline!.children as [OrderNode, ...OrderNode[]];
      assert.equal(runners.type, 'runners');
      assert.deepEqual(
        runners.children.map(({ label, description }) => `${label}: ${description}`),
        [
          'foo_irq: interrupt handler · nothing was seen that ends it',
          'foo_work: interrupt handler · until step 2: b(m)',
        ],
      );
      assert.equal(runners.severity, 'error');
    });

    it('says of many that run by themselves when they are over', () => {
      const many = result();
      const [unbind] = many.entries[0]!.timelines;
      const runners = [1, 2, null, null, 2].map((until, index) => ({
        ...unbind!.runners[1]!,
        id: `r${index}`,
        name: `work_${index}`,
        marks: [],
        until,
      }));
      const entry = { ...many.entries[0]!, timelines: [{ ...unbind!, runners }] };
      const [timeline] = buildOrderTree({ ...many, entries: [entry] })[0]!.children;
      const group = timeline!.children.find(({ type }) => type === 'runners')!;
      assert.deepEqual(
        group.children.map(({ label, description }) => `${label}: ${description}`),
        [
          '3 after remove(), until devm releases: work_0, work_1, work_4',
          '2 that nothing was seen to end: work_2, work_3',
        ],
      );
    });

    it('finds the rows around a step, and a folded one as its row', () => {
      const roots = buildOrderTree(result());
      const use = allNodes(roots).find((node) => node.type === 'step' && node.number === 5)!;
      const { before, after } = rowsAround(roots, use, 2);
      assert.equal(before?.label, '2–4. 3 managed BOs');
      assert.equal(after?.label, 'e(m)');
    });
  });

  it('makes only what is looked at', () => {
    const steps = Array.from({ length: 500 }, (_, index) => step(`s${index}`, 'devm', index));
    let looked = 0;
    const counted = steps.map((one) =>
      Object.defineProperty({ ...one }, 'via', { get: () => looked++ }),
    );
    buildOrderTree(order(...counted));
    assert.equal(looked, 0);
  });
});
