/** What the order view asks: which timeline, where probe fails, what to filter, where to go. */
import * as vscode from 'vscode';
import { say } from '#say';
import type {
  CallersPathLink,
  OrderEntry,
  OrderRelation,
  RelationsResult,
} from '../../../server/src/lsp/protocol.ts';
import type { OrderChoices, TimelineChoice } from './order-choices.ts';
import { noFilter, type OrderFilter } from './order-filter.ts';
import { goTo } from './order-items.ts';
import { fileAndLine, scopeWords, timelineMeaning, timelineTitle } from './order-words.ts';

interface Choice<Value> extends vscode.QuickPickItem {
  readonly value: Value;
}

/** The timeline to be shown; undefined when the user gives up. */
export async function pickTimeline(current: TimelineChoice): Promise<TimelineChoice | undefined> {
  const names = ['unbind', 'unplug-open', 'probe-fail'] as const;
  const items: Choice<TimelineChoice>[] = [
    { label: say('All timelines'), detail: say('One below the other'), value: 'all' },
    ...names.map((value) => ({
      label: timelineTitle(value),
      detail: timelineMeaning(value),
      value,
    })),
  ];
  const marked = items.map((item) =>
    item.value === current ? { ...item, description: say('shown now') } : item,
  );
  const options = { title: say('Show the Teardown on Which Timeline?'), matchOnDetail: true };
  return (await vscode.window.showQuickPick(marked, options))?.value;
}

/** The entry that a question is about; asks only when there are several. */
export async function pickEntry(entries: readonly OrderEntry[]): Promise<OrderEntry | undefined> {
  if (entries.length <= 1) return entries[0];
  const items = entries.map((value) => ({ label: value.entry, description: value.table, value }));
  const options = { title: say('Which Entry Fails?') };
  return (await vscode.window.showQuickPick(items, options))?.value;
}

/** The step of probe after which it fails, from 1. */
export async function pickFailingStep(
  { entry, acquired }: OrderEntry,
  current: number,
): Promise<number | undefined> {
  const items = acquired.map(({ name, fails, path }, index) => ({
    label: `${index + 1}. ${fails === null ? say('after {0}', name) : say('{0}() fails', fails)}`,
    description: [
      fails === null ? '' : say('after {0}', name),
      index + 1 === current ? say('shown now') : '',
      path.join(' › '),
    ]
      .filter((text) => text !== '')
      .join(' · '),
    value: index + 1,
  }));
  return new Promise((resolve) => {
    const pick = vscode.window.createQuickPick<Choice<number>>();
    pick.title = say('What Fails in {0}?', entry);
    pick.placeholder = say('A number from 1 to {0}, or a part of a name', acquired.length);
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
  const said = (isOn: boolean): string => (isOn ? say('on') : say('off'));
  const shown =
    text.trim() === '' ? say('Show the steps') : say('Show the steps with “{0}”', text.trim());
  return [
    { label: `$(check) ${shown}`, alwaysShow: true, value: undefined },
    ...scopes.map((one) => ({
      label: `${box(scope === one)} ${one === 'all' ? say('devm and drmm') : say('{0} only', scopeWords[one])}`,
      description: said(scope === one),
      alwaysShow: true,
      value: (filter: OrderFilter) => ({ ...filter, scope: one }),
    })),
    {
      label: `${box(findingsOnly)} ${say('Findings only')}`,
      description: said(findingsOnly),
      alwaysShow: true,
      value: (filter) => ({ ...filter, findingsOnly: !findingsOnly }),
    },
    { label: `$(clear-all) ${say('Clear the filter')}`, alwaysShow: true, value: () => noFilter },
  ];
}

/** Typing filters at once; the items switch the rest. Escape leaves all as it was. */
export function askFilter(choices: OrderChoices): void {
  const before = choices.filter;
  let isKept = false;
  const pick = vscode.window.createQuickPick<Choice<FilterStep | undefined>>();
  pick.title = say('Filter the Teardown Order');
  pick.placeholder = say('Text in a step: name, what it releases, function, file, finding');
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
    title: say('Callers Path, from the Entry to the Registration'),
    placeHolder: say('Enter opens the place'),
  });
  if (choice !== undefined) await goTo(choice.value.location);
}

function whatIsThere(path: readonly CallersPathLink[], index: number): string {
  const next = path[index + 1];
  return next === undefined ? say('the registration') : say('calls {0}', next.function);
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
    ...part(say('depends on this'), dependents, say('Nothing that was seen works with it')),
    ...part(
      say('must still be alive here'),
      needs,
      say('It works with nothing else that is taken'),
    ),
  ];
  const choice = await vscode.window.showQuickPick(items, {
    title: say('What Depends on {0}, and What It Needs', name),
    placeHolder: say('Enter opens the call that works with it'),
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
    description: [late ? say('too late on this timeline') : '', note, fileAndLine(location)]
      .filter((text) => text !== '')
      .join(' · '),
    location,
  };
}
