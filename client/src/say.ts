/**
 * What the client says, in the language of the window: `say('{0} of {1}', a, b)`. Messages are English; `l10n/` has
 * them in other languages, and a test holds that none is missing. Tests without VS Code get `test/support/say.ts`
 * for `#say`.
 */
import { l10n } from 'vscode';

/**
 * @param message in English, written out at the call so that it can be found
 * @param args what stands for `{0}`, `{1}`, …
 */
export function say(message: string, ...args: readonly (string | number)[]): string {
  return l10n.t(message, ...args);
}
