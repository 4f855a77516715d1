import assert from 'node:assert/strict';
import { logNode, logSummary } from '../../../client/src/features/order-log-tree.ts';
import { nodesAsMarkdown } from '../../../client/src/features/order-markdown.ts';
import { stressNode } from '../../../client/src/features/order-stress-tree.ts';
import type { ComparedLog, ComparedStress, LogState } from '../../../server/src/lsp/protocol.ts';
import { place } from './order-data.ts';

function compared(...states: readonly LogState[]): ComparedLog {
  const counts: Record<LogState, number> = {
    'in-order': 0,
    'out-of-order': 0,
    'never-ran': 0,
    'not-taken': 0,
    unpredicted: 0,
    'not-logged': 0,
    'not-reached': 0,
    'not-registered': 0,
  };
  for (const state of states) counts[state]++;
  return {
    module: 'm',
    entry: 'probe',
    timeline: 'unbind',
    title: 'unbind',
    device: '0000:00:02.0',
    lines: { first: 3, last: 9 },
    counts,
    notes: [],
    troubles: [],
    steps: states.map((state, i) => ({
      state,
      name: `s${i}`,
      phase: 'devm',
      line: i + 3,
      location: place(i),
    })),
  };
}

describe('a kernel log beside the order', () => {
  it('folds what ran as predicted, and leaves what differs alone', () => {
    const log = compared('in-order', 'in-order', 'in-order', 'out-of-order', 'never-ran');
    const node = logNode(log);
    assert.equal(node.label, 'Kernel log: probe, unbind');
    assert.equal(logSummary(log), '3 ran as predicted, 1 ran out of order, 1 never ran');
    assert.deepEqual(
      node.children.map(({ label, severity }) => `${label} ${severity ?? ''}`.trim()),
      ['3 ran as predicted', 's3 error', 's4 warning'],
    );
    assert.equal(node.children[0]!.children.length, 3);
    assert.equal(node.severity, 'error');
  });

  it('is quiet when all of it fits', () => {
    const node = logNode(compared('in-order', 'in-order'));
    assert.equal(node.severity, undefined);
    assert.deepEqual(
      node.children.map(({ label }) => label),
      ['s0', 's1'],
    );
  });

  it('puts what the kernel found wrong below its step, with its stack', () => {
    const trouble = { text: 'BUG: KASAN', line: 7, step: 1, stack: ['fini', 'release'] };
    const log = {
      ...compared('in-order', 'in-order', 'in-order', 'in-order'),
      troubles: [trouble],
    };
    const node = logNode(log);
    assert.deepEqual(
      node.children.map(({ label }) => label),
      ['s0', 's1', 'BUG: KASAN', 's2', 's3'],
    );
    assert.equal(node.severity, 'error');
    assert.match(node.description, /1 told wrong by the kernel/);
    assert.deepEqual(
      node.children[2]?.children.map(({ label }) => label),
      ['fini', 'release'],
    );
  });

  it('shows of a stress log the hazards, what nothing predicted, and the scenarios', () => {
    const trouble = { text: 'DT: left interrupt 24 qxl', line: 5, step: null, stack: [] };
    const hazard = {
      state: 'seen',
      fingerprint: 'f',
      rule: 'never-given-back',
      severity: 'error',
      message: 'nothing undoes request_irq()',
      location: place(1),
      scenarios: ['unbind'],
      troubles: [trouble],
    } as const;
    const stress: ComparedStress = {
      module: 'm',
      hazards: [hazard, { ...hazard, state: 'not-tried', scenarios: [], troubles: [] }],
      unpredicted: [{ trouble: { ...trouble, text: 'WARNING: x' }, scenario: 'unbind', times: 2 }],
      scenarios: [
        {
          name: 'unbind',
          state: 'done',
          problem: null,
          comparison: compared('in-order'),
          troubles: [trouble],
        },
        {
          name: 'job-unbind',
          state: 'left-out',
          problem: 'no job',
          comparison: null,
          troubles: [],
        },
      ],
    };
    const node = stressNode(stress);
    assert.match(
      node.description,
      /^1 of 2 predicted hazards seen, 0 not shown, 1 not tried; 1 told/,
    );
    assert.deepEqual(
      node.children.map(({ label, severity }) => `${label} ${severity ?? ''}`.trim()),
      [
        'nothing undoes request_irq() error',
        'nothing undoes request_irq()',
        'WARNING: x error',
        'unbind error',
        'job-unbind',
      ],
    );
    const text = nodesAsMarkdown([node]);
    assert.match(text, /nothing undoes request\\_irq/);
    assert.match(text, /^ {2}- DT: left interrupt 24 qxl/m);
  });
});
