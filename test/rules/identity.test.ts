/**
 * A finding is its cause, not its words: on every rule's page, edits that change nothing of what is wrong
 * leave every finding its name.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { rules } from '../../server/src/core/rules/index.ts';
import { drawnByCommit } from '../support/drawn.ts';
import { type Engine, loadEngine } from '../support/engine.ts';
import { pageCases } from './page.ts';

type Files = ReadonlyMap<string, string>;

const folder = join(import.meta.dirname, '../../server/src/core/rules');
const declared =
  /(?:^|[(,;{]\s*)(?:const |static |volatile )*(?:(?:struct|enum|union) )?\w+ (?:const )?\**(\w+)(?=\s*(?:[=;,)]|\[))/gm;

/** Each function with its variables under other names, but for those that are called as a member is. */
function renamed(files: Files): Files {
  const all = [...files.values()].join('\n');
  const isMember = (name: string): boolean =>
    new RegExp(
      `(?:\\.|->)${name}\\b|^\\t[\\w ]+ \\**${name}(?:;|\\[)|\\w+(?:_of|entry|alloc)\\([^;]*, ${name}\\)`,
      'm',
    ).test(all);
  return onFunctions(files, (text) => {
    const names = new Set([...text.matchAll(declared)].map(([, name = '']) => name));
    const own = [...names].filter(
      (name) => !/^(?:void|return|goto|else)$/.test(name) && !isMember(name),
    );
    return own.reduce(
      (done, name) =>
        done.replace(
          new RegExp(`(?<![\\w.]|->\\s*|(?:struct|enum|union) )${name}\\b(?!\\s*\\()`, 'g'),
          `${name}_x`,
        ),
      text,
    );
  });
}

/** Definitions of functions that begin in column 0, with what stands before them left alone. */
function onFunctions(files: Files, change: (text: string) => string): Files {
  const form = /^(?:static |inline |int |void |struct |irqreturn_t )[^;={}]*\)\n\{\n[^]*?^\}$/gm;
  return new Map([...files].map(([file, text]) => [file, text.replace(form, change)]));
}

const edits: Readonly<Record<string, (files: Files) => Files>> = {
  'variables have other names': renamed,
  'everything stands further down': (files) =>
    new Map([...files].map(([file, text]) => [file, `/* one\n * two */\n\n${text}`])),
  'functions have room between them': (files) => onFunctions(files, (text) => `\n\n${text}\n\n`),
  'lines are indented and end otherwise': (files) =>
    new Map([...files].map(([file, text]) => [file, text.replace(/^\t/gm, '    ')])),
  'the file has another name': (files) =>
    new Map([...files].map(([file, text]) => [file.replace(/\.c$/, '_two.c'), text])),
};

describe('the identity of findings', () => {
  let engine: Engine;
  let known: readonly (readonly [title: string, files: Files, names: readonly string[]])[];

  const namesIn = (files: Files): readonly string[] =>
    engine
      .analyze(files)
      .report.findings.map(({ rule, fingerprint }) => `${rule} ${fingerprint}`)
      .sort();

  before(async () => {
    engine = await loadEngine();
    known = rules.flatMap(({ id }) =>
      pageCases(readFileSync(join(folder, `${id}.md`), 'utf8'))
        .filter(({ expectations }) => expectations.length > 0)
        .map(({ title, files }) => [`${id}, ${title}`, files, namesIn(files)] as const),
    );
    assert.ok(known.length > 100);
  });

  for (const [title, edit] of drawnByCommit(Object.entries(edits))) {
    it(`is the same when ${title}`, () => {
      for (const [name, files, names] of known) assert.deepEqual(namesIn(edit(files)), names, name);
    });
  }
});
