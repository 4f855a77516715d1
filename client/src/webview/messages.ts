/** What the Lifetimes tab and the extension say to each other. Types only: both sides import it. */
import type { LifetimesParams, LifetimesResult } from '../../../server/src/lsp/protocol.ts';

/** What the user chose to see; it survives edits, hiding the tab and reloading the window. */
export type View = Pick<
  LifetimesParams,
  'entry' | 'timeline' | 'failure' | 'collapsed' | 'findingsOnly' | 'filter'
>;

/** What the tab keeps over a reload. */
export interface SavedState {
  readonly uri: string;
  readonly view: View;
  /** Null when it follows the width of the tab. */
  readonly zoom: number | null;
  readonly scroll: { readonly top: number; readonly left: number };
}

export type FromTab =
  | { readonly type: 'ask'; readonly view: View; readonly width: number }
  | { readonly type: 'open'; readonly id: string }
  /** A link of a row's chain, by its number. */
  | { readonly type: 'open-link'; readonly id: string; readonly link: number }
  | { readonly type: 'export'; readonly format: 'svg' | 'png' }
  /** The picture as a PNG, in base64. */
  | { readonly type: 'png'; readonly data: string }
  /** No PNG could be made. */
  | { readonly type: 'failed'; readonly message: string };

export type ToTab =
  | { readonly type: 'picture'; readonly uri: string; readonly result: LifetimesResult }
  /** In place of a picture; what is shown stays when `keep` says so. */
  | { readonly type: 'note'; readonly text: string; readonly keep: boolean }
  /** Another document: what was chosen for the last one does not fit. */
  | { readonly type: 'reset' }
  | { readonly type: 'ask-again' }
  | { readonly type: 'rasterize'; readonly svg: string };
