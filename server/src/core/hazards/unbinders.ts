/** What unbind runs of a driver: its ways out, and the actions that devm runs after them. */
import type { Pass, Question } from '../pass.ts';
import type { FunctionRef } from '../program/program.ts';
import { sameItems } from '../queries/same.ts';
import { closedBindingsOf } from '../teardown/bindings.ts';

/** The functions, each once: what they store, whoever runs later can ask for. */
export function unbinders(pass: Pass): readonly FunctionRef[] {
  return pass.ask(all, null);
}

const all: Question<null, readonly FunctionRef[]> = {
  answer: (pass) => {
    const ends = closedBindingsOf(pass).map(({ end }) => end.fn);
    const actions = pass.registrations.flatMap(({ api, target }) =>
      api.scope === 'bound' && target ? [target] : [],
    );
    return [...new Set([...ends, ...actions])];
  },
  equal: sameItems,
};
