/**
 * The one table of what the command line accepts. The parser, `--help`, the manual page and the
 * completions of shells are made from it: add to it, change nothing silently.
 */
export type Verb =
  | 'check'
  | 'merge'
  | 'order'
  | 'stress'
  | 'fix'
  | 'explain'
  | 'rules'
  | 'lsp'
  | 'mcp';

export interface Option {
  readonly name: string;
  /** One letter that stands for it. */
  readonly short?: string;
  /** How its value is called in help; without one it is a switch. */
  readonly value?: string;
  readonly repeatable?: true;
  /** The words that it takes. */
  readonly choices?: readonly string[];
  /** Accepted, and told to nobody. */
  readonly hidden?: true;
  readonly help: string;
}

export interface VerbPage {
  /** Behind the verb: `[PATH…]`. */
  readonly takes: string;
  /** Two or three words, for the list of verbs. */
  readonly short: string;
  /** One line. */
  readonly line: string;
  /** Paragraphs above the options, with line breaks. */
  readonly about?: string;
  readonly options: readonly Option[];
  /** Whether the common options have a meaning; without one they are accepted all the same. */
  readonly common: boolean;
  /** Paragraphs below the options. */
  readonly foot?: string;
}

const severities = ['error', 'warning', 'info', 'hint'] as const;

export const commonOptions: readonly Option[] = [
  {
    name: 'config',
    value: 'FILE',
    help: 'configuration (default: the nearest .driver-teardown.json upwards)',
  },
  {
    name: 'kernel-version',
    value: 'N',
    help: "the kernel that the sources are for, 6.12 or 6.12.5 (default: the tree's own): what `#if LINUX_VERSION_CODE …` leaves out does not count",
  },
  { name: 'rule', value: 'ID', repeatable: true, help: 'only this rule (repeatable)' },
  {
    name: 'min-severity',
    value: 'WORD',
    choices: severities,
    help: 'error, warning, info (default) or hint',
  },
  { name: 'jobs', value: 'N', help: 'threads that parse (default: the processors, at most 4)' },
  { name: 'no-cache', help: 'neither read nor write answers that are kept' },
  { name: 'quiet', help: 'results only' },
  {
    name: 'color',
    value: 'WHEN',
    choices: ['auto', 'always', 'never'],
    help: 'auto (default), always or never',
  },
  { name: 'version', help: 'print the version' },
  { name: 'help', help: 'print the options of the verb' },
];

function format(choices: readonly string[], help: string): Option {
  return { name: 'format', value: 'WORD', choices, help };
}

const exitCodes = `Exit: 0 clean, 1 findings, 2 usage, or a PATH (or everything) that could not be analysed,
3 internal error.`;

