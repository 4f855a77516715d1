/** devm on a device that hosts component groups: the group of a bind and the device's own list do not nest. */
import type { ManualTake } from '../catalog.ts';
import { callWords } from '../chains.ts';
import type { CallFact } from '../facts/types.ts';
import { namePlace, placeInside } from '../places.ts';
import type { CallSite, FunctionRef } from '../program/program.ts';
import { wayTo } from '../program/reach.ts';
import type { Registration } from '../program/registrations.ts';
import type { ChainLink } from '../result.ts';
import type { Pass, Rule, RuleFinding } from './rule.ts';

export const devmBesideComponent: Rule = {
  id: 'devm-beside-component',
  summary: 'a devm action on a device that also hosts the devres groups of components',
  defaultSeverity: 'info',
  run(pass) {
    const takes = pass.catalog.data.takes.filter((take) => take.group === 'component');
    const called = takes.filter(({ name }) => pass.program.callsOf(name).length > 0);
    const bound = pass.registrations.filter((registration) => registration.api.scope === 'bound');
    return bound.flatMap(
      (registration) =>
        fromInside(pass, registration, takes) ?? afterwards(registration, called) ?? [],
    );
  },
};

/** The action itself takes the component away: its group is released while the list that holds it is. */
function fromInside(
  pass: Pass,
  registration: Registration,
  takes: readonly ManualTake[],
): RuleFinding | undefined {
  const { target, fn, call, callback } = registration;
  const releases = new Set(takes.flatMap((take) => take.releases));
  const way = target && wayTo(pass.program, target, releases);
  const last = way?.[way.length - 1];
  if (!target || !way || !last) return undefined;
  const chain: ChainLink[] = [
    {
      role: 'registration',
      place: placeInside(fn, call),
      function: fn.name,
      message: `\`${callback}\` is on the device's devres list`,
    },
    {
      role: 'callback',
      place: namePlace(target),
      function: target.name,
      message: `\`${callback}\` runs while that list is being released`,
    },
    ...way.map(
      ({ caller, call: step }: CallSite): ChainLink => ({
        role: step === last.call ? 'release' : 'call',
        place: placeInside(caller, step),
        function: caller.name,
        message:
          step === last.call
            ? `${step.callee}() unbinds, which releases the group that bind opened on the same list`
            : callWords(step),
      }),
    ),
  ];
  return finding(
    registration,
    chain,
    `\`${callback}\` calls ${last.call.callee}() from the devres list at unbind, and the unbind of a component releases its own group on that list`,
  );
}

/** Registered after the component: whether bind has run by then decides which of the two goes first. */
function afterwards(
  registration: Registration,
  takes: readonly ManualTake[],
): RuleFinding | undefined {
  const { fn, call, callback, device } = registration;
  const before = device && takes.length > 0 && componentBefore(fn, call, device.text, takes);
  if (!before) return undefined;
  const chain: ChainLink[] = [
    {
      role: 'registration',
      place: placeInside(fn, call),
      function: fn.name,
      message: `\`${callback}\` is registered on \`${device.text}\``,
    },
    {
      role: 'note',
      place: placeInside(fn, before),
      function: fn.name,
      message: `${before.callee}() has put a component on the same device: its bind opens a devres group there, now or later`,
    },
  ];
  return finding(
    registration,
    chain,
    `\`${callback}\` lives until unbind of \`${device.text}\`, beside the devres group that ${before.callee}() opens there at a time of its own`,
  );
}

function componentBefore(
  fn: FunctionRef,
  call: CallFact,
  device: string,
  takes: readonly ManualTake[],
): CallFact | undefined {
  const plain = (text: string) => text.replace(/\s+/g, '');
  return fn.facts.calls.find(
    (other) =>
      other.end <= call.start &&
      takes.some(
        (take) =>
          take.name === other.callee &&
          typeof take.object !== 'string' &&
          plain(other.args[take.object.argument]?.text ?? '') === plain(device),
      ),
  );
}

function finding(
  { fn, call, callback }: Registration,
  chain: readonly ChainLink[],
  message: string,
): RuleFinding {
  return {
    severity: 'info',
    confidence: 'possible',
    place: placeInside(fn, call),
    function: fn.name,
    message,
    timelines: ['unbind', 'unplug-open'],
    chain,
    fixes: [],
    identity: [callback],
  };
}
