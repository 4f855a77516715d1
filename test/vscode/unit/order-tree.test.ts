import assert from 'node:assert/strict';
import {
  buildOrderTree,
  mainTimeline,
  type OrderNode,
  stepAt,
} from '../../../client/src/features/order-tree.ts';
import type { OrderResult, OrderStep } from '../../../server/src/lsp/protocol.ts';

const uri = 'file:///m/a.c';

function place(line: number, lastLine = line): OrderStep['registered'] {
  return { uri, range: { start: { line, character: 1 }, end: { line: lastLine, character: 9 } } };
}

function step(id: string, phase: OrderStep['phase'], line: number): OrderStep {
  return {
    id,
    phase,
    action: id,
    argument: 'm',
    kind: 'action',
    scope: null,
    registered: place(line),
    function: 'init',
    via: ['probe'],
    callback: null,
    conditional: null,
    repeats: null,
    findings: [],
  };
}

function order(...steps: readonly OrderStep[]): OrderResult {
  const timelines = [
    { timeline: 'unbind' as const, title: 'Unbind', steps },
    { timeline: 'unplug-open' as const, title: 'Unplug', steps },
  ];
  const entry = { id: 'e', entry: 'probe', table: 'pci_driver', location: place(90), timelines };
  return { module: 'm', entries: [entry], note: null };
}

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
      'Unbind\n  devm: while unbinding\n    d(m)\n  drmm: at the last put\n    r(m)\n' +
        '  devm: while unbinding\n    c(m)\n',
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
    const findings = [
      { severity: 'hint' as const, message: 'h' },
      { severity: 'error' as const, message: 'e' },
    ];
    const roots = buildOrderTree(order({ ...step('a', 'drmm', 1), findings }));
    assert.deepEqual([...new Set(allNodes(roots).map(({ severity }) => severity))], ['error']);
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
    const findings = [{ severity: 'error' as const, message: 'e' }];
    const result = order(step('a', 'drmm', 1));
    const [entry] = result.entries;
    const [unbind, unplug] = entry!.timelines;
    const marked = { ...unplug!, steps: unplug!.steps.map((one) => ({ ...one, findings })) };
    const roots = buildOrderTree({
      ...result,
      entries: [{ ...entry!, timelines: [unbind!, marked] }],
    });
    assert.equal(mainTimeline(roots[0]!)?.label, 'Unplug');
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
});
