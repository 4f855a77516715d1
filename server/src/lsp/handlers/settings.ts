/** The settings of the editor: what a configuration file says, for the folders that are open. */
import type { CatalogData } from '../../core/catalog.ts';
import type { Severity } from '../../core/result.ts';
import { rules } from '../../core/rules/index.ts';
import { checkCatalog } from '../../host/check-catalog.ts';
import {
  ConfigurationError,
  isKernelVersion,
  isRuleSeverity,
  kernelVersionWords,
  type RuleSeverity,
} from '../../host/configuration.ts';
import type { ServerContext } from '../context.ts';
import type { Settings } from '../workspace.ts';

export const settingsSection = 'driverTeardown';

type Warn = (message: string) => void;

function sectionOf(settings: unknown): Readonly<Record<string, unknown>> {
  const own = (settings as Record<string, unknown> | null | undefined)?.[settingsSection];
  return (own ?? settings ?? {}) as Readonly<Record<string, unknown>>;
}

/** Settings of any shape; what is wrong is logged and left out. */
export function settingsFrom(sent: unknown, warn: Warn): Settings {
  const {
    rules: listed,
    exclude,
    conversions,
    kernelVersion,
    catalog,
    inlayHints,
    codeLens,
    minSeverity,
  } = sectionOf(sent);
  return {
    severities: severitiesFrom(listed, warn),
    exclude: globsFrom('exclude', exclude, warn),
    conversions: globsFrom('conversions', conversions, warn),
    kernelVersion: versionFrom(kernelVersion, warn),
    catalog: catalogFrom(catalog, warn),
    minSeverity: leastFrom(minSeverity, warn),
    inlayHints: enabledFrom('inlayHints', inlayHints, warn),
    codeLens: enabledFrom('codeLens', codeLens, warn),
  };
}

function globsFrom(name: string, value: unknown, warn: Warn): readonly string[] {
  const globs: readonly unknown[] = Array.isArray(value) ? value : [];
  const good = globs.filter((glob) => typeof glob === 'string');
  if ((value ?? undefined) !== undefined && (!Array.isArray(value) || good.length < globs.length))
    warn(`the setting "${name}" must be a list of globs`);
  return good;
}

/** Nothing, or the empty text that editors show for it, leaves it to the configuration and the tree. */
function versionFrom(value: unknown, warn: Warn): string | undefined {
  if ((value ?? '') === '') return undefined;
  if (isKernelVersion(value)) return value;
  warn(`the setting "kernelVersion" must be ${kernelVersionWords}`);
  return undefined;
}

/** On until turned off: `inlayHints.enabled`. */
function enabledFrom(name: string, value: unknown, warn: Warn): boolean {
  const { enabled } = (value ?? {}) as { readonly enabled?: unknown };
  if (typeof enabled !== 'boolean' && (enabled ?? undefined) !== undefined)
    warn(`the setting "${name}.enabled" must be true or false`);
  return enabled !== false;
}

function leastFrom(value: unknown, warn: Warn): Severity {
  if ((value ?? undefined) === undefined) return 'hint';
  if (isRuleSeverity(value) && value !== 'off') return value;
  warn('the setting "minSeverity" must be error, warning, info or hint');
  return 'hint';
}

/** One entry that is wrong makes the others doubtful: none is used. */
function catalogFrom(value: unknown, warn: Warn): Partial<CatalogData> {
  if (value === undefined || value === null) return {};
  try {
    return checkCatalog(value, 'settings', (what) => {
      throw new ConfigurationError(what);
    });
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    warn(`settings: ${error.message}; the setting "catalog" is not used`);
    return {};
  }
}

function severitiesFrom(listed: unknown, warn: Warn): Record<string, RuleSeverity> {
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
  const taken = settingsFrom(settings, (message) => connection.console.warn(message));
  if (!session.workspace.setSettings(taken)) return;
  await session.workspace.reset();
  session.reattach();
}
