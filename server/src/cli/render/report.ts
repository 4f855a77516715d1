/**
 * `check --report FILE.md|FILE.html`: the worklist of a subsystem. What is found is counted by driver and
 * by rule, and listed under each driver.
 */

import { printable, quotedName } from '../../core/mail/quote.ts';
import { push } from '../../core/push.ts';
import type { Finding, Severity } from '../../core/result.ts';
import { rules } from '../../core/rules/index.ts';
import type { Gathered } from '../gather.ts';
import type { Wanted } from '../inputs.ts';
import { inlineCode, prose } from './markdown.ts';
import { summary } from './text.ts';

interface Driver {
  readonly name: string;
  readonly findings: readonly Finding[];
}

const severities: readonly Severity[] = ['error', 'warning', 'info', 'hint'];

function folderOf(file: string): string {
  return file.includes('/') ? file.slice(0, file.lastIndexOf('/')) : '.';
}

/** Findings under the folder of the module that lists their file; those with the most errors first. */
function driversOf(findings: readonly Finding[], wanted: readonly Wanted[]): readonly Driver[] {
  const owner = new Map(
    wanted.flatMap(({ module }) => module.sources.map((file) => [file, module.folder] as const)),
  );
  const byName = new Map<string, Finding[]>();
  for (const finding of findings) {
    const name = (owner.get(finding.place.file) ?? folderOf(finding.place.file)) || '.';
    push(byName, name, finding);
  }
  const drivers = [...byName].map(([name, list]): Driver => ({ name, findings: list }));
  const weight = ({ findings: list }: Driver): readonly number[] =>
    severities.map((severity) => of(list, severity).length);
  return drivers.sort((a, b) => {
    const [x, y] = [weight(a), weight(b)];
    const at = x.findIndex((n, i) => n !== y[i]);
    return at < 0 ? (a.name < b.name ? -1 : 1) : (y[at] ?? 0) - (x[at] ?? 0);
  });
}

function of(findings: readonly Finding[], severity: Severity): readonly Finding[] {
  return findings.filter((finding) => finding.severity === severity);
}

type Row = readonly string[];

/** What both forms show. */
interface Shown {
  readonly title: string;
  readonly about: string;
  readonly tables: readonly {
    readonly title: string;
    readonly head: Row;
    readonly rows: readonly Row[];
  }[];
  readonly drivers: readonly { readonly name: string; readonly items: readonly Row[] }[];
}

function shownOf(result: Gathered, wanted: readonly Wanted[]): Shown {
  const drivers = driversOf(result.findings, wanted);
  const counts = (findings: readonly Finding[]): Row =>
    severities.map((severity) => String(of(findings, severity).length || ''));
  const byRule = rules
    .map((rule) => ({ rule, findings: result.findings.filter((one) => one.rule === rule.id) }))
    .filter(({ findings }) => findings.length > 0);
  return {
    title: 'Releases in the wrong scope or order',
    about: summary(result),
    tables: [
      {
        title: 'By driver',
        head: ['driver', ...severities, 'all'],
        rows: drivers.map(({ name, findings }) => [
          quotedName(name),
          ...counts(findings),
          String(findings.length),
        ]),
      },
      {
        title: 'By rule',
        head: ['rule', 'findings', 'drivers', 'what it finds'],
        rows: byRule.map(({ rule, findings }) => [
          rule.id,
          String(findings.length),
          String(driversOf(findings, wanted).length),
          rule.summary,
        ]),
      },
    ],
    drivers: drivers.map(({ name, findings }) => ({
      name: quotedName(name),
      items: findings.map(({ place, severity, rule, message }) => [
        `${quotedName(place.file)}:${place.from.line + 1}`,
        severity,
        rule,
        printable(message),
      ]),
    })),
  };
}

/** A name as itself: what Markdown could take for a link, for code or for HTML stands in a code span. */
function named(name: string): string {
  return /^[\w./ +-]*$/.test(name) ? name : inlineCode(name);
}

/** In a cell: a bar would end it, in code as well. */
function cell(text: string): string {
  return text.replace(/\|/g, '\\|');
}

export function reportMarkdown(result: Gathered, wanted: readonly Wanted[]): string {
  const { title, about, tables, drivers } = shownOf(result, wanted);
  const line = ([name = '', ...cells]: Row): string =>
    `| ${[named(name), ...cells].map(cell).join(' | ')} |`;
  return [
    `# ${title}`,
    '',
    about,
    ...tables.flatMap((table) => [
      '',
      `## ${table.title}`,
      '',
      line(table.head),
      `|${table.head.map(() => '---').join('|')}|`,
      ...table.rows.map(line),
    ]),
    ...drivers.flatMap(({ name, items }) => [
      '',
      `## ${named(name)}`,
      '',
      ...items.map(
        ([at = '', severity, rule, message = '']) =>
          `- [ ] ${inlineCode(at)} ${severity}, ${rule}: ${prose(message)}`,
      ),
    ]),
    '',
  ].join('\n');
}

function escaped(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/"/g, '&quot;');
}

/** Code spans of messages as HTML. */
function html(text: string): string {
  return escaped(text).replace(/`([^`]*)`/g, '<code>$1</code>');
}

export function reportHtml(result: Gathered, wanted: readonly Wanted[]): string {
  const { title, about, tables, drivers } = shownOf(result, wanted);
  const row = (cells: Row, tag: string): string =>
    `<tr>${cells.map((text) => `<${tag}>${html(text)}</${tag}>`).join('')}</tr>`;
  return [
    '<!doctype html>',
    '<html lang="en"><head><meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width">',
    `<title>${escaped(title)}</title>`,
    '<style>:root{color-scheme:light dark}body{font:1rem/1.5 system-ui;margin:2rem auto;max-width:70rem;padding:0 1rem}table{border-collapse:collapse}td,th{border:1px solid #8888;padding:.2rem .6rem;text-align:left}</style>',
    `</head><body><h1>${escaped(title)}</h1><p>${escaped(about)}</p>`,
    ...tables.flatMap((table) => [
      `<h2>${escaped(table.title)}</h2><table>`,
      row(table.head, 'th'),
      ...table.rows.map((cells) => row(cells, 'td')),
      '</table>',
    ]),
    ...drivers.flatMap(({ name, items }) => [
      `<h2>${escaped(name)}</h2><ul>`,
      ...items.map(
        ([at = '', severity = '', rule = '', message = '']) =>
          `<li><code>${escaped(at)}</code> ${severity}, ${rule}: ${html(message)}</li>`,
      ),
      '</ul>',
    ]),
    '</body></html>',
    '',
  ].join('\n');
}
