/** What probe takes by hand and nothing gives back when the driver is unbound. */

import { callLink, functionLink, tableLink, wayLinks } from '../chains.ts';
import { type Left, type LeftBehind, leftBehind, leftByCallbacks } from '../hazards/left-behind.ts';
import { nodesIn } from '../hazards/nodes.ts';
import { placeInside } from '../places.ts';
import { pathIn } from '../program/objects.ts';
import type { ChainLink, Severity } from '../result.ts';
import type { Pass, Rule, RuleFinding } from './rule.ts';

export const neverGivenBack: Rule = {
  id: 'never-given-back',
  summary: 'what probe takes by hand is given back on no way out of the driver',
  defaultSeverity: 'warning',
  run: (pass) => {
    const left = leftBehind(pass);
    const seen = new Set(left.flatMap((one) => one.left.map(({ site }) => site.call)));
    return [...left, ...leftByCallbacks(pass)].flatMap((one, i) =>
      findingsOf(
        pass,
        i < left.length
          ? one
          : { ...one, left: one.left.filter(({ site }) => !seen.has(site.call)) },
      ),
    );
  },
};

/** A driver without a way out has one mistake, whatever it leaves; another leaves each thing by itself. */
function findingsOf(pass: Pass, { binding, left }: LeftBehind): RuleFinding[] {
  const { end, start } = binding;
  const sorted = left.toSorted((a, b) => rank(pass, a) - rank(pass, b));
  if (end) {
    const groups = new Map(
      sorted.toReversed().map((one) => [one.site.caller.name + one.take.group, one]),
    );
    return [...groups.values()]
      .reverse()
      .map((one) =>
        findingOf(
          pass,
          one,
          true,
          `\`${end.fn.name}\` does not, nor does anything that it leads to`,
          [tableLink(end)],
        ),
      );
  }
  const [first, ...others] = sorted;
  return first
    ? [
        findingOf(
          pass,
          first,
          false,
          `the driver of \`${start.fn.name}\` has no function for the way out`,
          [
            tableLink(start),
            ...others.map(({ site, take }) =>
              callLink(site, 'note', `${take.name}() is not undone either`),
            ),
          ],
        ),
      ]
    : [];
}

/** What the kernel calls by itself is worst, then what others can reach. */
function rank(pass: Pass, one: Left): number {
  const { take, quiet, always } = one;
  const kind = isHandled(pass, one)
    ? 0
    : take.group === 'drm-device'
      ? 2
      : quiet
        ? 10
        : staysAs(pass, one) !== undefined
          ? 8
          : take.exclusive
            ? 4
            : 6;
  return kind + (always ? 0 : 1);
}

/** Whether an interrupt handler of the module runs on. */
function isHandled(pass: Pass, { take }: Left): boolean {
  return pass.catalog.data.interrupts.some(
    ({ name, does }) => does === 'request' && name === take.name,
  );
}

function staysAs({ catalog }: Pass, { take }: Left) {
  return catalog.takeGroups.get(take.group)?.stays;
}

function severityOf(pass: Pass, one: Left, hasEnd: boolean): Severity {
  const stays = staysAs(pass, one);
  if (one.quiet || stays === 'leak' || (!hasEnd && stays === 'system')) return 'info';
  return isHandled(pass, one) && one.always && (hasEnd || !staysToo(pass, one))
    ? 'error'
    : 'warning';
}

/**
 * Whether what an interrupt handler gets was allocated by hand, or is nothing or a variable of a module that stays: a
 * driver without a way out leaves that as well.
 */
function staysToo(pass: Pass, { site: { caller, call }, loaded }: Left): boolean {
  const data = call.args.at(-1);
  if (!data) return false;
  const path = pathIn(data.value);
  const isOwn = [...caller.facts.params, ...caller.facts.locals].some(
    ({ name }) => name === path?.root,
  );
  const isVariable = path !== undefined && !isOwn && path.steps.length === 0 && path.address === 1;
  if (isVariable || path?.root === 'NULL' || data.value.kind === 'literal') return loaded;
  const { origins } = pass.memory.of(caller, data.value);
  return origins.length > 0 && origins.every(({ scope }) => scope === 'manual');
}

function findingOf(
  pass: Pass,
  one: Left,
  hasEnd: boolean,
  why: string,
  leads: readonly ChainLink[],
): RuleFinding {
  const { site, take, way, always, undone } = one;
  const severity = severityOf(pass, one, hasEnd);
  const handler = isHandled(pass, one) ? handlerOf(pass, one) : undefined;
  const doubt = always ? '' : ', where probe comes to it,';
  return {
    severity,
    confidence: severity === 'error' ? 'certain' : always ? 'likely' : 'possible',
    place: placeInside(site.caller, site.call),
    function: site.caller.name,
    message: `nothing undoes ${take.name}()${doubt} when the device is unbound: ${why}${harmOf(pass, one, hasEnd, handler?.name)}`,
    timelines: ['unbind', 'unplug-open'],
    fixes: [],
    identity: [take.name, take.group],
    chain: [
      ...wayLinks(way, `${take.name}() takes it`, 'allocation'),
      ...(handler
        ? [
            functionLink(
              handler,
              'callback',
              `\`${handler.name}\` runs at the next interrupt, bound or not`,
            ),
          ]
        : []),
      ...nodesIn(pass)
        .filter((node) => node.site.call === site.call)
        .flatMap(({ handlers, group }) =>
          handlers.map((fn) =>
            functionLink(fn, 'callback', `${group.what} runs \`${fn.name}\`, bound or not`),
          ),
        ),
      ...(undone ? [callLink(undone, 'note', 'undone here, which only a failed probe runs')] : []),
      ...leads,
    ],
  };
}

function harmOf(pass: Pass, one: Left, hasEnd: boolean, handler: string | undefined): string {
  if (handler !== undefined && !hasEnd && staysToo(pass, one))
    return `; the next interrupt runs \`${handler}\` of a device that is bound no more`;
  if (handler !== undefined) return `; the next interrupt runs \`${handler}\` with what is gone`;
  if (one.take.group === 'drm-device') return '; user space still reaches the drm_device';
  if (one.quiet || staysAs(pass, one) === 'leak') return '';
  if (one.inTheWay) return '; it stays, and the next probe fails on it';
  return one.take.exclusive
    ? '; it stays, and works with what is gone'
    : '; it stays, and leads into a driver that is gone';
}

function handlerOf(pass: Pass, { site: { caller, call } }: Left) {
  const api = pass.catalog.data.interrupts.find(({ name }) => name === call.callee);
  return (api?.handlers ?? [])
    .map((index) => pathIn(call.args[index]?.value ?? { kind: 'literal', text: '' }))
    .map((path) => path && pass.program.resolve(path.root, caller.file))
    .find((fn) => fn !== undefined);
}
