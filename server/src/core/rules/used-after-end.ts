/** remove() has ended what a later step of the way out uses: the switching off of the outputs, a component's unbind. */
import { earlyEndCause } from '../causes.ts';
import { callLink, functionLink, tableLink, wayLinks } from '../chains.ts';
import type { CallFact } from '../facts/types.ts';
import { type AfterComponents, usedAfterComponents } from '../hazards/after-components.ts';
import { type ClearedData, clearedData } from '../hazards/cleared-data.ts';
import { type End, endsAndClears, waysToCalls } from '../hazards/ends.ts';
import { isFlagged } from '../hazards/flagged.ts';
import { type OutOfOrder, stepsOutOfOrder } from '../hazards/out-of-order.ts';
import { type UsedLater, usedByOwnSteps } from '../hazards/own-steps.ts';
import { runByCalls } from '../hazards/run-by-calls.ts';
import { canComeAfter, comesBefore, type Way } from '../hazards/ways.ts';
import { placeInside } from '../places.ts';
import type { TableFunction } from '../program/entries.ts';
import type { FunctionRef } from '../program/program.ts';
import { usesOf } from '../program/uses.ts';
import { type ClosedBinding, closedBindingsOf } from '../teardown/bindings.ts';
import type { Pass, Rule, RuleFinding } from './rule.ts';

export const usedAfterEnd: Rule = {
  id: 'used-after-end',
  summary: 'remove() has ended what a later step of the way out uses',
  defaultSeverity: 'warning',
  run(pass) {
    const run = runByCalls(pass);
    const seen = new Set<FunctionRef>();
    const bindings = closedBindingsOf(pass).filter(
      ({ end }) => !seen.has(end.fn) && seen.add(end.fn),
    );
    const read = new Set<CallFact>();
    const found = bindings.flatMap((binding) => [
      ...run.flatMap(([names, callbacks]) => judge(pass, binding, callbacks, names)),
      ...usedByOwnSteps(pass, binding.end.fn).map((one) => usedByStep(binding, one)),
      ...usedAfterComponents(pass, binding.end.fn).flatMap((one) => afterComponents(binding, one)),
      ...clearedData(pass, binding)
        .filter(({ read: way }) =>
          way.slice(-1).every(({ call }) => !read.has(call) && read.add(call)),
        )
        .map((one) => readAfterClear(binding, one)),
    ]);
    return [...found, ...stepsOutOfOrder(pass).flatMap(wrongWayRound)];
  },
};

/** The components are unbound, and with them goes what they allocated. */
function afterComponents({ end }: ClosedBinding, found: AfterComponents): RuleFinding[] {
  const { endedEarly, unbinds, use, always } = found;
  const [at] = use.slice(-1);
  if (!at) return [];
  const { key, what, how, site, ender } = endedEarly;
  const by =
    how === 'managed'
      ? `devm (${ender}()) owns it in the group of the component`
      : `${ender}() frees it`;
  return [
    {
      severity: always ? 'warning' : 'info',
      confidence: always ? 'likely' : 'possible',
      place: placeInside(at.caller, at.call),
      function: at.caller.name,
      message: `\`${end.fn.name}\` uses the ${what} \`${key.member}\` in ${at.call.callee ? `${at.call.callee}()` : `\`${at.caller.name}\``} after ${unbinds.at(-1)?.call.callee ?? ''}() has freed it: ${by}`,
      timelines: ['unbind', 'unplug-open'],
      fixes: [],
      identity: ['components', key.tag, key.member],
      chain: [
        tableLink(end),
        ...wayLinks(unbinds, 'unbinds the components'),
        callLink(site, how === 'managed' ? 'allocation' : 'release', `\`${key.member}\`: ${by}`),
        ...wayLinks(use, `uses \`${key.member}\``, 'note'),
      ],
    },
  ];
}

/** The way out itself goes on with what it has given back. */
function usedByStep(
  { end }: ClosedBinding,
  { ended, parting, use, always }: UsedLater,
): RuleFinding {
  const { key, what, way } = ended;
  const [from] = way.slice(-1);
  const [at] = use.slice(-1);
  const site = from ?? at;
  const by = at?.call.callee ? `${at.call.callee}()` : `\`${at?.caller.name ?? ''}\``;
  const doubt = always ? '' : ', whenever its conditions lead there';
  return {
    severity: always ? 'warning' : 'info',
    confidence: always ? 'likely' : 'possible',
    place: site ? placeInside(site.caller, site.call) : placeInside(end.fn, end.fn.facts.body),
    function: site?.caller.name ?? end.fn.name,
    message: `\`${end.fn.name}\` gives back the ${what} \`${key.member}\` and works on it afterwards, in ${by}${doubt}`,
    timelines: ['unbind', 'unplug-open'],
    fixes: [],
    identity: ['own-step', key.tag, key.member],
    causes: [parting, ...(site ? [site] : [])].map(({ caller, call }) =>
      earlyEndCause(placeInside(caller, call)),
    ),
    chain: [
      tableLink(end),
      ...wayLinks(way, `gives back \`${key.member}\``),
      ...wayLinks(use, `uses \`${key.member}\``, 'note'),
    ],
  };
}

