/** A hwmon, sysfs, LED or other node that can still be used while remove() has ended what its functions work with. */
import { callLink, functionLink, tableLink, wayLinks } from '../chains.ts';
import { goneWithOwnComponent } from '../hazards/after-components.ts';
import { endedStructs, usesOfEnded } from '../hazards/ended-structs.ts';
import { type End, endedWhile, endsWhileRunning } from '../hazards/ends.ts';
import { isFlagged } from '../hazards/flagged.ts';
import { type FreedLinked, freedLinked } from '../hazards/freed-linked.ts';
import { idlenessOf, isHeld } from '../hazards/held-nodes.ts';
import { type UsedAtExit, usedAtExit } from '../hazards/module-exit.ts';
import { endsOfNodes, type Node, nodesIn } from '../hazards/nodes.ts';
import { type Transfer, unstoppedTransfers } from '../hazards/transfers.ts';
import type { Way } from '../hazards/ways.ts';
import { placeInside } from '../places.ts';
import type { TableFunction } from '../program/entries.ts';
import type { FunctionRef } from '../program/program.ts';
import type { ChainLink } from '../result.ts';
import { bindingsOf, type ClosedBinding, closedBindingsOf } from '../teardown/bindings.ts';
import type { Pass, Rule, RuleFinding } from './rule.ts';

export const nodeOutlivesResource: Rule = {
  id: 'node-outlives-resource',
  summary: 'a node of the device can still be used after remove() has ended what it works with',
  defaultSeverity: 'warning',
  run(pass) {
    const bindings = closedBindingsOf(pass);
    const pending = bindings.flatMap((binding) =>
      unstoppedTransfers(pass, binding).flatMap((one) => judgeTransfer(pass, binding, one)),
    );
    pending.push(...freedLinked(pass).map(linkedFinding));
    const all = nodesIn(pass);
    if (all.length === 0) return pending;
    const found = bindings.flatMap((binding) =>
      all
        .filter(({ site }) => pass.graph.isReachedFrom(site.caller, binding.starts))
        .flatMap((node) => judge(pass, binding, node) ?? []),
    );
    const atShutdown = shutdownsOf(pass).flatMap(({ shutdown, starts }) =>
      all
        .filter(
          ({ group, site }) => group.afterShutdown && pass.graph.isReachedFrom(site.caller, starts),
        )
        .flatMap((node) => judgeShutdown(pass, shutdown, node) ?? []),
    );
    const atExit = usedAtExit(pass).map((one) => findingOf(exitLink(one), one.exit, one.node, one));
    // Several registrations of a kind run the same functions.
    const told = new Set<string>();
    return [...pending, ...found, ...atShutdown, ...atExit].filter(({ identity }) => {
      const name = identity.join(' ');
      return !told.has(name) && told.add(name);
    });
  },
};

interface Found {
  readonly end: End;
  readonly handler: FunctionRef;
  readonly way: Way;
}

/** The first thing that a node finds gone: what else it works with goes the same way. */
function judge(pass: Pass, binding: ClosedBinding, node: Node): RuleFinding | undefined {
  const { fn: out } = binding.end;
  const stops = endsOfNodes(pass, out, node.group);
  const managed = node.managed && stops.length === 0;
  const all = endedIn(pass, out, stops, managed);
  const idle = all.length === 0 ? 'always' : idlenessOf(pass, binding, node.group);
  if (idle === 'always') return undefined;
  const ended = all.filter(
    ({ way }) => idle !== 'unless held' || !isHeld(pass, out, node.group, way),
  );
  const found = firstUsed(pass, node, ended, out);
  return found && findingOf(tableLink(binding.end), out, node, found);
}

/** What a way out ends for good while a node is still there. */
function endedIn(pass: Pass, out: FunctionRef, stops: readonly Way[], managed: boolean): End[] {
  return [
    ...endsWhileRunning(pass, out, stops, managed).filter(({ kind }) => kind === 'ended'),
    ...[...endedStructs(pass, out), ...goneWithOwnComponent(pass, out)].filter(
      endedWhile(pass, stops, managed),
    ),
  ];
}

function firstUsed(
  pass: Pass,
  node: Node,
  ended: readonly End[],
  out: FunctionRef,
): Found | undefined {
  return ended
    .toSorted((a, b) => Number(b.always) - Number(a.always))
    .map((end) => usedBy(pass, node, end, out))
    .find((one) => one !== undefined);
}

