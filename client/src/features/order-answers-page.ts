/** The page of an answer: its sentence first, then what it counts, in as many columns as there is room for. */
import { say } from '#say';
import type { OrderLocation } from '../../../server/src/lsp/protocol.ts';
import type { Answer, AnswerItem, AnswerName, AnswerPart } from './order-answers.ts';
import { severityWord } from './order-words.ts';
import { documentOf, escapeHtml, type Page, place, prose } from './page-html.ts';

/** @param nonce lets its one script run */
export function answerPage(answer: Answer, nonce: string): Page {
  const places: OrderLocation[] = [];
  const parts = answer.parts.map((part) => partHtml(part, places)).join('\n');
  const notes = answer.notes.map((note) => `<p class="muted">${prose(note)}</p>`).join('\n');
  const body = `<header><h1>${escapeHtml(answer.question)}</h1> <span class="muted">${escapeHtml(answer.where)}</span> <button data-ask="">${say('Ask Something Else …')}</button></header>
<p class="answer">${escapeHtml(answer.answer)}</p>
<main>${parts}</main>
${notes}`;
  const html = documentOf({ title: answer.question, language: say('en'), nonce }, style, body);
  return { html, places };
}

/** While the server is asked. */
export function waitingPage(question: string, text: string, nonce: string): Page {
  const body = `<header><h1>${escapeHtml(question)}</h1></header>
<p class="muted" role="status">${escapeHtml(text)}</p>`;
  return {
    html: documentOf({ title: question, language: say('en'), nonce }, style, body),
    places: [],
  };
}

function partHtml({ title, look, items }: AnswerPart, places: OrderLocation[]): string {
  const list = `<ul>${items.map((item) => itemHtml(item, places)).join('')}</ul>`;
  if (look === 'closed') return `<details><summary>${escapeHtml(title)}</summary>${list}</details>`;
  const head = title === '' ? '' : `<h2>${escapeHtml(title)}</h2>`;
  return `<section class="${look}">${head}${list}</section>`;
}

function itemHtml(
  { number, names, note, more, severity }: AnswerItem,
  places: OrderLocation[],
): string {
  const sign =
    severity === undefined
      ? ''
      : `<b class="sign ${severity}" title="${escapeHtml(severityWord(severity))}" aria-label="${escapeHtml(severityWord(severity))}">${signs[severity]}</b>`;
  const lines = more.map((line) => `<div class="more">${prose(line)}</div>`).join('');
  const count = number === '' ? '' : `<span class="number">${escapeHtml(number)}</span> `;
  const all = names.map((one) => nameHtml(one, places)).join(', ');
  const beside =
    note === ''
      ? ''
      : ` <span class="muted" title="${escapeHtml(note)}">${escapeHtml(note)}</span>`;
  return `<li>${count}${sign}${all}${beside}${lines}</li>`;
}

function nameHtml({ text, what, location }: AnswerName, places: OrderLocation[]): string {
  // A long name breaks where a reader would break it.
  const code = escapeHtml(text).replace(/-&gt;|[(._]/g, (sign) =>
    sign === '-&gt;' ? '<span class="arrow">-&gt;</span><wbr>' : `${sign}<wbr>`,
  );
  const more = what === undefined ? '' : `<span class="muted">${escapeHtml(what)}</span> `;
  const link = `<a class="link" href="#" data-place="${place(location, places)}"><code>${code}</code></a>`;
  return what?.startsWith('.') ? `${link} ${more.trimEnd()}` : `${more}${link}`;
}

const signs = { error: '✖ ', warning: '▲ ', info: 'i ', hint: '◦ ' } as const;

const style = `
header { display: flex; flex-wrap: wrap; gap: 4px 12px; align-items: baseline; }
header h1 { margin: 4px 0; }
header button { margin-left: auto; }
h2, summary { margin: 6px 0 1px; font-size: 12px; font-weight: 600; }
summary { cursor: pointer; }
.answer { margin: 4px 0 6px; padding: 6px 10px; font-size: 14px; font-weight: 600; border-left: 4px solid var(--vscode-focusBorder); background: var(--vscode-textBlockQuote-background, transparent); overflow-wrap: anywhere; }
ul { columns: 220px; column-gap: 14px; }
.main ul, .wide ul { columns: 440px; }
li { padding: 0 0 1px 2.9em; text-indent: -2.9em; line-height: 1.25; font-size: 12px; break-inside: avoid; overflow-wrap: anywhere; }
li .more { text-indent: 0; }
li:not(:has(.number)) { padding-left: 1em; text-indent: -1em; }
.number { display: inline-block; min-width: 3.1em; text-indent: 0; color: var(--vscode-descriptionForeground); font-size: 11px; font-variant-numeric: tabular-nums; }
.arrow { white-space: nowrap; }
code { font-size: 11.5px; }
li .muted { font-size: 11px; }
.plain li .muted, details li .muted { display: inline-block; max-width: 100%; overflow: hidden; white-space: nowrap; text-overflow: ellipsis; text-indent: 0; vertical-align: bottom; }
section.main ul:has(> li:only-child) { columns: 1; }
section.main { margin: 6px 0; padding: 2px 10px 6px; border: 1px solid var(--vscode-focusBorder); border-radius: 4px; }
.main li { font-size: 13px; padding-top: 2px; }
.main li .muted { font-size: 12px; }
p.muted { margin: 6px 0 0; }
`;
