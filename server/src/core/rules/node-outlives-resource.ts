/** A hwmon, sysfs, LED or other node that can still be used while remove() has ended what its functions work with. */
import { callLink, functionLink, tableLink, wayLinks } from '../chains.ts';
import { endedStructs, usesOfEnded } from '../hazards/ended-structs.ts';
import { type End, endedWhile, endsWhileRunning } from '../hazards/ends.ts';
import { isFlagged } from '../hazards/flagged.ts';
import { type UsedAtExit, usedAtExit } from '../hazards/module-exit.ts';
import { endsOfNodes, type Node, nodesIn } from '../hazards/nodes.ts';
import type { Way } from '../hazards/ways.ts';
import { placeInside } from '../places.ts';
import type { FunctionRef } from '../program/program.ts';
import type { ChainLink } from '../result.ts';
import { type ClosedBinding, closedBindingsOf } from '../teardown/bindings.ts';
import type { Pass, Rule, RuleFinding } from './rule.ts';

export const nodeOutlivesResource: Rule = {
  id: 'node-outlives-resource',
  summary: 'a node of the device can still be used after remove() has ended what it works with',
  defaultSeverity: 'warning',
  run(pass) {
    const all = nodesIn(pass);
    if (all.length === 0) return [];
    const found = closedBindingsOf(pass).flatMap((binding) =>
      all
        .filter(({ site }) => pass.graph.isReachedFrom(site.caller, binding.starts))
        .flatMap((node) => judge(pass, binding, node) ?? []),
    );
    const atExit = usedAtExit(pass).map((one) => findingOf(exitLink(one), one.exit, one.node, one));
    // Several registrations of a kind run the same functions.
    const told = new Set<string>();
    return [...found, ...atExit].filter(({ identity }) => {
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
  const gone = endedStructs(pass, out).filter(endedWhile(pass, stops, managed));
  const ended = [
    ...endsWhileRunning(pass, out, stops, managed).filter(({ kind }) => kind === 'ended'),
    ...gone,
  ];
  const found = ended
    .toSorted((a, b) => Number(b.always) - Number(a.always))
    .map((end) => usedBy(pass, node, end, out))
    .find((one) => one !== undefined);
  return found && findingOf(tableLink(binding.end), out, node, found);
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
): RuleFinding {
  const { key, what, always } = end;
  const until = managed
    ? 'devm takes it down after that'
    : `\`${out.name}\` takes it down after that`;
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
