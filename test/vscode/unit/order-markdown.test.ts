import assert from 'node:assert/strict';
import {
  escapeMarkdown,
  inlineCode,
  nodesAsMarkdown,
  stepTooltip,
  viewAsMarkdown,
} from '../../../client/src/features/order-markdown.ts';
import { buildOrderTree } from '../../../client/src/features/order-tree.ts';
import { spokenStep, stepDetails } from '../../../client/src/features/order-words.ts';
import { finding, order, step } from './order-data.ts';

const full = {
  ...step('fini', 'drmm', 41),
  scope: 'drm' as const,
  releases: 'm->bo',
  conditional: 'if (IS_DGFX(xe))',
  repeats: 'for_each_gt(gt, xe, id)',
  group: 'hdmi',
  findings: [finding('error', 'puts `bo` too late')],
};

describe('the order in words', () => {
  it('says beside a step what matters most first', () => {
    assert.equal(
      stepDetails(full).join(' · '),
      'error · m->bo · if (IS_DGFX(xe)) · loop: for_each_gt(gt, xe, id) · drmm · a.c:42 · group hdmi',
    );
    assert.deepEqual(stepDetails(step('a', 'devm', 0)), ['a.c:1']);
    assert.deepEqual(stepDetails({ ...step('a', 'devm', 0), kind: 'irq' }), ['irq', 'a.c:1']);
  });

  it('says to a screen reader what icons and colours say to others', () => {
    assert.equal(
      spokenStep(full, 3, 9),
      'step 3 of 9, fini(m), error: puts bo too late, releases m->bo, drmm, ' +
        'registered in a.c line 42, only if (IS_DGFX(xe)), repeated in for_each_gt(gt, xe, id), ' +
        'in the devres group of hdmi',
    );
  });
});

describe('the order as Markdown', () => {
  const roots = buildOrderTree(order(full, step('stop', 'devm', 3)));

  it('is a heading per entry and timeline, and a numbered line per step', () => {
    const copied = viewAsMarkdown('my_drv', roots, ['Filter: devm only']);
    assert.ok(
      copied.startsWith('# Teardown order of my\\_drv\n\nFilter: devm only\n\n## `probe` ('),
    );
    assert.ok(
      copied.includes(
        [
          '### Unbind (2 steps · 1 finding)',
          '',
          '**devres group of hdmi**',
          '',
          '1. `fini(m)`: drmm, releases m\\-\\>bo, only `if (IS_DGFX(xe))`, in `for_each_gt(gt, xe, id)`, devres group hdmi, a.c:42',
          '   - **error** `some-rule`: puts `bo` too late',
          '     - registered here (a.c:8)',
          '',
          '**devm: released at unbind**',
          '',
          '2. `stop(m)`: a.c:4',
        ].join('\n'),
      ),
      copied,
    );
    assert.ok(!copied.includes('Probe failure'), 'nobody has asked for it');
  });

  it('copies one row as well as many', () => {
    const [phase] = roots[0]!.children[0]!.children;
    assert.match(nodesAsMarkdown(phase!.children), /^1\. `fini\(m\)`: [^]*\n$/);
  });

  it('gives a tooltip links to the source and the evidence', () => {
    const [phase] = roots[0]!.children[0]!.children;
    const [node] = phase!.children;
    assert.ok(node?.type === 'step');
    const tooltip = stepTooltip(node);
    assert.match(tooltip, /Registered: \[a\\\.c:42\]\(file:\/\/\/m\/a\.c#42\)/);
    assert.match(tooltip, /Reached by: `probe`/);
    assert.match(tooltip, /\*\*error\*\* some\\-rule: puts/);
    assert.match(tooltip, /1\. registered here — \[a\\\.c:8\]/);
  });

  it('takes text as text', () => {
    assert.equal(escapeMarkdown('a *b* [c](d) <e>'), 'a \\*b\\* \\[c\\]\\(d\\) \\<e\\>');
    assert.equal(inlineCode('a `b` c'), '`` a `b` c ``');
    assert.equal(inlineCode('a\n\t b'), '`a b`');
  });
});
