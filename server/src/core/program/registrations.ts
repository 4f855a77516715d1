/**
 * Which callbacks are registered in which scope. A function that hands a parameter on to a
 * registering API is itself one: its callers are the registrations then, at any depth.
 */
import type { Catalog, ManagedApi } from '../catalog.ts';
import type { Argument, CallFact, Value } from '../facts/types.ts';
import { sameItems } from '../queries/same.ts';
import type { CallGraph } from './call-graph.ts';
import { originOf, pathIn, showPath } from './objects.ts';
import type { FunctionRef, Program } from './program.ts';

/** One call that registers a named callback. */
export interface Registration {
  /** The function that makes the call. */
  readonly fn: FunctionRef;
  readonly call: CallFact;
  readonly api: ManagedApi;
  /** The callback's name; the expression, when it is a pointer. */
  readonly callback: string;
  /** What has to hold for this callback to be meant, when the call can register one of several. */
  readonly when: string | null;
  /** Its definition, when it lies in the module. */
  readonly target: FunctionRef | undefined;
  readonly callbackArgument: Argument;
  /** Absent when a wrapper supplies the data itself. */
  readonly data: Argument | undefined;
  readonly device: Argument | undefined;
  /** The wrappers between this call and the API, outermost first. */
  readonly wrappers: readonly FunctionRef[];
}

/** What a call to a wrapper, or to the API itself, does with its arguments. */
interface Registrar {
  readonly api: ManagedApi;
  readonly callback: number;
  readonly data: number;
  readonly device: number;
  readonly wrappers: readonly FunctionRef[];
}

const maximumWrapping = 6;

/**
 * Every registration of the module, in the order of files and positions; one for each callback that a call can
 * mean.
 */
export function registrationsOf(
  program: Program,
  catalog: Catalog,
  graph: CallGraph,
): Registration[] {
  const out: Registration[] = [];
  const follow = (
    name: string,
    registrar: Registrar,
    only: FunctionRef | undefined,
    depth: number,
  ): void => {
    const sites = only ? program.callersOf(only) : program.callsOf(name);
    for (const { caller, call } of sites) {
      const written = call.args[registrar.callback];
      const path = written && pathIn(written.value);
      const origin = path?.steps.length === 0 ? originOf(caller, path, call.start) : undefined;
      const param = origin?.param ?? -1;
      const made = registrar.api.resource && param < 0 ? origin?.call : undefined;
      const callbackArgument =
        registrar.api.resource && param < 0
          ? made?.args[catalog.managed.get(made.callee)?.release ?? -1]
          : written;
      if (!callbackArgument) continue;
      if (param >= 0) {
        if (depth < maximumWrapping && caller.name !== name) {
          follow(
            caller.name,
            {
              api: registrar.api,
              callback: param,
              data: paramAt(caller, call, registrar.data),
              device: paramAt(caller, call, registrar.device),
              wrappers: [caller, ...registrar.wrappers],
            },
            caller,
            depth + 1,
          );
        }
        continue;
      }
      const callbacks = callbacksOf(program, graph, caller, call, callbackArgument.value);
      for (const { callback, target } of callbacks) {
        out.push({
          fn: caller,
          call,
          api: registrar.api,
          callback,
          target,
          when: callbacks.length > 1 ? `when it is ${callback}` : null,
          callbackArgument,
          data: call.args[registrar.data],
          device: call.args[registrar.device],
          wrappers: registrar.wrappers,
        });
      }
    }
  };
  for (const api of catalog.data.managed) {
    if (api.role !== 'add-action' || api.callback === undefined || api.data === undefined) continue;
    // The kernel's own definition of the API is no wrapper of itself.
    follow(
      api.name,
      { api, callback: api.callback, data: api.data, device: api.device, wrappers: [] },
      undefined,
      0,
    );
  }
  return out.sort(
    (a, b) =>
      compare(a.fn.file.path, b.fn.file.path) ||
      a.fn.def.start + a.call.start - (b.fn.def.start + b.call.start),
  );
}

type Callback = Pick<Registration, 'callback' | 'target'>;

/** Whether two are one registration, of bodies that have not changed. */
export function isSameRegistration(a: Registration, b: Registration): boolean {
  return (
    a.call === b.call &&
    a.fn === b.fn &&
    a.api === b.api &&
    a.callback === b.callback &&
    a.when === b.when &&
    a.target === b.target &&
    a.callbackArgument === b.callbackArgument &&
    a.data === b.data &&
    a.device === b.device &&
    sameItems(a.wrappers, b.wrappers)
  );
}

/** The callbacks that an argument can be: a function, one of two, what a pointer was given. */
function callbacksOf(
  program: Program,
  graph: CallGraph,
  caller: FunctionRef,
  call: CallFact,
  value: Value,
): Callback[] {
  if (value.kind === 'choice')
    return value.of.flatMap((one) => callbacksOf(program, graph, caller, call, one));
  const path = pathIn(value);
  if (!path) return [];
  const isName = path.steps.length === 0 && program.typeOfRoot(caller, path.root) === undefined;
  if (isName) return [{ callback: path.root, target: program.resolve(path.root, caller.file) }];
  const found = graph.pointedTo(caller, path);
  return found.length > 0
    ? found.map((target) => ({ callback: target.name, target }))
    : [{ callback: showPath(path), target: undefined }];
}

/** The index of the caller's parameter that it hands on as argument `index`, -1 when it is another value. */
function paramAt(caller: FunctionRef, call: CallFact, index: number): number {
  const argument = call.args[index];
  const path = argument && pathIn(argument.value);
  if (!path || path.steps.length > 0) return -1;
  return originOf(caller, path, call.start).param;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
