/** The script of the Lifetimes tab: controls to requests, answers to the picture. */
import type { LifetimesResult } from '../../../server/src/lsp/protocol.ts';
import type { FromTab, SavedState, ToTab, View } from './messages.ts';
import { rasterize } from './rasterize.ts';
import { Stage } from './stage.ts';

interface Host {
  postMessage(message: FromTab): void;
  getState(): SavedState | undefined;
  setState(state: SavedState): void;
}

declare function acquireVsCodeApi(): Host;

const typingDelay = 120;

const freshView: View = {
  entry: null,
  timeline: 'unplug-open',
  failure: null,
  collapsed: null,
  findingsOnly: false,
  filter: '',
};

function find<Kind extends HTMLElement>(id: string): Kind {
  const found = document.getElementById(id);
  if (found === null) throw new Error(`the page has no ${id}`);
  return found as Kind;
}

class Tab {
  private readonly host = acquireVsCodeApi();
  private readonly stage: Stage;
  private readonly style = new CSSStyleSheet();
  private readonly entry = find<HTMLSelectElement>('entry');
  private readonly timeline = find<HTMLSelectElement>('timeline');
  private readonly failure = find<HTMLSelectElement>('failure');
  private readonly filter = find<HTMLInputElement>('filter');
  private readonly findings = find<HTMLInputElement>('findings');
  private readonly note = find<HTMLElement>('note');
  private readonly details = find<HTMLElement>('details');
  private view: View = freshView;
  private uri = '';
  private result: LifetimesResult | undefined;
  /** Where to scroll when the first picture after a reload is there. */
  private restored: SavedState['scroll'] | undefined;
  private looked: SVGGElement | null = null;
  private width = 0;
  private timer = 0;

  constructor() {
    this.stage = new Stage(find('scroll'), find('picture'), {
      onActivate: (row) => this.activate(row),
      onLook: (row) => this.look(row),
      onFold: (row, open) => this.fold(row, open),
      onMove: () => this.moved(),
    });
    document.adoptedStyleSheets = [...document.adoptedStyleSheets, this.style];
    this.restore();
    this.listen();
    window.addEventListener('message', ({ data }: MessageEvent<ToTab>) => this.receive(data));
    new ResizeObserver(() => {
      if (this.stage.width !== this.width) this.askSoon();
    }).observe(find('scroll'));
    this.ask();
  }

  private restore(): void {
    const state = this.host.getState();
    if (state === undefined) return;
    this.view = { ...freshView, ...state.view };
    this.uri = state.uri;
    this.restored = state.scroll;
    if (state.zoom !== null) this.stage.zoomTo(state.zoom);
    this.showView();
  }

  private listen(): void {
    const on = (id: string, run: () => void): void => find(id).addEventListener('click', run);
    const select = (element: HTMLElement, change: () => Partial<View>): void =>
      element.addEventListener('change', () => this.change(change()));
    select(this.entry, () => ({ entry: this.entry.value, collapsed: null, failure: null }));
    select(this.timeline, () => ({ timeline: this.timeline.value as View['timeline'] }));
    select(this.failure, () => ({ failure: Number(this.failure.value) }));
    select(this.findings, () => ({ findingsOnly: this.findings.checked }));
    this.filter.addEventListener('input', () => {
      this.view = { ...this.view, filter: this.filter.value };
      this.askSoon();
    });
    on('expand', () => this.change({ collapsed: [] }));
    on('collapse', () => this.change({ collapsed: this.result?.groups ?? null }));
    on('zoom-in', () => this.stage.zoomBy(1));
    on('zoom-out', () => this.stage.zoomBy(-1));
    on('zoom-reset', () => this.stage.fit());
    on('export-svg', () => this.host.postMessage({ type: 'export', format: 'svg' }));
    on('export-png', () => this.host.postMessage({ type: 'export', format: 'png' }));
    document.addEventListener('keydown', (event) => this.key(event));
  }

  private change(change: Partial<View>): void {
    this.view = { ...this.view, ...change };
    this.ask();
  }

  private askSoon(): void {
    clearTimeout(this.timer);
    this.timer = window.setTimeout(() => this.ask(), typingDelay);
  }

  private ask(): void {
    clearTimeout(this.timer);
    this.width = this.stage.width;
    this.host.postMessage({ type: 'ask', view: this.view, width: this.width });
    this.save();
  }

  private save(): void {
    if (this.uri === '') return;
    const scroll = this.restored ?? this.stage.position;
    this.host.setState({ uri: this.uri, view: this.view, zoom: this.stage.savedZoom, scroll });
  }

  private receive(message: ToTab): void {
    switch (message.type) {
      case 'picture':
        this.show(message.uri, message.result);
        break;
      case 'note':
        this.tell(message.text, message.keep);
        break;
      case 'ask-again':
        this.ask();
        break;
      case 'reset':
        this.view = { ...this.view, entry: null, failure: null, collapsed: null, filter: '' };
        this.showView();
        this.ask();
        break;
      case 'rasterize':
        rasterize(message.svg).then(
          (data) => this.host.postMessage({ type: 'png', data }),
          (error: unknown) =>
            this.host.postMessage({
              type: 'failed',
              message: String(error),
            }),
        );
    }
  }