/** Nothing is freed, but a later step needs what an earlier one has switched off. */
function wrongWayRound({ order, ended, needed, through }: OutOfOrder): RuleFinding[] {
  const [first] = ended;
  const [end] = ended.slice(-1);
  const [at] = needed;
  const [step] = needed.slice(-1);
  if (!first || !end || !at || !step) return [];
  const fn = first.caller;
  return [
    {
      severity: 'info',
      confidence: 'likely',
      place: placeInside(at.caller, at.call),
      function: fn.name,
      message: `\`${fn.name}\` calls ${order.name}() before ${step.call.callee}(): ${order.ends} is gone by then, and the later step ${order.harm}`,
      timelines: ['unbind', 'unplug-open'],
      fixes: [],
      identity: ['order', order.name, step.call.callee],
      chain: [
        ...wayLinks(ended, `ends ${order.ends}`),
        ...wayLinks(needed, `needs ${order.ends}`, 'note'),
        ...wayLinks(through, 'which talks to the device here', 'note'),
      ],
    },
  ];
}

/** The driver's pointer of the device is NULL by then. */
function readAfterClear({ end }: ClosedBinding, found: ClearedData): RuleFinding {
  const { action, clears, clear, reads, read, always } = found;
  const by = action ? `, in the devm action \`${action.callback}\`` : '';
  const doubt = always ? '' : ', whenever its conditions lead there';
  return {
    severity: always ? 'error' : 'warning',
    confidence: always ? 'certain' : 'likely',
    place: placeInside(reads.caller, reads.call),
    function: reads.caller.name,
    message: `\`${reads.caller.name}\` follows what ${reads.call.callee}() answers${by}: NULL, for \`${clears.caller.name}\` has cleared the device's data before${doubt}`,
    timelines: ['unbind', 'unplug-open'],
    fixes: [],
    identity: ['driver-data', clears.caller.name],
    chain: [
      tableLink(end),
      ...wayLinks(clear, 'clears the pointer that the driver keeps for its device'),
      ...(action
        ? [
            callLink(
              { caller: action.fn, call: action.call },
              'registration',
              `\`${action.callback}\` runs at unbind, after \`${end.fn.name}\``,
            ),
          ]
        : []),
      ...wayLinks(read, 'reads it, and follows it', 'note'),
    ],
  };
}

/** One for each callback: what else it uses is told along with the first. */
function judge(
  pass: Pass,
  { end }: ClosedBinding,
  off: readonly TableFunction[],
  names: readonly string[],
): RuleFinding[] {
  const shutdowns = waysToCalls(pass, end.fn, names);
  if (shutdowns.length === 0) return [];
  const ended = endsAndClears(pass, end.fn).filter(
    ({ kind, way }) => kind === 'ended' && !shutdowns.some((one) => comesBefore(pass, one, way)),
  );
  if (ended.length === 0) return [];
  const told = new Set<FunctionRef>();
  return off.flatMap((callback): RuleFinding[] => {
    if (told.has(callback.fn)) return [];
    told.add(callback.fn);
    const found = ended.flatMap((one) => {
      const shutdown = shutdowns.find((way) => canComeAfter(pass, one.way, way));
      const use = shutdown && useIn(pass, callback.fn, one, end.fn, shutdown);
      return use ? [{ ended: one, shutdown, use }] : [];
    });
    const [first] = found;
    const last = first?.ended.way.at(-1);
    if (!first || !last) return [];
    const sure = first.ended.always;
    const { key, what } = first.ended;
    const name = callback.fn.name;
    return [
      {
        severity: sure ? 'warning' : 'info',
        confidence: sure ? 'likely' : 'possible',
        place: placeInside(last.caller, last.call),
        function: last.caller.name,
        message: `\`${end.fn.name}\` gives back the ${what} \`${key.member}\` before ${first.shutdown.at(-1)?.call.callee ?? ''}() runs \`${name}\`, which uses it`,
        timelines: ['unbind', 'unplug-open'],
        fixes: [],
        identity: [name, key.tag, key.member],
        causes: [earlyEndCause(placeInside(last.caller, last.call))],
        chain: [
          tableLink(end),
          ...wayLinks(first.ended.way, `gives back \`${key.member}\``),
          ...wayLinks(first.shutdown, `runs \`${name}\``, 'note'),
          tableLink(callback),
          functionLink(callback.fn, 'callback', `\`${name}\` runs then`),
          ...wayLinks(first.use, `uses \`${key.member}\``, 'note'),
          ...found.slice(1).flatMap(({ ended: other }) => {
            const site = other.way.at(-1);
            return site
              ? [
                  callLink(
                    site,
                    'note',
                    `\`${other.key.member}\`, which it uses too, is given back here`,
                  ),
                ]
              : [];
          }),
        ],
      },
    ];
  });
}

function useIn(
  pass: Pass,
  fn: FunctionRef,
  { key, cleared }: End,
  end: FunctionRef,
  shutdown: Way,
): Way | undefined {
  return usesOf(pass, fn, key, cleared ? { nothing: true } : {}).find(
    (way) => !isFlagged(pass, way, end, shutdown),
  );
}
