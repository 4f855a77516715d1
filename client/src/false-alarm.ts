/** What a report of a false alarm says. It names no file and no folder: whoever sends it need not look for any. */

export interface FalseAlarm {
  readonly version: string;
  readonly rule: string;
  readonly message: string;
  /** The source of the line, where it is known. */
  readonly line: string | undefined;
  readonly evidence: readonly { readonly message: string; readonly line: string | undefined }[];
}

/** A path, as compilers and logs write them: with a folder in it. */
const path = /(?:[\w.~-]*\/)+[\w.-]+\.[ch]\b/g;

/** The report, as Markdown. */
export function falseAlarm({ version, rule, message, line, evidence }: FalseAlarm): string {
  const code = (text: string | undefined): string[] =>
    text === undefined ? [] : ['', '    ```c', `    ${text}`, '    ```'];
  const text = [
    `False alarm: ${rule} (Driver Teardown ${version})`,
    '',
    message,
    ...code(line),
    '',
    'Evidence that was given:',
    '',
    ...evidence.flatMap((one, i) => [`${i + 1}. ${one.message}`, ...code(one.line)]),
    '',
    'Why it cannot happen:',
    '',
    '(please fill in)',
    '',
  ].join('\n');
  return text.replace(path, (file) => file.slice(file.lastIndexOf('/') + 1));
}
