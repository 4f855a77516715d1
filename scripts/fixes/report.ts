/** What a trial says: a summary for the terminal, the failures, and the tables of docs/fixes.md. */
import type { Offer } from './offers.ts';
import type { Outcome, TrialResult } from './trial.ts';
import { readByHand } from './verdicts.ts';

type Single = Outcome & { readonly offer: Offer };

function isOne(outcome: Outcome): outcome is Single {
  return 'finding' in outcome.offer;
}

function nameOf({ offer }: Outcome): string {
  if ('all' in offer) return `${offer.all}: all safe fixes together (${offer.fixed})`;
  const { finding, fix } = offer;
  const { file, from } = finding.place;
  return `${file}:${from.line + 1} ${finding.rule} ${fix.id} (${fix.safety})`;
}

/** Each failure with the fix, what was said of it, and its diff. */
export function failuresText(failed: readonly Outcome[]): string {
  const parts = failed.map((outcome) => {
    const lines = outcome.complaints.map((line) => `- ${line}`);
    const title = 'fix' in outcome.offer ? [`"${outcome.offer.fix.title}"`] : [];
    const fence = '```';
    const diff = outcome.diff.toString('utf8').trimEnd();
    return [`## ${nameOf(outcome)}`, ...title, ...lines, `${fence}diff`, diff, fence].join('\n');
  });
  return `${parts.join('\n\n')}\n`;
}

interface Numbers {
  readonly findings: number;
  readonly withEdits: number;
  readonly safe: number;
  readonly tried: number;
  readonly together: number;
  readonly compiled: number;
  readonly files: number;
  readonly notBuilt: number;
  readonly mailed: number;
  readonly failed: number;
}

function numbersOf({ outcomes, repeated, findings }: TrialResult): Numbers {
  const single = outcomes.filter(isOne);
  const offers = [...single.map(({ offer }) => offer), ...repeated];
  return {
    findings,
    withEdits: offers.length,
    safe: offers.filter(({ fix }) => fix.safety === 'safe').length,
    tried: single.length,
    together: outcomes.length - single.length,
    compiled: outcomes.filter(({ compiled }) => compiled.length > 0).length,
    files: outcomes.reduce((sum, { compiled }) => sum + compiled.length, 0),
    notBuilt: outcomes.filter(({ compiled }) => compiled.length === 0).length,
    mailed: outcomes.filter(({ mailed }) => mailed).length,
    failed: outcomes.filter(({ complaints }) => complaints.length > 0).length,
  };
}

export function summaryText(result: TrialResult): string {
  const n = numbersOf(result);
  return [
    `${n.findings} findings; ${n.withEdits} fixes with edits (${n.safe} safe), ${result.manual.length} without`,
    `${n.tried} different ones tried alone, and ${n.together} modules with all safe ones together`,
    `${n.compiled} compiled (${n.files} files), ${n.notBuilt} not built here, ${n.mailed} patches, ${n.failed} failed`,
  ].join('\n');
}

