/** Explanations as the client reads them: Markdown, or the plain text. */
import { type MarkupContent, MarkupKind } from 'vscode-languageserver';
import { markdown, plain, type Style } from '../core/annotations/style.ts';
import type { ServerContext } from './context.ts';

export function styleOf({ features }: ServerContext): Style {
  return features.markdown ? markdown : plain;
}

export function toContent({ features }: ServerContext, value: string): MarkupContent {
  return { kind: features.markdown ? MarkupKind.Markdown : MarkupKind.PlainText, value };
}
