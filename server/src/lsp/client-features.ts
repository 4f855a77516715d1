/** What the editor at the other end can do, read once from its capabilities. */
import type { ClientCapabilities } from 'vscode-languageserver';

export interface ClientFeatures {
  /** It asks for diagnostics. Otherwise they are pushed: Neovim 0.7 and Eglot 1.9 never ask. */
  readonly pullsDiagnostics: boolean;
  readonly refreshesDiagnostics: boolean;
  readonly relatedInformation: boolean;
  readonly codeDescription: boolean;
  /** Edits may carry the version of the document that they fit. */
  readonly versionedEdits: boolean;
  readonly confirmsEdits: boolean;
  readonly disabledActions: boolean;
  readonly preferredActions: boolean;
  /** It takes code actions as literals; very old clients take commands only. */
  readonly actionLiterals: boolean;
  /** It watches files for the server when asked to. */
  readonly watchesFiles: boolean;
  readonly configuration: boolean;
  readonly progress: boolean;
}

export function featuresOf({
  textDocument,
  workspace,
  window,
}: ClientCapabilities): ClientFeatures {
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
    confirmsEdits: edit?.changeAnnotationSupport !== undefined,
    disabledActions: action?.disabledSupport === true,
    preferredActions: action?.isPreferredSupport === true,
    actionLiterals: action?.codeActionLiteralSupport !== undefined,
    watchesFiles: workspace?.didChangeWatchedFiles?.dynamicRegistration === true,
    configuration: workspace?.configuration === true,
    progress: window?.workDoneProgress === true,
  };
}
