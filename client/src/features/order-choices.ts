/** What the user chose to see of an order: the timeline, where probe fails, and the filter. */
import * as vscode from 'vscode';
import type { OrderEntry } from '../../../server/src/lsp/protocol.ts';
import { noFilter, type OrderFilter } from './order-filter.ts';
import type { TimelineName } from './order-words.ts';

export type TimelineChoice = TimelineName | 'all';

const timelineKey = 'order.timeline';
const failuresKey = 'order.failingSteps';
const timelineChoices: readonly TimelineChoice[] = ['all', 'unbind', 'unplug-open', 'probe-fail'];

/** Timelines are remembered with the workspace. A filter is not: rows would be missing tomorrow. */
export class OrderChoices implements vscode.Disposable {
  private readonly memory: vscode.Memento;
  private readonly changed = new vscode.EventEmitter<undefined>();
  private current: OrderFilter = noFilter;

  readonly onDidChange = this.changed.event;

  constructor(memory: vscode.Memento) {
    this.memory = memory;
  }

  get timeline(): TimelineChoice {
    const stored = this.memory.get<unknown>(timelineKey);
    return timelineChoices.find((choice) => choice === stored) ?? 'all';
  }

  get filter(): OrderFilter {
    return this.current;
  }

  set filter(filter: OrderFilter) {
    this.current = filter;
    this.changed.fire(undefined);
  }

  /** The number of the step after which probe fails, from 1: the last one when none was chosen. */
  failingStep({ id, acquired }: OrderEntry): number {
    const chosen = this.memory.get<Record<string, string>>(failuresKey, {})[id];
    const index = acquired.findIndex((step) => step.id === chosen);
    return index === -1 ? acquired.length : index + 1;
  }

  async chooseTimeline(timeline: TimelineChoice): Promise<void> {
    await this.memory.update(timelineKey, timeline);
    this.changed.fire(undefined);
  }

  /** Remembered by the step's id, so that it stays the same step after an edit before it. */
  async chooseFailingStep(entry: OrderEntry, step: number): Promise<void> {
    const id = entry.acquired[step - 1]?.id;
    if (id === undefined) return;
    const others = this.memory.get<Record<string, string>>(failuresKey, {});
    await this.memory.update(failuresKey, { ...others, [entry.id]: id });
    this.changed.fire(undefined);
  }

  dispose(): void {
    this.changed.dispose();
  }
}
