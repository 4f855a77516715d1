/** The page of the Lifetimes tab: controls, a place for the picture, and what it may load. */
import * as vscode from 'vscode';
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
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<link rel="stylesheet" href="${uriOf('lifetimes.css')}">
<title>Lifetimes</title>
</head>
<body>
${controls}
<p id="missing" role="note" hidden></p>
<main id="scroll"><div id="picture"></div><p id="note" role="status" hidden></p></main>
<section id="details" aria-label="Details" aria-live="polite" tabindex="0" hidden>Point at a row or walk to it with the arrow keys to read about it here. A click or Enter goes to its source.</section>
<script nonce="${nonce}" src="${uriOf('lifetimes.js')}"></script>
</body>
</html>`;
}

const controls = `<header role="toolbar" aria-label="What is drawn">
<label>Entry <select id="entry"></select></label>
<label>Timeline <select id="timeline">
<option value="unbind">Unbind, no file open</option>
<option value="unplug-open" selected>Unbind or unplug, file open</option>
<option value="probe-fail">Probe fails</option>
</select></label>
<label id="failure-label" hidden>after <select id="failure"></select></label>
<input id="filter" type="search" placeholder="Filter" aria-label="Filter rows: name, file, kind, finding">
<label class="check"><input id="findings" type="checkbox"> Findings only</label>
<span class="buttons">
<button id="expand" title="Open every group">Expand</button>
<button id="collapse" title="Close every group">Collapse</button>
</span>
<span class="buttons">
<button id="zoom-out" title="Zoom out (-)" aria-label="Zoom out">−</button>
<button id="zoom-reset" title="Fit the width (0)" aria-label="Fit the width">100%</button>
<button id="zoom-in" title="Zoom in (+)" aria-label="Zoom in">+</button>
</span>
<span class="buttons">
<button id="export-svg" title="Save the picture as SVG">SVG…</button>
<button id="export-png" title="Save the picture as PNG">PNG…</button>
</span>
</header>`;
