/** Expressions of one function, said in the words of another. */
import type { TypeRef } from '../facts/types.ts';
import type { Pass } from '../pass.ts';
import type { FunctionRef } from '../program/program.ts';
import { deviceOfDrm } from './device-expression.ts';
import { mentions, tokensOf } from './text/tokens.ts';

/** A variable that has its value at a point of a function. */
export interface Variable {
  readonly name: string;
  readonly type: TypeRef;
}

/** The parameters, and the locals that are given a value on the straight line before `at`. */
export function variablesAt({ facts }: FunctionRef, at: number): Variable[] {
  const given = (name: string) =>
    facts.assigns.some(
      (a) =>
        a.target.root === name &&
        a.target.steps.length === 0 &&
        a.target.address === 0 &&
        a.context === -1 &&
        a.end <= at,
    );
  return [...facts.params, ...facts.locals.filter((local) => given(local.name))].filter(
    (one) => one.name !== '',
  );
}

/** An expression with its one variable replaced; undefined when it names another or does not name it. */
export function withRoot(
  fn: FunctionRef,
  text: string,
  root: string,
  by: string,
): string | undefined {
  const written = text.trim();
  const tokens = tokensOf(written);
  const named = [...fn.facts.params, ...fn.facts.locals]
    .map((one) => one.name)
    .filter((name) => mentions(tokens, name).length > 0);
  if (new Set(named).size !== 1 || named[0] !== root) return undefined;
  let out = written;
  for (const { start, end } of [...mentions(tokens, root)].reverse())
    out = out.slice(0, start) + by + out.slice(end);
  return out.replace(/\s+/g, ' ');
}

/** The same expression in another function, where exactly one variable has the type of its root. */
export function translated(
  from: FunctionRef,
  text: string,
  to: FunctionRef,
  at: number,
): string | undefined {
  const tokens = tokensOf(text);
  const roots = [...from.facts.params, ...from.facts.locals].filter(
    (one) => mentions(tokens, one.name).length > 0,
  );
  const [root] = roots;
  if (!root || roots.length !== 1) return undefined;
  const same = variablesAt(to, at).filter(({ type }) => isSame(type, root.type));
  const [only] = same;
  return only && same.length === 1 ? withRoot(from, text, root.name, only.name) : undefined;
}

function isSame(a: TypeRef, b: TypeRef): boolean {
  return a.name === b.name && a.tagged === b.tagged && a.pointers === b.pointers;
}

const pointerTo =
  (name: string) =>
  ({ type }: Variable) =>
    type.tagged && type.name === name && type.pointers === 1;

/** The drm_device at a point of a function: `drm`, or `&foo->drm` of a struct that embeds one. */
export function drmDeviceAt(pass: Pass, fn: FunctionRef, at: number): string | undefined {
  const variables = variablesAt(fn, at);
  const direct = variables.find(pointerTo('drm_device'));
  if (direct) return direct.name;
  for (const { name, type } of variables) {
    if (!type.tagged || type.pointers !== 1) continue;
    const member = pass.program
      .struct(type.name, fn.file)
      ?.members.find(
        (one) => one.type.name === 'drm_device' && one.type.pointers === 0 && !one.array,
      );
    if (member && member.name !== '') return `&${name}->${member.name}`;
  }
  return undefined;
}

/** The struct device that the driver is bound to, as the function itself or its kind writes it. */
export function boundDeviceAt(pass: Pass, fn: FunctionRef, at: number): string | undefined {
  const used = fn.facts.calls.find(
    (call) => pass.catalog.managed.get(call.callee)?.owner === 'device' && call.end <= at,
  );
  const owner = used?.args[pass.catalog.managed.get(used.callee)?.device ?? 0];
  if (owner) return owner.text.trim();
  const drm = drmDeviceAt(pass, fn, at);
  if (drm !== undefined) return deviceOfDrm(drm);
  const variables = variablesAt(fn, at);
  // The structs of the buses hold their struct device by value.
  const buses = new Set(
    pass.catalog.data.managed
      .map((api) => api.owner)
      .filter((owner) => /_dev(ice)?$/.test(owner) && owner !== 'drm_device'),
  );
  const device = variables.find((one) => buses.has(one.type.name) && one.type.pointers === 1);
  return device && `&${device.name}->dev`;
}
