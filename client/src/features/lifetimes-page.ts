/** The page of the Lifetimes tab: controls, a place for the picture, and what it may load. */
import * as vscode from 'vscode';
import { say } from '#say';
import { nonce as newNonce } from '../bytes.ts';

/** Nothing but the extension's own script and style; `data:` is for the picture on its way to a PNG. */
export function pageOf(webview: vscode.Webview, dist: vscode.Uri): string {
  const nonce = newNonce();
  const uriOf = (name: string): string =>
    webview.asWebviewUri(vscode.Uri.joinPath(dist, name)).toString();
  const policy = [
    "default-src 'none'",
    'img-src data:',
    `style-src ${webview.cspSource}`,
    `script-src 'nonce-${nonce}'`,
  ].join('; ');
  return `<!DOCTYPE html>
<html lang="${say('en')}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<link rel="stylesheet" href="${uriOf('lifetimes.css')}">
<title>${say('Lifetimes')}</title>
</head>
<body>
${controls()}
<p id="missing" role="note" hidden></p>
<main id="scroll"><div id="picture"></div><p id="note" role="status" data-nothing="${say('There is nothing to draw.')}" hidden></p></main>
<section id="details" aria-label="${say('Details')}" aria-live="polite" tabindex="0" hidden>${say('Point at a row or walk to it with the arrow keys to read about it here. A click or Enter goes to its source.')}</section>
<script nonce="${nonce}" src="${uriOf('lifetimes.js')}"></script>
</body>
</html>`;
}

/** The language of the window is known when the page is made. */
function controls(): string {
  return `<header role="toolbar" aria-label="${say('What is drawn')}">
<label>${say('Entry')} <select id="entry"></select></label>
<label>${say('Timeline')} <select id="timeline">
<option value="unbind">${say('Unbind, no file open')}</option>
<option value="unplug-open" selected>${say('Unbind or unplug, file open')}</option>
<option value="probe-fail">${say('Probe fails')}</option>
</select></label>
<label id="failure-label" hidden>${say('after')} <select id="failure"></select></label>
<input id="filter" type="search" placeholder="${say('Filter')}" aria-label="${say('Filter rows: name, file, kind, finding')}">
<label class="check"><input id="findings" type="checkbox"> ${say('Findings only')}</label>
<span class="buttons">
<button id="expand" title="${say('Open every group')}">${say('Expand')}</button>
<button id="collapse" title="${say('Close every group')}">${say('Collapse')}</button>
</span>
<span class="buttons">
<button id="zoom-out" title="${say('Zoom out (-)')}" aria-label="${say('Zoom out')}">−</button>
<button id="zoom-reset" title="${say('Fit the width (0)')}" aria-label="${say('Fit the width')}">100%</button>
<button id="zoom-in" title="${say('Zoom in (+)')}" aria-label="${say('Zoom in')}">+</button>
</span>
<span class="buttons">
<button id="export-svg" title="${say('Save the picture as SVG')}">SVG…</button>
<button id="export-png" title="${say('Save the picture as PNG')}">PNG…</button>
</span>
</header>`;
}
