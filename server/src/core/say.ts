/** The words of a view in the language of who looks: messages are English, with `{0}`, `{1}`, … for what differs. */

/** Writes a message; English is what is written at the call. */
export type Say = (message: string, ...args: readonly (string | number)[]) => string;

/**
 * @param messages English to another language, as VS Code keeps it in `l10n/`; what is missing stays English
 */
export function sayFrom(messages: Readonly<Record<string, string>>): Say {
  return (message, ...args) => {
    const text = Object.hasOwn(messages, message) ? messages[message] : undefined;
    return (text ?? message).replace(/\{(\d+)\}/g, (gap, index: string) =>
      String(args[Number(index)] ?? gap),
    );
  };
}

export const english: Say = sayFrom({});
