/** A mode-setting driver whose way out leaves the display on, or the connector poll running. */
import { functionLink, tableLink, wayLinks } from '../chains.ts';
import type { TableDef, Value } from '../facts/types.ts';
import { shutDown, stopPolling } from '../fixes/remove-calls.ts';
import { driverOnAtReboot } from '../hazards/on-at-reboot.ts';
import { namePlace, placeIn } from '../places.ts';
import type { ChainLink } from '../result.ts';
import {
  type ClosedBinding,
  closedBindingsOf,
  firstWith,
  waysToRole,
} from '../teardown/bindings.ts';
import { reachRemoval } from '../teardown/removal.ts';
import type { Pass, Rule, RuleFinding } from './rule.ts';

export const removeWithoutShutdown: Rule = {
  id: 'remove-without-shutdown',
  summary:
    'remove or unbind of a mode-setting driver leaves the display on or its poll worker running',
  defaultSeverity: 'warning',
  run(pass) {
    const modes = pass.graph.waysTo(modeConfigNames(pass));
    const registering = waysToRole(pass, 'register');
    const bindings = closedBindingsOf(pass).filter(
      (binding) => firstWith(modes, binding.starts) && firstWith(registering, binding.starts),
    );
    const told = new Set<TableDef>();
    return bindings.flatMap((binding) => [
      ...pollFindings(pass, binding),
      ...shutdownFindings(pass, binding),
      ...rebootFindings(pass, binding, told),
    ]);
  },
};

/** What makes a drm_device one with modes, managed or not. */
function modeConfigNames(pass: Pass): string[] {
  const { managed, milestones } = pass.catalog.data;
  return [
    ...managed.filter((api) => api.kind === 'mode-config').map((api) => api.name),
    ...milestones
      .filter((milestone) => milestone.role === 'mode-config-init')
      .map((milestone) => milestone.name),
  ];
}

function shutdownFindings(pass: Pass, binding: ClosedBinding): RuleFinding[] {
  const removal = reachRemoval(pass, binding);
  if (!removal || firstWith(waysToRole(pass, 'shutdown'), binding.ends)) return [];
  if (pass.graph.unresolvedIn(removal.functions)) return [];
  const { end } = binding;
  const chain = [tableLink(end), ...removal.chain, ...modeCleanup(pass, binding)];
  return [
    {
      severity: 'info',
      confidence: 'likely',
      place: namePlace(end.fn),
      function: end.fn.name,
      message: `\`${end.fn.name}\` unregisters the drm_device and leaves the display on: framebuffers stay pinned past unbind`,
      timelines: ['unbind', 'unplug-open'],
      chain,
      fixes: () => shutDown(pass, binding.ends),
      identity: ['shutdown'],
    },
  ];
}

/** The way out turns the display off, and nothing does when the machine goes down; once for each driver. */
function rebootFindings(pass: Pass, binding: ClosedBinding, told: Set<TableDef>): RuleFinding[] {
  const driver = driverOnAtReboot(pass, binding);
  if (!driver || told.has(driver.table)) return [];
  told.add(driver.table);
  const { file, table } = driver;
  const { end } = binding;
  const off = waysToRole(pass, 'shutdown');
  const from = firstWith(off, binding.ends);
  const removes = pass.tableFunctions.filter(
    (one) => one.table === table && one.role === 'remove' && one.fn !== end.fn,
  );
  return [
    {
      severity: 'info',
      confidence: 'likely',
      place: namePlace(end.fn),
      function: end.fn.name,
      message: `the ${table.struct} \`${table.name}\` names no .shutdown: at reboot and kexec the display is left on, with its scanout, its clocks and the supplies of its panel`,
      timelines: ['unbind'],
      fixes: [],
      identity: ['reboot', table.name],
      chain: [
        tableLink(end),
        {
          role: 'note',
          place: placeIn(file, table),
          function: '',
          message: `\`${table.name}\` has no .shutdown, and the kernel calls no remove() when the machine goes down`,
        },
        ...removes.map(({ fn }) => functionLink(fn, 'note', `\`${fn.name}\` runs at unbind alone`)),
        ...(from ? wayLinks(off.from(from), 'turns the display off, at unbind alone') : []),
      ],
    },
  ];
}

/** Where the way out takes mode setting apart: a shutdown would have to come before. */
function modeCleanup(pass: Pass, binding: ClosedBinding): ChainLink[] {
  const ways = waysToRole(pass, 'mode-config-cleanup', 'poll-fini');
  const from = firstWith(ways, binding.ends);
  return from
    ? wayLinks(ways.from(from), 'mode setting is taken apart here with the display on', 'note')
    : [];
}

function pollFindings(pass: Pass, binding: ClosedBinding): RuleFinding[] {
  const { end, starts, ends } = binding;
  const manual = pass.catalog.data.milestones.filter(
    (m) => m.role === 'poll-init' && !pass.catalog.managed.has(m.name),
  );
  const polls = pass.graph.waysTo(manual.map((m) => m.name));
  const from = firstWith(polls, starts);
  const stops = waysToRole(pass, 'poll-fini');
  if (!from || firstWith(stops, ends) || pass.graph.unresolvedIn(pass.graph.reachedFrom(ends)))
    return [];
  const late = pass.tableFunctions.find((one) => one.role === 'last-put' && stops.has(one.fn));
  const when = late
    ? `only \`${late.fn.name}\` stops it, at the last drm_dev_put()`
    : 'nothing stops it';
  const polled = isPolled(pass);
  return [
    {
      severity: polled ? 'warning' : 'info',
      confidence: polled ? 'likely' : 'possible',
      place: namePlace(end.fn),
      function: end.fn.name,
      message: `\`${end.fn.name}\` leaves the output poll worker running after the device is unbound: ${when}`,
      timelines: ['unbind', 'unplug-open'],
      fixes: () => stopPolling(pass, ends),
      identity: ['poll'],
      chain: [
        ...wayLinks(polls.from(from), 'starts the output poll worker', 'allocation'),
        tableLink(end),
        functionLink(
          end.fn,
          'callback',
          `\`${end.fn.name}\` and the devm actions run at unbind and do not stop it`,
        ),
        ...(late
          ? wayLinks(stops.from(late.fn), 'stops the output poll worker, at the last drm_dev_put()')
          : []),
      ],
    },
  ];
}

/**
 * Whether a connector asks to be polled: the worker runs only then. A module that makes no connector, attaches
 * no bridge and binds no components shows none that does not: that it asks for the worker is all that is known.
 */
function isPolled(pass: Pass): boolean {
  const { kms, data } = pass.catalog;
  const outputs = [
    ...Object.keys(kms.get('drm_connector')?.inits ?? {}),
    ...data.milestones.filter(({ role }) => role === 'attach-output').map(({ name }) => name),
    ...data.dispatches.filter(({ groups }) => groups === 'open').map(({ name }) => name),
  ];
  if (pass.program.callsOfAny(outputs).length === 0) return true;
  return pass.program
    .storesTo('polled')
    .some(({ assign }) => wordsOf(assign.value).some((word) => /_POLL_(DIS)?CONNECT$/.test(word)));
}

function wordsOf(value: Value): readonly string[] {
  return value.kind === 'words'
    ? value.words
    : value.kind === 'path'
      ? [value.root]
      : value.kind === 'choice'
        ? value.of.flatMap(wordsOf)
        : [];
}
