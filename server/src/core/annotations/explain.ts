/** What is said of a registration, a callback or an entry point in a hover or a tooltip. */
import type { Catalog, ManagedApi, ManagedRole } from '../catalog.ts';
import type { EntryOrder, Finding, Scope, TeardownStep } from '../result.ts';
import type { ManagedCall } from './managed-calls.ts';
import type { ChainName, Nth, StepPosition } from './positions.ts';
import { entryLabel, hazardsOf, scopeNames } from './short-texts.ts';
import { messageIn, type Style } from './style.ts';

/** So many ways to one place are shown; a helper that all of a driver calls has more. */
const shownPositions = 6;

const whenIt: Readonly<Record<Scope, string>> = {
  bound: 'at unbind, last in, first out',
  drm: 'at the last drm_dev_put(), last in, first out; with a file open that is after unbind',
};

const chainWords: Readonly<Record<ChainName, string>> = {
  remove: 'in remove',
  unbind: 'at unbind',
  'last put': 'at the last put',
};

type Verb = (api: ManagedApi, scope: string) => string;

const doing: Readonly<Record<ManagedRole, Verb>> = {
  'add-action': ({ scope, orReset }) =>
    `registers an action that runs ${whenIt[scope]}${orReset ? '; when registering fails, it runs at once' : ''}`,
  'release-action': () => 'runs a registered action now and takes it off the list',
  'remove-action': () => 'takes a registered action off the list without running it',
  'alloc-memory': ({ scope }) => `allocates memory that is freed ${whenIt[scope]}`,
  'free-memory': () => 'frees managed memory now and takes it off the list',
  acquire: ({ scope, kind }) => `takes something (${kind}) that is given back ${whenIt[scope]}`,
  'alloc-object': ({ scope, kind }) =>
    `allocates and initialises an object (${kind}) that is cleaned up ${whenIt[scope]}`,
  'init-object': ({ scope, kind }) =>
    `initialises an object (${kind}) that is cleaned up ${whenIt[scope]}`,
  'device-alloc': () =>
    'allocates the drm_device; its reference is dropped at unbind, its memory freed at the last put',
};

function nth({ nth: n, of }: Nth): string {
  return `${n} of ${of}`;
}

function onTimelines({ chain, unbind, unplugOpen }: StepPosition): string {
  if (chain === null) return 'given back before teardown';
  const where = chainWords[chain.name];
  if (unbind?.nth === unplugOpen?.nth && unbind?.of === unplugOpen?.of)
    return `step ${nth(chain)}, ${where}`;
  const steps = [
    unbind && `step ${nth(unbind)} on unbind`,
    unplugOpen && `step ${nth(unplugOpen)} on unplug with an open file`,
  ].filter((text) => text !== null);
  return `${where}: ${steps.join(', ')}`;
}

/** Under which circumstances it is registered. */
function circumstances(style: Style, { conditional, repeats, group }: TeardownStep): string[] {
  return [
    ...(conditional === null ? [] : [`under ${style.code(conditional)}`]),
    ...(repeats === null ? [] : [`once for each turn of ${style.code(repeats)}`]),
    ...(group === null ? [] : [`in the devres group of ${style.code(group)}`]),
  ];
}

function positionLines(style: Style, position: StepPosition): string[] {
  const { entry, step } = position;
  const path = step.registered.via.map((name) => style.code(name)).join(' → ');
  const more = circumstances(style, step);
  return [
    `- ${style.code(entry.entry)}: ${onTimelines(position)}`,
    ...(path === '' ? [] : [`  - reached by ${path}`]),
    ...(more.length === 0 ? [] : [`  - ${more.join(', ')}`]),
  ];
}

/** One line for each way to get there, with the way. */
export function explainPositions(style: Style, positions: readonly StepPosition[]): string[] {
  const entries = new Set(positions.map(({ entry }) => entry)).size;
  const left = positions.length - shownPositions;
  return [
    ...(entries > 1 ? [`Reached from ${entries} entries:`, ''] : []),
    ...positions.slice(0, shownPositions).flatMap((position) => positionLines(style, position)),
    ...(left > 0 ? [`- and ${left} more`] : []),
  ];
}

