/** What the order view asks: which timeline, where probe fails, what to filter, where to go. */
import * as vscode from 'vscode';
import type {
  CallersPathLink,
  OrderEntry,
  OrderRelation,
  RelationsResult,
} from '../../../server/src/lsp/protocol.ts';
import type { OrderChoices, TimelineChoice } from './order-choices.ts';
import { noFilter, type OrderFilter } from './order-filter.ts';
import { goTo } from './order-items.ts';
import { fileAndLine, scopeWords, timelineMeanings, timelineTitles } from './order-words.ts';

interface Choice<Value> extends vscode.QuickPickItem {
  readonly value: Value;
}

/** The timeline to be shown; undefined when the user gives up. */
export async function pickTimeline(current: TimelineChoice): Promise<TimelineChoice | undefined> {
  const names = ['unbind', 'unplug-open', 'probe-fail'] as const;
  const items: Choice<TimelineChoice>[] = [
    { label: 'All timelines', detail: 'One below the other', value: 'all' },
    ...names.map((value) => ({
      label: timelineTitles[value],
      detail: timelineMeanings[value],
      value,
    })),
  ];
  const marked = items.map((item) =>
    item.value === current ? { ...item, description: 'shown now' } : item,
  );
  const options = { title: 'Show the Teardown on Which Timeline?', matchOnDetail: true };
  return (await vscode.window.showQuickPick(marked, options))?.value;
}

/** The entry that a question is about; asks only when there are several. */
export async function pickEntry(entries: readonly OrderEntry[]): Promise<OrderEntry | undefined> {
  if (entries.length <= 1) return entries[0];
  const items = entries.map((value) => ({ label: value.entry, description: value.table, value }));
  const options = { title: 'Which Entry Fails?' };
  return (await vscode.window.showQuickPick(items, options))?.value;
}

/** The step of probe after which it fails, from 1. */
export async function pickFailingStep(
  { entry, acquired }: OrderEntry,
  current: number,
): Promise<number | undefined> {
  const items = acquired.map(({ name, fails }, index) => ({
    label: `${index + 1}. ${fails === null ? `after ${name}` : `${fails}() fails`}`,
    description: [fails === null ? '' : `after ${name}`, index + 1 === current ? 'shown now' : '']
      .filter((text) => text !== '')
      .join(' · '),
    value: index + 1,
  }));
  return new Promise((resolve) => {
    const pick = vscode.window.createQuickPick<Choice<number>>();
    pick.title = `What Fails in ${entry}?`;
    pick.placeholder = `A number from 1 to ${acquired.length}, or a part of a name`;
    pick.matchOnDescription = true;
    pick.items = items;
    pick.activeItems = items.filter(({ value }) => value === current);
    pick.onDidAccept(() => {
      resolve(pick.activeItems[0]?.value);
      pick.hide();
    });
    pick.onDidHide(() => {
      resolve(undefined);
      pick.dispose();
    });
    pick.show();
  });
}

type FilterStep = (filter: OrderFilter) => OrderFilter;

function filterItems({ scope, text, findingsOnly }: OrderFilter): Choice<FilterStep | undefined>[] {
  const scopes = ['all', 'bound', 'drm'] as const;
  const box = (isOn: boolean): string => (isOn ? '$(pass-filled)' : '$(circle-large-outline)');
  const said = (isOn: boolean): string => (isOn ? 'on' : 'off');
  const shown = text.trim() === '' ? 'Show the steps' : `Show the steps with “${text.trim()}”`;
  return [
    { label: `$(check) ${shown}`, alwaysShow: true, value: undefined },
    ...scopes.map((one) => ({
      label: `${box(scope === one)} ${one === 'all' ? 'devm and drmm' : `${scopeWords[one]} only`}`,
      description: said(scope === one),
      alwaysShow: true,
      value: (filter: OrderFilter) => ({ ...filter, scope: one }),
    })),
    {
      label: `${box(findingsOnly)} Findings only`,
      description: said(findingsOnly),
      alwaysShow: true,
      value: (filter) => ({ ...filter, findingsOnly: !findingsOnly }),
    },
    { label: '$(clear-all) Clear the filter', alwaysShow: true, value: () => noFilter },
  ];
}

/** Typing filters at once; the items switch the rest. Escape leaves all as it was. */
export function askFilter(choices: OrderChoices): void {
  const before = choices.filter;
  let isKept = false;
  const pick = vscode.window.createQuickPick<Choice<FilterStep | undefined>>();
  pick.title = 'Filter the Teardown Order';
  pick.placeholder = 'Text in a step: name, what it releases, function, file, finding';
  pick.value = before.text;
  pick.items = filterItems(before);
  pick.onDidChangeValue((text) => {
    choices.filter = { ...choices.filter, text };
    pick.items = filterItems(choices.filter);
  });
  pick.onDidAccept(() => {
    isKept = true;
    const step = pick.activeItems[0]?.value;
    if (step !== undefined) choices.filter = step(choices.filter);
    pick.hide();
  });
  pick.onDidHide(() => {
    if (!isKept) choices.filter = before;
    pick.dispose();
  });
  pick.show();
}

/** The way from the entry to the registration; moving over it shows each place. */
export async function pickCaller(path: readonly CallersPathLink[]): Promise<void> {
  const items = path.map((link, index) => ({
    label: `${'\u2003'.repeat(index)}${index === 0 ? '' : '↳ '}${link.function}`,
    description: `${fileAndLine(link.location)} · ${whatIsThere(path, index)}`,
    value: link,
  }));
  const choice = await vscode.window.showQuickPick(items, {
    title: 'Callers Path, from the Entry to the Registration',
    placeHolder: 'Enter opens the place',
  });
  if (choice !== undefined) await goTo(choice.value.location);
}

function whatIsThere(path: readonly CallersPathLink[], index: number): string {
  const next = path[index + 1];
  return next === undefined ? 'the registration' : `calls ${next.function}`;
}

/** What depends on a step, and what must still be alive when it runs; what comes too late is first. */
export async function pickRelation({ name, dependents, needs }: RelationsResult): Promise<void> {
  const part = (label: string, list: readonly OrderRelation[], none: string): RelationItem[] => [
    { label, kind: vscode.QuickPickItemKind.Separator },
    ...(list.length === 0
      ? [{ label: none }]
      : list.toSorted((a, b) => Number(b.late) - Number(a.late)).map(relationItem)),
  ];
  const items = [
    ...part('depends on this', dependents, 'Nothing that was seen works with it'),
    ...part('must still be alive here', needs, 'It works with nothing else that is taken'),
  ];
  const choice = await vscode.window.showQuickPick(items, {
    title: `What Depends on ${name}, and What It Needs`,
    placeHolder: 'Enter opens the call that works with it',
    matchOnDescription: true,
  });
  if (choice?.location !== undefined) await goTo(choice.location);
}

interface RelationItem extends vscode.QuickPickItem {
  readonly location?: OrderRelation['location'];
}

function relationItem({ name, number, note, late, location }: OrderRelation): RelationItem {
  return {
    label: `${late ? '$(warning) ' : ''}${number === null ? '' : `${number}. `}${name}`,
    description: [late ? 'too late on this timeline' : '', note, fileAndLine(location)]
      .filter((text) => text !== '')
      .join(' · '),
    location,
  };
}
