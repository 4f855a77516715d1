/** The settings of the editor: `driverTeardown.rules`, rule id to severity. */
import { rules } from '../../core/rules/index.ts';
import { isRuleSeverity, type RuleSeverity } from '../../host/configuration.ts';
import type { ServerContext } from '../context.ts';

export const settingsSection = 'driverTeardown';

function sectionOf(settings: unknown): unknown {
  const own = (settings as Record<string, unknown> | null | undefined)?.[settingsSection];
  return own ?? settings;
}

/** Severities from settings of any shape; what is wrong is logged and left out. */
export function severitiesFrom(
  settings: unknown,
  warn: (message: string) => void,
): Record<string, RuleSeverity> {
  const listed = (sectionOf(settings) as { rules?: unknown } | null | undefined)?.rules;
  const out: Record<string, RuleSeverity> = {};
  if (typeof listed !== 'object' || listed === null) return out;
  for (const [rule, severity] of Object.entries(listed)) {
    if (!rules.some(({ id }) => id === rule)) warn(`settings name an unknown rule "${rule}"`);
    else if (!isRuleSeverity(severity))
      warn(`the severity of "${rule}" must be error, warning, info, hint or off`);
    else out[rule] = severity;
  }
  return out;
}

/** Asks the client where it can be asked; else takes what it sent. */
export async function readSettings(server: ServerContext, sent: unknown): Promise<void> {
  const { connection, features, session } = server;
  const settings: unknown = features.configuration
    ? await connection.workspace.getConfiguration(settingsSection)
    : sent;
  session.workspace.setSeverities(
    severitiesFrom(settings, (message) => connection.console.warn(message)),
  );
}
