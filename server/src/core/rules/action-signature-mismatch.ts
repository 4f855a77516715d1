/** A callback whose parameters are not those that its scope calls it with. */
import type { ActionShape } from '../catalog.ts';
import type { FunctionFacts, Parameter, TypeRef } from '../facts/types.ts';
import { fitSignature } from '../fixes/fit-signature.ts';
import { namePlace, placeInside } from '../places.ts';
import type { Registration } from '../program/registrations.ts';
import type { Pass, Rule, RuleFinding } from './rule.ts';

export const actionSignatureMismatch: Rule = {
  id: 'action-signature-mismatch',
  summary: 'a callback has the wrong parameters for the scope it is registered in',
  defaultSeverity: 'error',
  run(pass) {
    return pass.registrations.flatMap((registration) => {
      const finding = judge(pass, registration);
      return finding ? [finding] : [];
    });
  },
};

function judge(pass: Pass, registration: Registration): RuleFinding | undefined {
  const { target, fn, call, api, callbackArgument } = registration;
  const shape = pass.catalog.actions.get(api.scope);
  // A cast says that the author knows; a parameter list that did not parse says nothing.
  // A raw resource's release gets the device too: the driver's own affair.
  if (
    !target ||
    !shape ||
    api.resource ||
    callbackArgument.text.trim().startsWith('(') ||
    target.facts.errors > 0
  )
    return undefined;
  if (fits(target.facts, shape)) return undefined;
  const expected = `(${shape.parameters.join(', ')})`;
  return {
    severity: 'error',
    confidence: 'certain',
    place: placeInside(fn, callbackArgument),
    function: fn.name,
    message: `\`${target.name}\` is registered by ${api.name}(), which calls it with ${expected}, but takes ${shown(target.facts)}`,
    timelines: ['unbind', 'unplug-open', 'probe-fail'],
    chain: [
      {
        role: 'registration',
        place: placeInside(fn, call),
        function: fn.name,
        message: `${api.name}() registers it: called as ${expected}`,
      },
      {
        role: 'callback',
        place: namePlace(target),
        function: target.name,
        message: `\`${target.name}\` takes ${shown(target.facts)}`,
      },
    ],
    fixes: () => fitSignature(pass, registration, shape),
    identity: [target.name, api.scope],
  };
}

/** Whether the parameters are those of the scope, one by one. */
export function fits(facts: FunctionFacts, shape: ActionShape): boolean {
  return (
    facts.params.length === shape.parameters.length &&
    shape.parameters.every((wanted, i) => sameType(facts.params[i], wanted))
  );
}

function sameType(param: Parameter | undefined, wanted: string): boolean {
  return param !== undefined && typeText(param.type) === wanted.replace(/\s+/g, ' ').trim();
}

function typeText(type: TypeRef): string {
  return `${type.tagged ? 'struct ' : ''}${type.name}${type.pointers > 0 ? ` ${'*'.repeat(type.pointers)}` : ''}`;
}

function shown(facts: FunctionFacts): string {
  return facts.params.length === 0
    ? '(void)'
    : `(${facts.params.map((param) => typeText(param.type)).join(', ')})`;
}
