/** driver-teardown(1) from the table of options. */
import { commonOptions, type Option, verbPages, verbs } from '../../server/src/cli/options.ts';

/** Text as roff takes it: no request at the start of a line, and hyphens that can be searched for. */
function roff(text: string): string {
  return text
    .replace(/\\/g, '\\e')
    .replace(/-/g, '\\-')
    .replace(/…/g, '...')
    .replace(/^(['.])/gm, '\\&$1');
}

function optionItem({ name, short, value, help }: Option): string {
  const letter = short === undefined ? '' : `\\fB\\-${short}\\fR, `;
  const head = value === undefined ? '' : ` \\fI${roff(value)}\\fR`;
  return `.TP\n${letter}\\fB\\-\\-${roff(name)}\\fR${head}\n${roff(help)}`;
}

const shown = (options: readonly Option[]): readonly Option[] => options.filter((o) => !o.hidden);

function paragraphs(text: string | undefined): string[] {
  return text === undefined ? [] : text.split('\n\n').flatMap((one) => ['.PP', roff(one)]);
}

export function manualPage(): string {
  const verbParts = verbs.flatMap((verb) => {
    const { takes, line, about, options, foot } = verbPages[verb];
    return [
      `.SS "driver\\-teardown ${roff(`${verb} ${takes}`.trimEnd())}"`,
      `${roff(line.charAt(0).toUpperCase() + line.slice(1))}.`,
      ...paragraphs(about),
      ...shown(options).map(optionItem),
      ...paragraphs(foot),
    ];
  });
  return [
    '.\\" Made by npm run cli-pages from server/src/cli/options.ts.',
    '.TH DRIVER\\-TEARDOWN 1',
    '.SH NAME',
    'driver\\-teardown \\- what a DRM driver releases in the wrong scope or order',
    '.SH SYNOPSIS',
    ...verbs.flatMap((verb, i) => [
      ...(i === 0 ? [] : ['.br']),
      `\\fBdriver\\-teardown ${verb}\\fR ${roff(verbPages[verb].takes)}`.trimEnd(),
    ]),
    '.SH DESCRIPTION',
    "PATH is a .c file, a folder, or a kernel tree's root (default: the current folder).",
    'A file is analysed with its whole module.',
    '.SH COMMANDS',
    ...verbParts,
    '.SH "COMMON OPTIONS"',
    ...shown(commonOptions).map(optionItem),
    '.SH FILES',
    '.TP',
    '\\fI.driver\\-teardown.json\\fR',
    'the configuration, looked for from PATH upwards',
    '.SH ENVIRONMENT',
    '.TP',
    '\\fBDRIVER_TEARDOWN_CACHE\\fR',
    'the folder for answers that are kept',
    '.TP',
    '\\fBNO_COLOR\\fR',
    'no colours, whatever the terminal can do',
    '.SH "SEE ALSO"',
    '.BR sparse (1),',
    '.BR b4 (5)',
    '',
  ].join('\n');
}