function partner(style: Style, api: ManagedApi, catalog: Catalog): string[] {
  const other = api.counterpart === undefined ? undefined : catalog.managed.get(api.counterpart);
  return other ? [`In ${scopeNames[other.scope]}: ${style.code(`${other.name}()`)}`] : [];
}

/** The page of the kernel's documentation that has the API, by the header that declares it. */
function pageOf(style: Style, api: ManagedApi, catalog: Catalog): string[] {
  const header = api.source?.split(':')[0];
  if (header === undefined) return [];
  const page = catalog.data.pages.find((one) => header.startsWith(one.header));
  if (page === undefined) return [];
  const fragment = page.fragment.replace('{name}', api.name);
  const target = `https://docs.kernel.org/${page.page}#${fragment}`;
  return [style.link('Kernel documentation', target)];
}

function findingLines(style: Style, findings: readonly Finding[]): string[] {
  return findings.map(
    ({ severity, rule, message }) =>
      `${style.strong(severity)} ${style.code(rule)}: ${messageIn(style, message)}`,
  );
}

function released(style: Style, positions: readonly StepPosition[]): string[] {
  const words = new Set(positions.flatMap(({ step }) => step.releases ?? []));
  return [...words].map((text) => `Gives back ${messageIn(style, text)}`);
}

function paragraphs(parts: readonly (readonly string[])[]): string {
  return parts
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n');
}

function each(lines: readonly string[]): readonly (readonly string[])[] {
  return lines.map((line) => [line]);
}

/** A managed call: its scope, when it runs, what it gives back, its partner. */
export function explainCall(
  style: Style,
  { api, call, registration }: ManagedCall,
  positions: readonly StepPosition[],
  findings: readonly Finding[],
  catalog: Catalog,
): string {
  const through = call.callee === api.name ? '' : ` through ${style.code(`${api.name}()`)}`;
  const verb = doing[api.role](api, scopeNames[api.scope]);
  const data = registration?.data?.text.replace(/\s+/g, ' ').trim() ?? '';
  const action = registration ? [`Runs ${style.code(`${registration.callback}(${data})`)}`] : [];
  return paragraphs([
    [`${style.strong(scopeNames[api.scope])} ${style.code(`${call.callee}()`)} ${verb}${through}.`],
    ...each([...action, ...released(style, positions)]),
    explainPositions(style, positions),
    ...each(findingLines(style, findings)),
    ...each([...partner(style, api, catalog), ...pageOf(style, api, catalog)]),
  ]);
}

/** A function that teardown runs. */
export function explainCallback(
  style: Style,
  name: string,
  positions: readonly StepPosition[],
  findings: readonly Finding[],
): string {
  const scopes = [...new Set(positions.flatMap(({ step }) => step.scope ?? []))];
  const runs = scopes.map((scope) => `${scopeNames[scope]} action, runs ${whenIt[scope]}`);
  const places = new Set(positions.flatMap(({ step }) => step.registered.function || []));
  const where = [...places].map((fn) => style.code(fn)).join(', ');
  return paragraphs([
    [`${style.code(`${name}()`)}: ${runs.length > 0 ? runs.join('; ') : 'called at teardown'}.`],
    ...each(where === '' ? [] : [`Registered in ${where}`]),
    ...each(released(style, positions)),
    explainPositions(style, positions),
    ...each(findingLines(style, findings)),
  ]);
}

/** A probe or bind function. */
export function explainEntry(
  style: Style,
  entry: EntryOrder,
  findings: readonly Finding[],
): string {
  return paragraphs([
    [
      `${style.code(`${entry.entry}()`)} of ${style.code(entry.table)} takes ${entryLabel(entry, [])}.`,
    ],
    ...each(findingLines(style, hazardsOf(entry, findings))),
  ]);
}
