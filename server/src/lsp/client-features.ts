/** What the editor at the other end can do, read once from its capabilities. */
import { type ClientCapabilities, MarkupKind } from 'vscode-languageserver';
import { type Say, sayFrom } from '../core/say.ts';
import {
  exportPatchCommand,
  previewFixCommand,
  showOrderCommand,
  showWhatIfCommand,
  tellOfFixCommand,
} from './protocol.ts';

export interface ClientFeatures {
  /** It asks for diagnostics. Otherwise they are pushed: Neovim 0.7 and Eglot 1.9 never ask. */
  readonly pullsDiagnostics: boolean;
  readonly refreshesDiagnostics: boolean;
  readonly relatedInformation: boolean;
  readonly codeDescription: boolean;
  /** Edits may carry the version of the document that they fit. */
  readonly versionedEdits: boolean;
  /** Edits may carry what to know about them, for whoever looks at a preview. */
  readonly annotatesEdits: boolean;
  /** Edits may hold a placeholder that the editor selects. */
  readonly snippetEdits: boolean;
  readonly disabledActions: boolean;
  readonly preferredActions: boolean;
  /** It takes code actions as literals; very old clients take commands only. */
  readonly actionLiterals: boolean;
  /** It watches files for the server when asked to. */
  readonly watchesFiles: boolean;
  readonly configuration: boolean;
  readonly progress: boolean;
  readonly refreshesLenses: boolean;
  readonly refreshesHints: boolean;
  /** Hovers may be Markdown. */
  readonly markdown: boolean;
  /** It has the command that shows the order of an entry. */
  readonly showsOrder: boolean;
  /** It has the command that shows the order before and after a fix. */
  readonly showsWhatIf: boolean;
  /** It has the command that shows a fix in the editor's own preview. */
  readonly previewsFixes: boolean;
  /** It has the command that says what a fix has done, with a way to what is new. */
  readonly tellsOfFixes: boolean;
  /** It shows which module is being read, and what was found in it. */
  readonly showsModules: boolean;
  /** It has the command that saves a fix as a patch. */
  readonly savesPatches: boolean;
  /** It wants our call hierarchy: an editor that asks one server only may have a better one. */
  readonly callHierarchy: boolean;
  /** The picture's words in the client's language; what the model says is English. */
  readonly say: Say;
}

/** What a client may say beside the settings in `initializationOptions`. */
interface ClientOptions {
  readonly clientCommands?: unknown;
  readonly callHierarchy?: unknown;
  readonly moduleStatus?: unknown;
  readonly messages?: unknown;
  readonly trusted?: unknown;
}

/** Whether git may be run: an editor that knows of trust says no in a folder that nobody trusts yet. */
export function isTrusted(initializationOptions: unknown): boolean {
  const { trusted } = (initializationOptions ?? {}) as ClientOptions;
  return trusted !== false;
}

export function featuresOf(
  { textDocument, workspace, window }: ClientCapabilities,
  initializationOptions: unknown,
): ClientFeatures {
  const { clientCommands, callHierarchy, moduleStatus, messages } = (initializationOptions ??
    {}) as ClientOptions;
  const has = (command: string): boolean =>
    Array.isArray(clientCommands) && clientCommands.includes(command);
  const published = textDocument?.publishDiagnostics;
  const pulled = textDocument?.diagnostic;
  const action = textDocument?.codeAction;
  const edit = workspace?.workspaceEdit;
  return {
    pullsDiagnostics: pulled !== undefined,
    refreshesDiagnostics: workspace?.diagnostics?.refreshSupport === true,
    relatedInformation:
      published?.relatedInformation === true || pulled?.relatedInformation === true,
    codeDescription:
      published?.codeDescriptionSupport === true || pulled?.codeDescriptionSupport === true,
    versionedEdits: edit?.documentChanges === true,
    annotatesEdits: edit?.changeAnnotationSupport !== undefined,
    snippetEdits: edit?.snippetEditSupport === true && edit.documentChanges === true,
    disabledActions: action?.disabledSupport === true,
    preferredActions: action?.isPreferredSupport === true,
    actionLiterals: action?.codeActionLiteralSupport !== undefined,
    watchesFiles: workspace?.didChangeWatchedFiles?.dynamicRegistration === true,
    configuration: workspace?.configuration === true,
    progress: window?.workDoneProgress === true,
    refreshesLenses: workspace?.codeLens?.refreshSupport === true,
    refreshesHints: workspace?.inlayHint?.refreshSupport === true,
    markdown: textDocument?.hover?.contentFormat?.includes(MarkupKind.Markdown) === true,
    showsOrder: has(showOrderCommand),
    showsWhatIf: has(showWhatIfCommand),
    previewsFixes: has(previewFixCommand),
    tellsOfFixes: has(tellOfFixCommand),
    showsModules: moduleStatus === true,
    savesPatches: has(exportPatchCommand),
    callHierarchy: callHierarchy !== false,
    say: sayFrom(textsOf(messages)),
  };
}

/** The texts of what a client sends as its words. */
function textsOf(messages: unknown): Readonly<Record<string, string>> {
  if (typeof messages !== 'object' || messages === null) return {};
  return Object.fromEntries(
    Object.entries(messages).filter(
      (pair): pair is [string, string] => typeof pair[1] === 'string',
    ),
  );
}
