/** An order that the server could have sent, made of few words. */
import type { OrderFinding, OrderResult, OrderStep } from '../../../server/src/lsp/protocol.ts';

export const uri = 'file:///m/a.c';

export function place(line: number, lastLine = line): OrderStep['registered'] {
  return { uri, range: { start: { line, character: 1 }, end: { line: lastLine, character: 9 } } };
}

export function step(id: string, phase: OrderStep['phase'], line: number): OrderStep {
  return {
    name: `${id}(m)`,
    by: null,
    marks: [],
    id,
    phase,
    action: id,
    argument: 'm',
    kind: 'action',
    releases: null,
    group: null,
    scope: null,
    registered: place(line),
    function: 'init',
    via: ['probe'],
    callback: null,
    conditional: null,
    repeats: null,
    findings: [],
  };
}

export function finding(severity: OrderFinding['severity'], message: string): OrderFinding {
  const chain = [{ message: 'registered here', location: place(7) }];
  return { fingerprint: message, rule: 'some-rule', severity, message, location: place(7), chain };
}

/** A module with one entry, whose steps run in the order given. */
export function order(...steps: readonly OrderStep[]): OrderResult {
  const timelines = [
    { timeline: 'unbind' as const, title: 'Unbind', steps, runs: [], runners: [] },
    { timeline: 'unplug-open' as const, title: 'Unplug', steps, runs: [], runners: [] },
  ];
  const acquired = steps
    .map(({ id, action }) => ({ id, name: `${action}(m)`, fails: null, path: [] }))
    .reverse();
  const entry = {
    id: 'm/probe',
    entry: 'probe',
    table: 'pci_driver',
    location: place(90),
    acquired,
    timelines,
    notes: [],
  };
  return { module: 'm', entries: [entry], note: null };
}
