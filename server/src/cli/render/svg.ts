/** `order --format svg`: the picture of the lifetimes, one below the other for several courses. */
import { emptyPicture, pictureOf, plainOptions } from '../../core/picture/layout.ts';
import type { Course, Picture } from '../../core/picture/picture.ts';
import { renderSvg } from '../../core/picture/svg.ts';
import type { EntryOrder, Finding, ModuleOrder } from '../../core/result.ts';
import { isShown, type TimelineChoice } from '../timelines.ts';

/** A module's order with the findings that are drawn into it. */
export interface DrawnOrder {
  readonly order: ModuleOrder;
  readonly findings: readonly Finding[];
}

/** Probe can fail at each step: without a number the last is drawn, which unwinds the most. */
function coursesOf(entry: EntryOrder, choice: TimelineChoice): readonly Course[] {
  const { timeline, failure } = choice;
  if (timeline === 'probe-fail') {
    const last = entry.timelines['probe-fail'].length;
    return [{ timeline, failure: (failure ?? last) - 1 }];
  }
  const chosen =
    timeline === undefined
      ? (['unbind', 'unplug-open'] as const).filter((one) => isShown(entry, one, choice))
      : [timeline];
  return chosen.map((one) => ({ timeline: one, failure: 0 }));
}

export function renderLifetimes(drawn: readonly DrawnOrder[], choice: TimelineChoice): string {
  const pictures: Picture[] = drawn.flatMap(({ order, findings }) =>
    order.entries.flatMap((entry) =>
      coursesOf(entry, choice).map((course) =>
        pictureOf(order.module, entry, findings, course, plainOptions),
      ),
    ),
  );
  const [first] = drawn;
  if (pictures.length === 0 && first !== undefined)
    pictures.push(emptyPicture(first.order.module, first.order.note ?? 'Nothing is registered.'));
  return renderSvg(pictures, 'auto');
}
