/**
 * workspace/executeCommand driverTeardown.orderText: the order of one entry as a message, for
 * editors that cannot open a view for it.
 */
import { MessageType, ShowMessageNotification } from 'vscode-languageserver/node';
import type { EntryOrder, TeardownStep, Timeline } from '../../core/result.ts';
import { annotated } from '../annotated.ts';
import type { ServerContext } from '../context.ts';
import type { OrderEntryParams } from '../protocol.ts';

const titles: readonly (readonly [Exclude<Timeline, 'probe-fail'>, string])[] = [
  ['unbind', 'unbind'],
  ['unplug-open', 'unplug with an open file'],
];

function line({ phase, action, argument, conditional }: TeardownStep, index: number): string {
  const call = argument === null ? action : `${action}(${argument})`;
  const under = conditional === null ? '' : `  ${conditional}`;
  return `${String(index + 1).padStart(4)}  ${phase.padEnd(8)}  ${call}${under}`;
}

/** What is given back, and the functions of the driver that run by themselves; not what those do. */
function isShown({ scope, registered }: TeardownStep): boolean {
  return scope !== null || registered.function === '';
}

function textOf({ entry, timelines }: EntryOrder): string {
  return titles
    .map(
      ([timeline, title]) =>
        `${entry}, ${title}:\n${timelines[timeline].filter(isShown).map(line).join('\n')}`,
    )
    .join('\n\n');
}

/** @returns the text, for clients that show it in their own way */
export async function orderText(
  server: ServerContext,
  { uri, entry }: OrderEntryParams,
): Promise<string | null> {
  const document = await annotated(server, uri);
  const entries = document?.modules.flatMap(({ positions }) => positions.order.entries) ?? [];
  const found = entries.find((one) => one.entry === entry);
  if (found === undefined) return null;
  const message = textOf(found);
  await server.connection.sendNotification(ShowMessageNotification.type, {
    type: MessageType.Info,
    message,
  });
  return message;
}