/** What shutdown ends and a restart handler or panic notifier finds gone: nothing takes that down. */
function judgeShutdown(pass: Pass, shutdown: TableFunction, node: Node): RuleFinding | undefined {
  const { fn: out } = shutdown;
  const stops = endsOfNodes(pass, out, node.group);
  const found = firstUsed(pass, node, endedIn(pass, out, stops, true), out);
  if (!found) return undefined;
  const until = 'it runs after that, when the machine restarts or panics';
  return { ...findingOf(tableLink(shutdown), out, node, found, until), timelines: [] };
}

/** What an URB that nothing stops finds gone when it is done. */
function judgeTransfer(
  pass: Pass,
  binding: ClosedBinding,
  { site, handlers }: Transfer,
): RuleFinding[] {
  const { fn: out } = binding.end;
  const group = { group: 'transfer', what: 'the URB', begins: [], ends: [] };
  const node: Node = { group, site, managed: true, handlers };
  const found = firstUsed(pass, node, endedIn(pass, out, [], true), out);
  return found
    ? [findingOf(tableLink(binding.end), out, node, found, 'nothing stops it before')]
    : [];
}

/** A struct goes while others follow a member of it. */
function linkedFinding({ linked, key, site, free, sure }: FreedLinked): RuleFinding {
  const [release = ''] = linked.releases;
  return {
    severity: sure ? 'warning' : 'info',
    confidence: sure ? 'likely' : 'possible',
    place: placeInside(free.caller, free.call),
    function: free.caller.name,
    message: `\`${free.caller.name}\` frees the struct \`${key.tag}\` while the ${linked.what} \`${key.member}\` in it is still there: no ${release}() comes before`,
    timelines: [],
    fixes: [],
    identity: ['linked', free.caller.name, key.tag, key.member],
    chain: [
      callLink(
        site,
        'registration',
        `${linked.name}() has the ${linked.what} followed from here on`,
      ),
      callLink(free, 'release', `frees \`${key.tag}\`, which it lies in`),
    ],
  };
}

interface Shutdown {
  readonly shutdown: TableFunction;
  readonly starts: readonly FunctionRef[];
}

/** The shutdown functions of drivers, but for those that are their remove(). */
function shutdownsOf(pass: Pass): Shutdown[] {
  return bindingsOf(pass).flatMap(({ start, end, starts }) =>
    pass.tableFunctions
      .filter(
        ({ role, table, fn }) => role === 'shutdown' && table === start.table && fn !== end?.fn,
      )
      .map((shutdown) => ({ shutdown, starts })),
  );
}

function usedBy(pass: Pass, node: Node, end: End, out: FunctionRef): Found | undefined {
  for (const handler of node.handlers) {
    const way = usesOfEnded(pass, handler, end).find((one) => !isFlagged(pass, one, out, end.way));
    if (way) return { end, handler, way };
  }
  return undefined;
}

function exitLink({ exit }: UsedAtExit): ChainLink {
  return functionLink(exit, 'callback', `\`${exit.name}\` runs when the module is unloaded`);
}

function findingOf(
  begins: ChainLink,
  out: FunctionRef,
  { group, site, managed }: Node,
  { end, handler, way }: Found,
  until = managed ? 'devm takes it down after that' : `\`${out.name}\` takes it down after that`,
): RuleFinding {
  const { key, what, always } = end;
  return {
    severity: always ? 'warning' : 'info',
    confidence: always ? 'likely' : 'possible',
    place: placeInside(site.caller, site.call),
    function: site.caller.name,
    message: `\`${handler.name}\` uses the ${what} \`${key.member}\`, which \`${out.name}\` ends while ${group.what} is still there: ${until}`,
    timelines: ['unbind', 'unplug-open'],
    fixes: [],
    identity: [group.group, handler.name, key.tag, key.member],
    chain: [
      callLink(site, 'registration', `${group.what} runs \`${handler.name}\`; ${until}`),
      begins,
      ...wayLinks(end.way, `ends \`${key.member}\``),
      functionLink(handler, 'callback', `\`${handler.name}\` can run until ${group.what} is gone`),
      ...wayLinks(way, `uses \`${key.member}\``, 'note'),
    ],
  };
}
