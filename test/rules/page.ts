/**
 * Rule pages as tests. The C blocks under one heading make one module; `file=` names a block's file, and a file that
 * comes again begins another module.
 * A comment at a line's end says what is found there:
 * `severity: rule-id`, then optionally `; fix: id, id` and `; manual: words of the reason`.
 * A block with `after=ID` is what a file holds once that fix of the first finding is applied.
 */

/** What a line's comment expects. */
export interface Expectation {
  readonly file: string;
  /** One-based. */
  readonly line: number;
  readonly severity: string;
  readonly rule: string;
  readonly fixes: readonly string[];
  readonly manual: string | null;
}

export interface PageCase {
  readonly title: string;
  readonly files: ReadonlyMap<string, string>;
  readonly expectations: readonly Expectation[];
  /** Fix id, to file, to text. */
  readonly after: ReadonlyMap<string, ReadonlyMap<string, string>>;
}

const marker =
  /\/\* (error|warning|info|hint): ([a-z0-9-]+)(?:; fix: ([a-z0-9-, ]+))?(?:; manual: ([^*]+?))? \*\//;

/** The cases of a page, in order; a heading whose fix result stands under the next one joins it. */
export function pageCases(markdown: string): PageCase[] {
  const cases: {
    title: string;
    files: Map<string, string>;
    after: Map<string, Map<string, string>>;
  }[] = [];
  let title = '';
  for (const match of markdown.matchAll(/^(#{1,4}) (.+)$|^```c([^\n]*)\n([^]*?)^```$/gm)) {
    const [, heading, name, info = '', code = ''] = match;
    if (heading !== undefined) {
      title = name ?? '';
      continue;
    }
    const file = /file=(\S+)/.exec(info)?.[1] ?? 'driver.c';
    const after = /after=(\S+)/.exec(info)?.[1];
    const last = cases[cases.length - 1];
    if (after !== undefined) {
      const texts = last?.after.get(after) ?? new Map<string, string>();
      last?.after.set(after, texts.set(file, code));
    } else if (last?.title === title && last.after.size === 0 && !last.files.has(file))
      last.files.set(file, code);
    else cases.push({ title, files: new Map([[file, code]]), after: new Map() });
  }
  return cases.map(({ title: heading, files, after }) => ({
    title: heading,
    after,
    expectations: [...files].flatMap(([file, text]) => expectationsIn(file, text)),
    files: new Map(
      [...files].map(([file, text]) => [
        file,
        text.replaceAll(new RegExp(` ?${marker.source}`, 'g'), ''),
      ]),
    ),
  }));
}

function expectationsIn(file: string, text: string): Expectation[] {
  return text.split('\n').flatMap((line, i) => {
    const [, severity, rule, fixes, manual] = marker.exec(line) ?? [];
    if (!severity || !rule) return [];
    return [
      {
        file,
        line: i + 1,
        severity,
        rule,
        fixes: fixes?.split(',').map((id) => id.trim()) ?? [],
        manual: manual ?? null,
      },
    ];
  });
}
