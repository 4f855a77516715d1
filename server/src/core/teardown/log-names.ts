/** Which step a name in a kernel's log means. */
import type { Catalog } from '../catalog.ts';
import type { LogName } from '../catalog-entries.ts';
import type { Registration } from '../program/registrations.ts';
import type { TeardownStep } from '../result.ts';
import type { LogEvent } from './log.ts';

export interface LogNames {
  /** The names that a step's release can have in the log. */
  of(step: TeardownStep): ReadonlySet<string>;
  /** The names of what a step's function puts on the list beside that. */
  beside(step: TeardownStep): ReadonlySet<string>;
  /** Whether a step's function adds nothing on some kernels, or for some devices. */
  isSometimes(step: TeardownStep): boolean;
  /** Whether the kernel's own code adds this beside the driver's. */
  isOwn(event: Pick<LogEvent, 'name'>): boolean;
  /** What the entry says of a drm_device's life. */
  marks(event: Pick<LogEvent, 'name'>): LogName['marks'];
}

const none: ReadonlySet<string> = new Set();

export function logNamesOf(catalog: Catalog): LogNames {
  const byApi = new Map<string, string[]>();
  const beside = new Map<string, Set<string>>();
  const own = new Set<string>();
  const sometimes = new Set<string>();
  const marks = new Map<string, LogName['marks']>();
  for (const entry of catalog.data.logNames) {
    for (const api of entry.apis) byApi.set(api, [...(byApi.get(api) ?? []), entry.name]);
    for (const api of entry.beside ?? [])
      beside.set(api, (beside.get(api) ?? new Set()).add(entry.name));
    for (const api of entry.sometimes ?? []) sometimes.add(api);
    if ((entry.apis.length === 0 && !entry.beside) || entry.own) own.add(entry.name);
    if (entry.marks) marks.set(entry.name, entry.marks);
  }
  return {
    of: (step) =>
      new Set([
        step.action,
        ...(step.logged === undefined ? [] : [step.logged]),
        ...(byApi.get(step.action) ?? []),
      ]),
    beside: ({ action }) => beside.get(action) ?? none,
    isSometimes: ({ action }) => sometimes.has(action),
    isOwn: ({ name }) => own.has(name),
    marks: ({ name }) => marks.get(name),
  };
}

/** The kernel keeps the callback's name as the registering macro was given it: in a helper, a parameter's. */
export function loggedAs({ api, wrappers, callback, callbackArgument }: Registration): {
  readonly logged?: string;
} {
  const call = wrappers.at(-1)?.facts.calls.find((one) => one.callee === api.name);
  const inHelper = api.callback === undefined ? undefined : call?.args[api.callback];
  const argument = inHelper ?? (callbackArgument.text === callback ? undefined : callbackArgument);
  return argument ? { logged: argument.text.replace(/\s+/g, ' ') } : {};
}