export const verbPages: Readonly<Record<Verb, VerbPage>> = {
  check: {
    takes: '[PATH…]',
    short: 'findings',
    line: 'prints findings',
    about: `A .c file: the findings in that file, analysed with its module. A folder: those of every module that
has a file in it.`,
    options: [
      format(
        ['text', 'json', 'sarif', 'github', 'emacs', 'checkpatch', 'b4-review', 'reply'],
        'text (default), json, sarif, github, emacs, checkpatch, b4-review (JSON for `b4 review`), or with --patch reply: mails that quote the hunks with the findings under them',
      ),
      {
        name: 'fail-on',
        value: 'SEVERITY',
        choices: severities,
        help: 'exit 1 from this severity on (default warning)',
      },
      {
        name: 'baseline',
        value: 'FILE',
        help: 'leave out the findings that FILE lists (default: `baseline` of the configuration, else .driver-teardown-baseline.json, where it is there)',
      },
      { name: 'no-baseline', help: 'read no baseline' },
      {
        name: 'write-baseline',
        value: 'FILE',
        help: 'write the present findings to FILE',
      },
      {
        name: 'prune-baseline',
        help: 'take out of the --baseline what is not found any more, and add nothing',
      },
      {
        name: 'report',
        value: 'FILE',
        help: 'write FILE.md or FILE.html too: what is found by driver and by rule, as a worklist',
      },
      {
        name: 'shard',
        value: 'I/N',
        help: 'the I-th of N parts of the modules; driver-teardown merge puts the reports together',
      },
      {
        name: 'profile',
        value: 'FILE',
        help: 'write what took the time as a .cpuprofile (on one thread)',
      },
      {
        name: 'since',
        value: 'REV',
        help: 'only findings that the working tree has and the commit REV has not',
      },
      {
        name: 'patch',
        value: 'FILE|-',
        help: 'only findings that the patch would add; - reads it from stdin. A mail as it is sent, an mbox or a series will do: it answers patch by patch',
      },
    ],
    common: true,
    foot: `${exitCodes}

In json, everything but \`stats\` depends on the input alone.

make C=1 CHECK=driver-teardown runs it as it would run sparse: without a verb, with one .c file among a
compiler's options, which count for nothing. Findings then go to stderr, and to the exit status only with
CHECK='driver-teardown check --fail-on error'.`,
  },
  merge: {
    takes: 'FILE…',
    short: 'one report of the parts that check --shard wrote',
    line: 'prints one report of the parts that check --shard I/N wrote',
    about: `The files are those of 1/N to N/N, all in json or all in sarif, in any order. But for \`stats\` the report
is what one check would have printed.`,
    options: [
      {
        name: 'fail-on',
        value: 'SEVERITY',
        choices: severities,
        help: 'exit 1 from this severity on (default warning)',
      },
      { ...format(['text'], 'text'), hidden: true },
    ],
    common: false,
    foot: 'Exit: 0 clean, 1 findings, 2 usage, or parts that are no whole, 3 internal error.',
  },
  fix: {
    takes: '[PATH…]',
    short: 'apply or show fixes',
    line: 'shows or applies fixes',
    options: [
      { name: 'diff', help: 'print a unified diff for git apply and patch -p1 (default)' },
      { name: 'write', help: 'change the files' },
      { name: 'safe', help: 'only fixes that may be applied unseen (default)' },
      { name: 'unsafe', help: 'also those whose notice should be read first' },
      { name: 'fix', value: 'ID', help: 'the fix to take where a finding offers several' },
      {
        name: 'patch-file',
        value: 'DIR',
        help: 'write a patch for git am per fix, with a changelog to complete',
      },
      {
        name: 'series',
        value: 'DIR',
        help: 'write all of them as one series with a cover letter, each on top of those before it; what a fix breaks is mended by the next',
      },
      {
        name: 'compare',
        help: 'print for each fix of a finding what it removes, creates and touches, and change nothing',
      },
      {
        name: 'since',
        value: 'REV',
        help: 'only findings that the working tree has and the commit REV has not',
      },
      {
        name: 'patch',
        value: 'FILE|-',
        help: 'only findings that the patch would add; the diff is for the tree with the patch in it',
      },
      { ...format(['text'], 'text'), hidden: true },
    ],
    common: true,
    foot: `--write changes all files of a fix or none, goes on until nothing is left to do, and follows no
link out of PATH.
Exit: 0 every finding has got a fix, 1 some have not, 2 usage, or a PATH (or everything) that could
not be analysed, or a fix that could not be written, 3 internal error.`,
  },
  order: {
    takes: '[PATH]',
    short: 'teardown order',
    line: 'prints what is released, in which order',
    options: [
      format(
        ['text', 'json', 'mermaid', 'svg', 'markdown'],
        'text (default), json, mermaid or svg; with --log text, json or markdown',
      ),
      {
        name: 'timeline',
        value: 'WORD',
        choices: ['unbind', 'unplug-open', 'probe-fail'],
        help: 'unbind, unplug-open or probe-fail[:N] (default: all; in text a line for each failure of probe, and N shows the steps of one)',
      },
      {
        name: 'all',
        help: 'text: every step of every failure too, and no runs of equal steps folded',
      },
      {
        name: 'entry',
        value: 'FUNCTION',
        help: 'only this probe or bind (default: every one of the module)',
      },
      {
        name: 'log',
        value: 'FILE',
        help: "compare with a kernel's log, taken with drm.debug=0x200 and the tracepoint dev:devres_log: what ran, what never ran, what ran out of order; of a stress kit's log also which predicted hazards showed (text, json, markdown; exit 1 when they differ)",
      },
    ],
    common: true,
    foot: exitCodes,
  },
  stress: {
    takes: 'PATH -o DIR',
    short: 'a kit that takes the driver down on a test machine',
    line: 'writes a script that takes the driver down on a test machine in the ways that are risky for it',
    about: `Two files come into DIR: stress.sh, for any POSIX shell (busybox too), and hold.c, which it compiles there.
The script does nothing without --break-this-machine; --dry-run says what it would do. It binds the driver,
holds the device by what the driver offers (an open file, a mapped buffer, a mode, a dma-buf, …), unbinds,
removes and binds again, lets probe fail where the kernel can inject failures, and writes one log.
driver-teardown order PATH --log FILE then tells which predicted hazards showed.`,
    options: [
      {
        name: 'output',
        short: 'o',
        value: 'DIR',
        help: 'the folder for the kit; files of an earlier kit are replaced, others are not',
      },
      { ...format(['text'], 'text'), hidden: true },
    ],
    common: true,
    foot: 'Exit: 0 written, 2 usage, or a PATH that could not be analysed, or a DIR that cannot be written to, 3 internal error.',
  },
  explain: {
    takes: 'RULE',
    short: "the rule's page",
    line: "prints the rule's page, as Markdown",
    about: `driver-teardown explain FILE:LINE: prints what is found there, which test, command and kernel option
shows it, and which would not`,
    options: [{ ...format(['text'], 'text'), hidden: true }],
    common: false,
  },
  rules: {
    takes: '',
    short: 'id, default severity, one line',
    line: 'lists the rules',
    options: [format(['text', 'json'], 'text (default) or json')],
    common: false,
  },
  lsp: {
    takes: '[--stdio]',
    short: 'language server',
    line: 'speaks the Language Server Protocol',
    options: [
      { name: 'stdio', help: 'over stdin and stdout (default)' },
      { name: 'node-ipc', help: "over node's channel to its parent" },
      { name: 'socket', value: 'PORT', help: 'over a socket' },
      { name: 'pipe', value: 'NAME', help: 'over a named pipe' },
      { name: 'clientProcessId', value: 'N', hidden: true, help: 'ends with that process' },
      { ...format(['text'], 'text'), hidden: true },
    ],
    common: false,
  },
  mcp: {
    takes: '',
    short: 'tools for assistants',
    line: 'speaks the Model Context Protocol over stdin and stdout',
    about: `Tools: check, order, explain, what_if and check_patch, which answer with the JSON of the commands.
Nothing is written.`,
    options: [{ ...format(['text'], 'text'), hidden: true }],
    common: false,
  },
};

/** In the order in which they are told. */
export const verbs = Object.keys(verbPages) as readonly Verb[];

/** What is told of a verb, its own options first. */
export function shownOptions(verb: Verb): readonly Option[] {
  const { options, common } = verbPages[verb];
  const shared = common ? commonOptions : commonOptions.filter(({ name }) => name === 'help');
  return [...options, ...shared].filter(({ hidden }) => !hidden);
}

/** All that a verb takes. */
export function optionsOf(verb: Verb): readonly Option[] {
  return [...verbPages[verb].options, ...commonOptions];
}
