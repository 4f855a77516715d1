/** From the hazards of a timeline to what stands at their ends: at steps and at runners. */
import { push } from '../core/push.ts';
import type { EntryOrder, Hazard } from '../core/result.ts';
import { namesAmong } from '../core/teardown/rows.ts';
import type { OrderFinding, OrderMark } from './protocol.ts';
import type { Conversion } from './to-order.ts';

export interface Marks {
  /** By the index of the step. */
  readonly onSteps: ReadonlyMap<number, readonly OrderMark[]>;
  /** By the id of the runner. */
  readonly onRunners: ReadonlyMap<string, readonly OrderMark[]>;
}

/** The marks of one timeline of an entry. */
export function marksOf(
  entry: EntryOrder,
  timeline: 'unbind' | 'unplug-open',
  convert: Conversion,
): Marks {
  const onSteps = new Map<number, OrderMark[]>();
  const onRunners = new Map<string, OrderMark[]>();
  for (const hazard of entry.hazards?.[timeline] ?? []) {
    const [finding] = convert.findings([hazard.finding]);
    if (finding) mark(entry, timeline, hazard, finding, { onSteps, onRunners, convert });
  }
  return { onSteps, onRunners };
}

interface Target {
  readonly onSteps: Map<number, OrderMark[]>;
  readonly onRunners: Map<string, OrderMark[]>;
  readonly convert: Conversion;
}

function mark(
  entry: EntryOrder,
  timeline: 'unbind' | 'unplug-open',
  { ends, uses, runner }: Hazard,
  finding: OrderFinding,
  { onSteps, onRunners, convert }: Target,
): void {
  const steps = entry.timelines[timeline];
  const { nameOf } = namesAmong(steps);
  const step = (index: number | null) => (index === null ? undefined : steps[index]);
  const [ended, user] = [step(ends), step(uses)];
  const words = (index: number, one: NonNullable<typeof ended>): string =>
    `step ${index + 1}, ${nameOf(one)}`;
  if (ends !== null && ended) {
    const later =
      uses !== null && user
        ? runner
          ? `${runner.name} can use it until ${words(uses, user)}`
          : `${words(uses, user)}, uses it later`
        : runner
          ? `${runner.name} can use it later`
          : undefined;
    if (later !== undefined)
      push(onSteps, ends, {
        kind: 'ends',
        text: `Ends here: ${later}`,
        other: uses === null ? null : uses + 1,
        location: user
          ? convert.location(user.registered.place)
          : runner && convert.location(runner.place),
        finding,
      });
  }
  const used = (text: string): OrderMark => ({
    kind: 'uses',
    text,
    other: ends === null ? null : ends + 1,
    location: ended ? convert.location(ended.registered.place) : null,
    finding,
  });
  if (uses !== null && ends !== null && ended)
    push(
      onSteps,
      uses,
      used(
        runner
          ? `Until here ${runner.name} can use what has ended at ${words(ends, ended)}`
          : `Uses what has ended at ${words(ends, ended)}`,
      ),
    );
  if (runner && ends === null && uses !== null && user)
    push(onSteps, uses, {
      ...used(`Until here ${runner.name} can run, and the device is unbound before`),
      location: convert.location(runner.place),
    });
  if (runner?.id != null && ends === null)
    push(
      onRunners,
      runner.id,
      used(
        uses !== null && user
          ? `Can run after the device is unbound, until ${words(uses, user)}`
          : 'Nothing was seen that ends it: it can run after unbind',
      ),
    );
  if (runner?.id != null && ends !== null && ended)
    push(onRunners, runner.id, used(`Can use what has ended at ${words(ends, ended)}`));
}
