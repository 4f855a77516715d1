import assert from 'node:assert/strict';
import { logNode, logSummary } from '../../../client/src/features/order-log-tree.ts';
import type { ComparedLog, LogState } from '../../../server/src/lsp/protocol.ts';
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
});
