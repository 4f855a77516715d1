/** What `--help` prints, made from the table of options. */
import { type Option, shownOptions, type Verb, verbPages, verbs } from './options.ts';

const verbLines = verbs.map((verb) => {
  const { takes, short } = verbPages[verb];
  return `driver-teardown ${`${verb.padEnd(7)} ${takes}`.trimEnd().padEnd(17)} ${short}`;
});

export const usage = `driver-teardown: what a DRM driver releases in the wrong scope or order

${verbLines.join('\n')}

PATH is a .c file, a folder, or a kernel tree's root (default: the current folder). A file is analysed
with its whole module. driver-teardown VERB --help tells the options of a verb.
`;

const column = 25;
const width = 104;

/** Words on as many lines as it takes, below one another. */
function wrapped(text: string): string {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && column + line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line].join(`\n${' '.repeat(column)}`);
}

function optionLine({ name, short, value, help }: Option): string {
  const letter = short === undefined ? '' : `-${short}, `;
  const head = `  ${letter}--${name}${value === undefined ? '' : ` ${value}`}`;
  return `${head.padEnd(column - 1)} ${wrapped(help)}`;
}

export function helpOf(verb: Verb): string {
  const { takes, line, about, foot } = verbPages[verb];
  const parts = [
    `driver-teardown ${`${verb} ${takes}`.trimEnd()}: ${line}`,
    about,
    shownOptions(verb).map(optionLine).join('\n'),
    foot,
  ];
  return `${parts.filter((part) => part !== undefined).join('\n\n')}\n`;
}
