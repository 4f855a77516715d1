/** What `--help` prints. */
import type { Verb } from './arguments.ts';

export const usage = `driver-teardown: what a DRM driver releases in the wrong scope or order

driver-teardown check  [PATH…]   findings
driver-teardown fix    [PATH…]   apply or show fixes
driver-teardown order  [PATH]    teardown order
driver-teardown explain RULE     the rule's page
driver-teardown rules            id, default severity, one line
driver-teardown lsp [--stdio]    language server

PATH is a .c file, a folder, or a kernel tree's root (default: the current folder). A file is analysed
with its whole module. driver-teardown VERB --help tells the options of a verb.
`;

const commonOptions = `  --config FILE          configuration (default: the nearest .driver-teardown.json upwards)
  --kernel-version N     the kernel that the sources are for, 6.12 or 6.12.5 (default: the tree's own):
                         what \`#if LINUX_VERSION_CODE …\` leaves out does not count
  --rule ID              only this rule (repeatable)
  --min-severity WORD    error, warning, info (default) or hint
  --jobs N               threads that parse (default: the processors, at most 4)
  --no-cache             neither read nor write answers that are kept
  --quiet                results only
  --color WHEN           auto (default), always or never
  --version, --help
`;

const exitCodes = `
Exit: 0 clean, 1 findings, 2 usage, or a PATH (or everything) that could not be analysed,
3 internal error.
`;

const pages: Readonly<Record<Verb, string>> = {
  check: `driver-teardown check [PATH…]: prints findings

A .c file: the findings in that file, analysed with its module. A folder: those of every module that
has a file in it.

  --format WORD          text (default), json, sarif, github, emacs, or with --patch
                         reply: mails that quote the hunks with the findings under them
  --fail-on SEVERITY     exit 1 from this severity on (default warning)
  --baseline FILE        leave out the findings that FILE lists
  --write-baseline FILE  write the present findings to FILE
  --prune-baseline       take out of the --baseline what is not found any more, and add nothing
  --shard I/N            the I-th of N parts of the modules
  --since REV            only findings that the working tree has and the commit REV has not
  --patch FILE|-         only findings that the patch would add; - reads it from stdin. A mail as it is
                         sent, an mbox or a series will do: it answers patch by patch
${commonOptions}${exitCodes}
In json, everything but \`stats\` depends on the input alone.
`,
  order: `driver-teardown order [PATH]: prints what is released, in which order

  --format WORD          text (default), json, mermaid or svg
  --timeline WORD        unbind, unplug-open or probe-fail[:N] (default: all; in text a line for each
                         failure of probe, and N shows the steps of one)
  --all                  text: every step of every failure too, and no runs of equal steps folded
  --entry FUNCTION       only this probe or bind (default: every one of the module)
  --log FILE             compare with a kernel's log, taken with drm.debug=0x200 and the tracepoint
                         dev:devres_log: what ran, what never ran, what ran out of order (text, json;
                         exit 1 when they differ)
${commonOptions}${exitCodes}`,
  fix: `driver-teardown fix [PATH…]: shows or applies fixes

  --diff                 print a unified diff for git apply and patch -p1 (default)
  --write                change the files
  --safe                 only fixes that may be applied unseen (default)
  --unsafe               also those whose notice should be read first
  --fix ID               the fix to take where a finding offers several
  --patch-file DIR       write a patch for git am per fix, with a changelog to complete
${commonOptions}
--write changes all files of a fix or none, and follows no link out of PATH.
Exit: 0 every finding has got a fix, 1 some have not, 2 usage, or a PATH (or everything) that could
not be analysed, or a fix that could not be written, 3 internal error.
`,
  explain: `driver-teardown explain RULE: prints the rule's page, as Markdown
driver-teardown explain FILE:LINE: prints what is found there, which test, command and kernel option
shows it, and which would not
`,
  rules: `driver-teardown rules: lists the rules

  --format WORD          text (default) or json
`,
  lsp: `driver-teardown lsp [--stdio]: speaks the Language Server Protocol

  --stdio                over stdin and stdout (default)
  --node-ipc, --socket=PORT, --pipe=NAME
`,
};

export function helpOf(verb: Verb): string {
  return pages[verb];
}
