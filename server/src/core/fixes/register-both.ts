/** One registration in two: what stays where it is, and below it what goes at unbind. */
import type { ManagedApi } from '../catalog.ts';
import { holderOf } from '../facts/flow/result-use.ts';
import type { Pass } from '../pass.ts';
import type { Registration } from '../program/registrations.ts';
import { freshHolder, holderIn } from './checked-call.ts';
import { deviceOfDrm } from './device-expression.ts';
import { editCall } from './edit-call.ts';
import type { EditSet } from './edits.ts';
import { type Code, codeOf, statementOf } from './sources.ts';
import { callText, indentAt } from './text/lines.ts';
import type { Placed } from './text/statements.ts';

/**
 * Registers one callback where the present one is registered, and below it another with devm.
 * @param undo whether both have to run where the first registration fails
 * @returns whether the place allows it
 */
export function registerBoth(
  pass: Pass,
  registration: Registration,
  stays: string,
  goes: string,
  edits: EditSet,
  undo = false,
): boolean {
  const { fn, call, api, device, data } = registration;
  const code = codeOf(pass, fn);
  const placed = code && statementOf(code, call);
  if (
    !code ||
    !placed ||
    !device ||
    !data ||
    api.callback === undefined ||
    api.counterpart === undefined
  )
    return false;
  const args = call.args.map((arg, i) =>
    i === api.device ? deviceOfDrm(arg.text) : i === api.callback ? goes : arg.text,
  );
  const first = call.args.map((arg, i) => (i === api.callback ? stays : arg.text));
  const bound = (indent: string, head: string) =>
    callText(indent, `${head}${api.counterpart ?? ''}`, args, ';');
  const plain = undo ? withoutReset(pass, api) : api;
  if (plain === undefined) return false;
  const both = [
    `${goes}(${data.text.trim()});`,
    `${stays}(${device.text.trim()}, ${data.text.trim()});`,
  ];
  const failure = undo ? both : [];
  if (call.use === 'returned')
    return registerReturned(
      code,
      placed,
      (indent, head) => callText(indent, `${head}${plain.name}`, first, ';'),
      bound,
      failure,
      edits,
    );
  const holder = holderOf(fn.facts, call)?.target.root;
  const check = placed.list[placed.index + 1];
  if (call.use !== 'assigned' || holder === undefined || check?.word !== 'if' || check.otherwise)
    return false;
  const indent = indentAt(code.text, placed.statement.start);
  const test = code.text.slice(check.start, check.end);
  if (undo) {
    const [, head, leave] = /^(if \(\w+\))\s*((?:return|goto)\b[^;{}]*;)$/.exec(test) ?? [];
    if (head === undefined || leave === undefined) return false;
    edits.put(fn.file.path, check, `${head} ${failing(indent, failure, leave)}`);
  }
  editCall(pass, fn, call, plain.name, new Map([[api.callback, stays]]), edits);
  edits.put(
    fn.file.path,
    { start: check.end, end: check.end },
    `\n\n${indent}${bound(indent, `${holder} = `)}\n${indent}${test}`,
  );
  return true;
}

/** The twin of an API that does not run the action when it cannot register it. */
function withoutReset({ catalog }: Pass, api: ManagedApi): ManagedApi | undefined {
  if (!api.orReset) return api;
  return catalog.data.managed.find(
    (other) =>
      other.role === api.role &&
      other.scope === api.scope &&
      other.owner === api.owner &&
      !other.orReset &&
      api.name.startsWith(`${other.name}_`),
  );
}

function failing(indent: string, lines: readonly string[], leave: string): string {
  return `{\n${[...lines, leave].map((line) => `${indent}\t${line}\n`).join('')}${indent}}`;
}

type Writer = (indent: string, head: string) => string;

function registerReturned(
  code: Code,
  { statement }: Placed,
  software: Writer,
  bound: Writer,
  failure: readonly string[],
  edits: EditSet,
): boolean {
  const { fn, text } = code;
  if (statement.word !== 'return') return false;
  const indent = indentAt(text, statement.start);
  const holder = holderIn(code) ?? freshHolder(code, edits);
  edits.put(
    fn.file.path,
    statement,
    `${software(indent, `${holder} = `)}\n${indent}if (${holder})${
      failure.length > 0
        ? ` ${failing(indent, failure, `return ${holder};`)}`
        : `\n${indent}\treturn ${holder};`
    }\n\n${indent}${bound(indent, 'return ')}`,
  );
  return true;
}
