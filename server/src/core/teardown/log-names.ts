/** Which step a name in a kernel's log means. */
import type { Catalog } from '../catalog.ts';
import type { Registration } from '../program/registrations.ts';
import type { TeardownStep } from '../result.ts';
import type { LogEvent } from './log.ts';

export interface LogNames {
  /** The names that a step's release can have in the log. */
  of(step: TeardownStep): ReadonlySet<string>;
  /** Whether the kernel's own code adds this beside the driver's. */
  isOwn(event: Pick<LogEvent, 'name'>): boolean;
}

export function logNamesOf(catalog: Catalog): LogNames {
  const byApi = new Map<string, string[]>();
  const own = new Set<string>();
  for (const entry of catalog.data.logNames) {
    for (const api of entry.apis) byApi.set(api, [...(byApi.get(api) ?? []), entry.name]);
    if (entry.apis.length === 0 || entry.own) own.add(entry.name);
  }
  return {
    of: (step) =>
      new Set([
        step.action,
        ...(step.logged === undefined ? [] : [step.logged]),
        ...(byApi.get(step.action) ?? []),
      ]),
    isOwn: ({ name }) => own.has(name),
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