  private show(uri: string, result: LifetimesResult): void {
    this.uri = uri;
    this.result = result;
    fill(
      this.entry,
      result.entries.map(({ id, name }) => [id, `${name}()`]),
    );
    fill(
      this.failure,
      result.failures.map((name, i) => [String(i), `${i + 1}. ${name}`]),
    );
    this.entry.value = result.entry ?? '';
    this.failure.value = String(result.failure);
    this.showView();
    const missing = find('missing');
    missing.replaceChildren(...result.notes.map(noteLine));
    missing.hidden = result.notes.length === 0;
    if (result.svg === null) {
      this.tell(result.note ?? this.note.dataset['nothing'] ?? '', false);
    } else {
      this.tell('', true);
      this.style.replaceSync(result.style);
      this.stage.show(result.svg, result.rows, this.restored);
      this.restored = undefined;
      this.details.hidden = false;
      this.showZoom();
    }
    this.save();
  }

  private showView(): void {
    this.timeline.value = this.view.timeline;
    find('failure-label').hidden = this.view.timeline !== 'probe-fail';
    if (this.filter !== document.activeElement) this.filter.value = this.view.filter;
    this.findings.checked = this.view.findingsOnly;
  }

  /** An empty text takes the note away. */
  private tell(text: string, keep: boolean): void {
    this.note.textContent = text;
    this.note.hidden = text === '';
    if (keep) return;
    this.stage.clear();
    this.details.hidden = true;
  }

  private look(row: SVGGElement | null): void {
    if (row === null) return;
    const id = row.dataset['id'] ?? '';
    if (this.looked === row) return;
    this.looked = row;
    const text = row.querySelector('title')?.textContent ?? '';
    const chain = this.result?.chains[id] ?? [];
    // The chain stands at the end of the title, for those who only have that.
    const [head = ''] = chain.length > 0 ? text.split('\n\n') : [text];
    const lines = head.split('\n');
    const told = lines.findLastIndex((line) => /^(error|warning|info|hint): /.test(line)) + 1;
    // First what is wrong and how it comes about, then where the thing comes from.
    this.details.replaceChildren(
      lines.slice(0, Math.max(1, told)).join('\n'),
      ...chain.map((link, at) => this.linkTo(id, at, link)),
      `${chain.length > 0 ? '' : '\n'}${lines.slice(Math.max(1, told)).join('\n')}`,
    );
    this.details.scrollTop = 0;
  }

  private linkTo(id: string, link: number, { message, location }: Link): HTMLElement {
    const button = document.createElement('button');
    button.className = 'link';
    const file = location.uri.slice(location.uri.lastIndexOf('/') + 1);
    button.textContent = `${link + 1}. ${file}:${location.range.start.line + 1}  ${message}`;
    button.addEventListener('click', () => this.host.postMessage({ type: 'open-link', id, link }));
    return button;
  }

  private activate(row: SVGGElement): void {
    const id = row.dataset['id'] ?? '';
    if (row.classList.contains('group'))
      this.fold(row, row.getAttribute('aria-expanded') !== 'true');
    else this.host.postMessage({ type: 'open', id });
  }

  private fold(row: SVGGElement, open: boolean): void {
    const id = row.dataset['id'];
    if (!row.classList.contains('group') || id === undefined) return;
    const others = (this.result?.collapsed ?? []).filter((other) => other !== id);
    const collapsed = open ? others : [...others, id];
    this.change({ collapsed });
  }

  private moved(): void {
    this.showZoom();
    this.save();
  }

  private showZoom(): void {
    find('zoom-reset').textContent = `${Math.round(this.stage.zoom * 100)}%`;
  }

  private key(event: KeyboardEvent): void {
    const isFind = (event.ctrlKey || event.metaKey) && event.key === 'f';
    if (isFind || (event.key === '/' && event.target !== this.filter)) {
      this.filter.select();
      event.preventDefault();
      return;
    }
    if (event.target instanceof HTMLInputElement || event.target instanceof HTMLSelectElement)
      return;
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === '+' || event.key === '=') this.stage.zoomBy(1);
    else if (event.key === '-') this.stage.zoomBy(-1);
    else if (event.key === '0') this.stage.fit();
  }
}

type Link = NonNullable<LifetimesResult['chains'][string]>[number];

/** A line each: what is cut at its end still begins with its number. */
function noteLine(note: string): HTMLElement {
  const line = document.createElement('span');
  line.textContent = note.replace(/`/g, '');
  line.title = line.textContent;
  return line;
}

/** Options are replaced only when they differ: an open list must not close at each answer. */
function fill(
  select: HTMLSelectElement,
  options: readonly (readonly [value: string, label: string])[],
): void {
  const wanted = JSON.stringify(options);
  if (select.dataset['options'] === wanted) return;
  select.dataset['options'] = wanted;
  select.replaceChildren(...options.map(([value, label]) => new Option(label, value)));
}

new Tab();
