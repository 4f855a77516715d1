import assert from 'node:assert/strict';
import { whatIfPage } from '../../../client/src/features/what-if-page.ts';
import type { WhatIfResult } from '../../../server/src/lsp/protocol.ts';
import { order, place } from './order-data.ts';

const found = (message: string): WhatIfResult['removes'][number] => ({
  severity: 'error',
  rule: 'some-rule',
  message,
  location: place(6),
});

const result: WhatIfResult = {
  title: 'Convert to devm',
  removes: [found('`x` ends <late>')],
  creates: [],
  before: order(),
  after: order(),
  notice: null,
  changes: [
    {
      entry: 'probe',
      timeline: 'unbind',
      title: 'Unbind',
      rows: [
        { kind: 'same', count: 12 },
        {
          kind: 'moved',
          name: 'foo->bo',
          by: 'foo_bo_fini',
          phase: 'devm',
          before: 46,
          after: 13,
          location: place(2),
        },
      ],
    },
  ],
};

describe('the page of what if', () => {
  it('has a column for each fix, and each place leads somewhere', () => {
    const { html, places } = whatIfPage(
      'm',
      [
        { fix: 'to-devm', title: 'Convert to devm', result },
        { fix: 'other', title: 'Another', result: undefined },
        { fix: 'gone', title: 'A third', result: null },
      ],
      'abc',
    );
    assert.equal(html.match(/<section>/g)?.length, 3);
    assert.match(html, /Removes 1 finding/);
    assert.match(html, /<code>x<\/code> ends &lt;late&gt;/);
    assert.match(html, /Creates 0 findings/);
    assert.match(html, /class="answer ">Breaks nothing that was seen; removes 1, moves 1 step</);
    assert.match(html, /12 steps as before/);
    assert.match(html, /moved 46 → 13/);
    assert.match(html, /Being tried/);
    assert.match(html, /does not fit the code any more/);
    assert.match(html, /class="all">1 of 3 fixes are tried so far/);
    assert.deepEqual(
      [...html.matchAll(/data-place="(\d+)"/g)].map(([, at]) => places[Number(at)]),
      [place(2), place(6)],
    );
  });

  it('lists the worst first', () => {
    const hint = { ...found('small'), severity: 'hint' as const };
    const both = { ...result, creates: [hint, found('great')] };
    const { html } = whatIfPage('m', [{ fix: 'a', title: 'A', result: both }], 'abc');
    assert.ok(html.indexOf('great') < html.indexOf('small'));
    assert.match(
      html,
      /class="answer warning">Breaks: creates 2 findings, removes 1, moves 1 step</,
    );
    assert.match(html, /No fix is without new findings/);
  });

  it('says when nothing moves, and what is to be known first', () => {
    const quiet = { ...result, changes: [], notice: 'Read `foo` first' };
    const { html } = whatIfPage('m', [{ fix: 'a', title: 'A', result: quiet }], 'abc');
    assert.match(html, /The order stays as it is/);
    assert.match(html, /class="all">Nothing that was seen breaks with “A” \(1 of 1 fixes\)\./);
    assert.match(html, /class="notice">Read <code>foo<\/code> first/);
  });
});