function table(head: readonly string[], rows: readonly (readonly (string | number)[])[]): string[] {
  const line = (cells: readonly (string | number)[]): string =>
    `| ${cells.map((cell) => String(cell).replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)];
}

function tally<T>(items: readonly T[], keyOf: (item: T) => string): [string, readonly T[]][] {
  const groups = new Map<string, T[]>();
  for (const item of items) groups.set(keyOf(item), [...(groups.get(keyOf(item)) ?? []), item]);
  return [...groups].sort(([a], [b]) => (a < b ? -1 : 1));
}

function byFix({ outcomes, manual, repeated }: TrialResult): string[] {
  const single = outcomes.filter(isOne);
  const all = [...single.map(({ offer }) => offer), ...repeated, ...manual];
  const key = ({ finding, fix }: Offer): string => `${finding.rule}\0${fix.id}`;
  const rows = tally(all, key).map(([name, offers]) => {
    const of = (safety: string): number => offers.filter(({ fix }) => fix.safety === safety).length;
    const tried = single.filter(({ offer }) => key(offer) === name);
    const compiled = tried.filter((one) => one.compiled.length > 0).length;
    const creates = tried.filter((one) => one.creates.length > 0).length;
    const [rule = '', id = ''] = name.split('\0');
    return [rule, id, of('safe'), of('unsafe'), of('manual'), tried.length, compiled, creates];
  });
  return table(
    ['rule', 'fix', 'safe', 'unsafe', 'by hand', 'tried', 'compiled', 'creates a finding'],
    rows,
  );
}

/** Reasons name what they are about: counted are those that differ in names and numbers only. */
function reasons(manual: readonly Offer[]): string[] {
  const plain = (reason: string): string =>
    reason
      .replace(/`[^`]*`/g, '`…`')
      .replace(/\b\w+\(\)/g, '…()')
      .replace(/\b\d+\b/g, 'N');
  const groups = tally(manual, ({ fix }) => plain(fix.reason ?? 'no reason is given'));
  const rows = groups.map(([reason, list]) => [list.length, reason] as const);
  return table(
    ['fixes', 'reason'],
    [...rows].sort((a, b) => b[0] - a[0]),
  );
}

function skippedText(outcomes: readonly Outcome[]): string[] {
  const files = tally(
    outcomes.flatMap(({ skipped }) => skipped),
    (file) => file,
  );
  if (files.length === 0) return ['Every changed file is compiled.'];
  const names = files.map(([file]) => `\`${file}\``).join(', ');
  return [`These do not compile unchanged either, for want of their architecture: ${names}.`];
}

function createdText(outcomes: readonly Outcome[]): string[] {
  const list = outcomes.filter((one) => isOne(one) && one.creates.length > 0);
  if (list.length === 0) return ['No fix creates a finding of severity error or warning.'];
  return [
    'Fixes after which the module has a finding of severity error or warning that it had not (the title says so',
    'before they are applied):',
    '',
    ...list.map((one) => {
      const rules = tally(one.creates, ({ rule, severity }) => `${severity} ${rule}`);
      return `- ${nameOf(one)}: ${rules.map(([rule, all]) => `${all.length} ${rule}`).join(', ')}`;
    }),
  ];
}

/** The text of docs/fixes.md. */
export function documentText(
  result: TrialResult,
  version: string,
  upstream: string,
  patches: readonly string[],
): string {
  const n = numbersOf(result);
  const { outcomes, manual } = result;
  return [
    '# Fixes',
    '',
    'Written by `npm run fixes:compile -- --all`, which applies every fix that is offered over drivers/gpu/drm and',
    `drivers/accel of Linux ${version}, each alone and then all safe ones of a module together, and compiles each changed`,
    'file, and each file that includes a changed header, with the command of kbuild (x86, everything switched on,',
    'W=1). A failure is: an error, a warning that the unchanged file has not, a finding that is still there on the',
    'fixed text, no fixed point for all safe ones, a diff that `git apply` refuses, a kernel-doc warning, or',
    "anything that the tree's checkpatch says of the mailable patch but for the missing sign-off.",
    '',
    ...table(
      ['what', 'number'],
      [
        ['findings', n.findings],
        ['fixes with edits', n.withEdits],
        ['of these safe', n.safe],
        ['fixes that only say what is to be done', manual.length],
        ['different edits, applied alone', n.tried],
        ['modules with all safe fixes applied together', n.together],
        ['of both: compiled', n.compiled],
        ['of both: only in files that do not compile unchanged', n.notBuilt],
        ['compilations', n.files],
        ['patches that checkpatch has seen', n.mailed],
        ['**failures**', `**${n.failed}**`],
      ],
    ),
    '',
    ...skippedText(outcomes),
    '',
    '## By rule',
    '',
    ...byFix(result),
    '',
    ...createdText(outcomes),
    '',
    '## By hand, and why',
    '',
    ...reasons(manual),
    '',
    '## Read by hand',
    '',
    ...readByHand(),
    '## Against upstream',
    '',
    upstream.trimEnd(),
    '',
    '## Three patches',
    '',
    ...patches,
  ].join('\n');
}
