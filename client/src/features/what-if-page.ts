/**
 * The page that answers “what if”: for each fix of a finding a column with what it removes, what it creates and
 * what it moves, side by side. Plain text to HTML, without VS Code, so that it can be tested alone.
 */
import { say } from '#say';
import type {
  OrderChange,
  OrderChangeRow,
  OrderLocation,
  WhatIfFinding,
  WhatIfResult,
} from '../../../server/src/lsp/protocol.ts';
import {
  findings as countOfFindings,
  fileAndLine,
  severityWord,
  steps,
  timelineTitle,
  withoutMarks,
} from './order-words.ts';
import { documentOf, escapeHtml, type Page, place, prose } from './page-html.ts';

/** One fix; without a result it is still being tried, or does not fit any more. */
export interface Column {
  /** The fix's id. */
  readonly fix: string;
  readonly title: string;
  readonly result: WhatIfResult | null | undefined;
}

/**
 * The page.
 * @param nonce lets its one script run
 */
export function whatIfPage(module: string, columns: readonly Column[], nonce: string): Page {
  const places: OrderLocation[] = [];
  const parts = columns.map((column) => columnHtml(column, places));
  const body = `<h1>${escapeHtml(say('What does each fix break in {0}?', module))}</h1>
<p class="all">${escapeHtml(summaryOf(columns))}</p>
<main>${parts.join('\n')}</main>`;
  const html = documentOf({ title: say('What If'), language: say('en'), nonce }, style, body);
  return { html, places };
}

function columnHtml({ fix, title, result }: Column, places: OrderLocation[]): string {
  const head = `<h2>${prose(title)}</h2>`;
  if (result === undefined)
    return `<section>${head}<p class="muted">${say('Being tried …')}</p></section>`;
  if (result === null)
    return `<section>${head}<p class="muted">${say('The fix does not fit the code any more.')}</p></section>`;
  const { removes, creates, changes, notice } = result;
  const buttons = `<p class="buttons"><button data-preview="${escapeHtml(fix)}">${say('Preview the Edits')}</button> <button data-diff="${escapeHtml(fix)}">${say('Whole Orders Side by Side')}</button></p>`;
  return `<section>${head}
<p class="answer ${creates.length === 0 ? '' : 'warning'}">${escapeHtml(answerOf(result))}</p>
${findingsHtml(say('Creates {0}', countOfFindings(creates.length)), creates, places)}
<h3>${say('Moves')}</h3>
${changes.length === 0 ? `<p class="muted">${say('The order stays as it is.')}</p>` : changes.map((one) => changeHtml(one, places)).join('\n')}
${notice === null ? '' : `<p class="notice">${prose(notice)}</p>`}
${buttons}
${findingsHtml(say('Removes {0}', countOfFindings(removes.length)), removes, places)}
</section>`;
}

/** Of all fixes in one line. */
function summaryOf(columns: readonly Column[]): string {
  const tried = columns.filter(({ result }) => result);
  if (columns.some(({ result }) => result === undefined))
    return say('{0} of {1} fixes are tried so far.', tried.length, columns.length);
  const good = tried.filter(({ result }) => result?.creates.length === 0);
  if (good.length === 0) return say('No fix is without new findings: see what each creates.');
  const titles = good.map(({ title }) => `“${withoutMarks(title)}”`).join(', ');
  return say(
    'Nothing that was seen breaks with {2} ({0} of {1} fixes).',
    good.length,
    tried.length,
    titles,
  );
}

/** The answer in one line: columns are compared by it before anybody reads on. */
function answerOf({ removes, creates, changes }: WhatIfResult): string {
  const moved = new Set(
    changes.flatMap(({ rows }) =>
      rows.flatMap((row) =>
        row.kind === 'same'
          ? []
          : [`${row.name} ${row.location.uri}:${row.location.range.start.line}`],
      ),
    ),
  );
  return creates.length === 0
    ? say('Breaks nothing that was seen; removes {0}, moves {1}', removes.length, steps(moved.size))
    : say(
        'Breaks: creates {0}, removes {1}, moves {2}',
        countOfFindings(creates.length),
        removes.length,
        steps(moved.size),
      );
}

function findingsHtml(
  title: string,
  findings: readonly WhatIfFinding[],
  places: OrderLocation[],
): string {
  const head = `<h3>${escapeHtml(title)}</h3>`;
  // The worst first: it decides.
  const sorted = severities.flatMap((one) => findings.filter(({ severity }) => severity === one));
  const items = sorted.map(
    ({ severity, rule, message, location }) =>
      `<li><button class="link" data-place="${place(location, places)}"><b class="${severity}">${severityWord(severity)}</b> ${prose(message)}</button> <span class="muted">${escapeHtml(rule)} · ${escapeHtml(fileAndLine(location))}</span></li>`,
  );
  return items.length === 0 ? head : `${head}<ul>${items.join('')}</ul>`;
}

const severities = ['error', 'warning', 'info', 'hint'] as const;

function changeHtml({ entry, timeline, rows }: OrderChange, places: OrderLocation[]): string {
  const items = rows.map((row) => `<li>${rowHtml(row, places)}</li>`).join('');
  return `<h4>${escapeHtml(entry)}: ${escapeHtml(timelineTitle(timeline))}</h4><ul class="order">${items}</ul>`;
}

function kindWord(kind: 'gone' | 'new' | 'moved'): string {
  return kind === 'gone' ? say('gone') : kind === 'new' ? say('new') : say('moved');
}

function rowHtml(row: OrderChangeRow, places: OrderLocation[]): string {
  if (row.kind === 'same')
    return `<span class="muted">${say('{0} as before', steps(row.count))}</span>`;
  const { kind, name, by, phase, before, after, location } = row;
  const from = before === null ? '' : `${before}`;
  const to = after === null ? '' : `${after}`;
  const numbers = kind === 'moved' ? `${from} → ${to}` : `${from}${to}`;
  const more = [by === null ? '' : say('by {0}', by), phase, fileAndLine(location)]
    .filter((text) => text !== '')
    .join(' · ');
  return `<b class="${kind}">${kindWord(kind)} ${numbers}</b> <button class="link" data-place="${place(location, places)}"><code>${escapeHtml(withoutMarks(name))}</code></button> <span class="muted">${escapeHtml(more)}</span>`;
}

const style = `
h2 { margin: 0 0 6px; font-size: 14px; font-weight: 600; }
h3 { margin: 10px 0 2px; font-size: 13px; font-weight: 600; }
h4 { margin: 8px 0 2px; font-size: 12px; font-weight: 600; }
main { display: grid; grid-template-columns: repeat(auto-fit, minmax(220px, 1fr)); gap: 12px; align-items: start; }
section { padding: 10px 12px; border: 1px solid var(--vscode-contrastBorder, var(--vscode-panel-border, #8884)); border-radius: 4px; overflow-wrap: anywhere; }
li { padding: 2px 0; }
.all { margin: 4px 0 8px; padding: 6px 10px; font-size: 14px; font-weight: 600; border-left: 4px solid var(--vscode-focusBorder); background: var(--vscode-textBlockQuote-background, transparent); }
.answer { margin: 0 0 6px; font-weight: 600; }
.notice { margin: 0 0 6px; padding: 4px 8px; border-left: 3px solid var(--vscode-editorWarning-foreground, #bf8803); }
.buttons { margin: 4px 0; }
.new { color: var(--vscode-charts-green, inherit); }
`;
