/** What pages of this extension are made of: text to HTML, places that a click leads to. No VS Code. */
import type { OrderLocation } from '../../../server/src/lsp/protocol.ts';

export interface Page {
  readonly html: string;
  /** Where the elements with `data-place` lead, by its number. */
  readonly places: readonly OrderLocation[];
}

/** Escaped for text and for attributes. */
export function escapeHtml(text: string): string {
  return text
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/"/g, '&quot;')
    .replace(/'/g, '&#39;');
}

/** The model marks code in its sentences with backticks. */
export function prose(text: string): string {
  return text
    .split(/(`[^`]*`)/)
    .map((part) =>
      /^`.+`$/s.test(part) ? `<code>${escapeHtml(part.slice(1, -1))}</code>` : escapeHtml(part),
    )
    .join('');
}

/** Remembers a place. @returns its number */
export function place(location: OrderLocation, places: OrderLocation[]): number {
  places.push(location);
  return places.length - 1;
}

/** A whole document whose one script tells the extension what was clicked. */
export function documentOf(
  {
    title,
    language,
    nonce,
  }: { readonly title: string; readonly language: string; readonly nonce: string },
  style: string,
  body: string,
): string {
  const policy = `default-src 'none'; style-src 'unsafe-inline'; script-src 'nonce-${nonce}'`;
  return `<!DOCTYPE html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<title>${escapeHtml(title)}</title>
<style>${baseStyle}${style}</style>
</head>
<body>
${body}
<script nonce="${nonce}">${script}</script>
</body>
</html>`;
}

const baseStyle = `
body { margin: 0; padding: 8px 16px 24px; color: var(--vscode-foreground); background: var(--vscode-editor-background); font: var(--vscode-font-size, 13px)/1.45 var(--vscode-font-family, sans-serif); }
h1 { margin: 8px 0; font-size: 17px; font-weight: 600; }
ul { margin: 0; padding: 0; list-style: none; }
code { font-family: var(--vscode-editor-font-family, monospace); font-size: 12px; color: inherit; background: none; }
.muted { color: var(--vscode-descriptionForeground); font-size: 12px; }
button { padding: 2px 8px; font: inherit; color: var(--vscode-button-secondaryForeground); background: var(--vscode-button-secondaryBackground); border: 1px solid var(--vscode-contrastBorder, var(--vscode-button-border, var(--vscode-panel-border, #8884))); border-radius: 2px; cursor: pointer; }
button.link, a.link { padding: 0; text-align: left; color: inherit; background: none; border: none; text-decoration: none; }
.link:hover { text-decoration: underline; }
:focus-visible { outline: 1px solid var(--vscode-focusBorder); }
.error, .gone { color: var(--vscode-list-errorForeground); }
.warning { color: var(--vscode-list-warningForeground); }
.info, .moved { color: var(--vscode-editorInfo-foreground, var(--vscode-charts-blue)); }
`;

const script = `
const host = acquireVsCodeApi();
document.addEventListener('click', ({ target }) => {
  const button = target instanceof Element ? target.closest('button, a') : null;
  if (button === null) return;
  const { place, preview, diff, ask } = button.dataset;
  if (place !== undefined) host.postMessage({ type: 'open', place: Number(place) });
  else if (preview !== undefined) host.postMessage({ type: 'preview', fix: preview });
  else if (diff !== undefined) host.postMessage({ type: 'diff', fix: diff });
  else if (ask !== undefined) host.postMessage({ type: 'ask' });
});
`;
