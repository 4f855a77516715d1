/** Where the picture stands: zoom, scroll, the axis that stays in sight, and moving between rows. */

import type { LifetimesResult } from '../../../server/src/lsp/protocol.ts';

/** Where the buttons stop. */
const steps = [0.25, 0.5, 0.67, 0.8, 1, 1.25, 1.5, 2, 3, 4];
/** Smaller cannot be read. */
const leastFit = 0.7;

interface Position {
  readonly top: number;
  readonly left: number;
}

export interface StageEvents {
  /** A row was clicked or Enter was pressed on it. */
  readonly onActivate: (row: SVGGElement) => void;
  /** A row is under the pointer or has the focus; null when none. */
  readonly onLook: (row: SVGGElement | null) => void;
  /** Left and right on a row of a group. */
  readonly onFold: (row: SVGGElement, open: boolean) => void;
  /** Zoom or scroll changed. */
  readonly onMove: () => void;
}

export class Stage {
  private readonly scroll: HTMLElement;
  private readonly holder: HTMLElement;
  private readonly events: StageEvents;
  private scale = 1;
  /** Where to return to, when a picture was too small to be scrolled there; `set` is where it is. */
  private wanted: (Position & { readonly set: Position }) | null = null;
  /** Whether the zoom follows the width of the view, as it does until the user zooms. */
  private fits = true;
  private svg: SVGSVGElement | null = null;
  /** All rows, in order, and those that stand in the page: of a thousand only what is near. */
  private all: LifetimesResult['rows'] = [];
  private readonly drawn = new Map<string, SVGGElement>();
  /** The row that Tab comes to. */
  private current: string | undefined;
  private natural = { width: 0, height: 0 };

  constructor(scroll: HTMLElement, holder: HTMLElement, events: StageEvents) {
    this.scroll = scroll;
    this.holder = holder;
    this.events = events;
    holder.addEventListener('click', (event) => this.click(event));
    holder.addEventListener('keydown', (event) => this.key(event));
    holder.addEventListener('focusin', (event) => this.look(event));
    holder.addEventListener('pointerover', (event) => this.look(event));
    holder.addEventListener('pointerleave', () => events.onLook(this.focused()));
    scroll.addEventListener('wheel', (event) => this.wheel(event), { passive: false });
    scroll.addEventListener('scroll', () => {
      this.noticeMove();
      this.holdAxis();
      this.draw();
      events.onMove();
    });
  }

  get zoom(): number {
    return this.scale;
  }

  /** What is to be restored; null when the zoom follows the view. */
  get savedZoom(): number | null {
    return this.fits ? null : this.scale;
  }

  /** The width that a picture should have to need no horizontal scrolling at 100%. */
  get width(): number {
    return this.scroll.clientWidth;
  }

  get position(): Position {
    return { top: this.scroll.scrollTop, left: this.scroll.scrollLeft };
  }

  /** Replaces the picture; zoom, scroll and focus stay. */
  show(
    text: string,
    rows: LifetimesResult['rows'],
    position: Position = this.wanted ?? this.position,
  ): void {
    const root = new DOMParser().parseFromString(text, 'image/svg+xml').documentElement;
    if (!(root instanceof SVGSVGElement)) throw new Error('the picture is no SVG');
    const focused = this.focused()?.dataset['id'];
    this.all = rows;
    this.drawn.clear();
    this.svg = document.importNode(root, true);
    this.natural = { width: root.viewBox.baseVal.width, height: root.viewBox.baseVal.height };
    this.holder.replaceChildren(this.svg);
    if (this.fits) this.scale = this.fittingZoom();
    this.resize();
    this.scroll.scrollTo({ top: position.top, left: position.left });
    this.wanted = { top: position.top, left: position.left, set: this.position };
    this.holdAxis();
    const again = rows.some(({ id }) => id === focused) ? focused : undefined;
    this.current = again ?? rows[0]?.id;
    this.draw();
    // Somebody may be typing elsewhere in the window by now.
    if (again !== undefined && document.hasFocus())
      this.drawn.get(again)?.focus({ preventScroll: true });
  }

  /** Puts in the rows that are in sight or near it, and takes the others out. */
  private draw(): void {
    const holder = this.svg?.querySelector('.rows');
    if (holder === null || holder === undefined) return;
    const { scrollTop, clientHeight } = this.scroll;
    const top = (scrollTop - clientHeight) / this.scale;
    const bottom = (scrollTop + 2 * clientHeight) / this.scale;
    const near = this.all.filter(({ id, y }) => (y >= top && y <= bottom) || id === this.current);
    const wanted = new Set(near.map(({ id }) => id));
    for (const [id, row] of this.drawn)
      if (!wanted.has(id)) {
        row.remove();
        this.drawn.delete(id);
      }
    const missing = near.filter(({ id }) => !this.drawn.has(id));
    if (missing.length > 0) this.insert(holder, missing);
  }

  /** In the order of the picture: that is how they are read aloud. */
  private insert(holder: Element, rows: LifetimesResult['rows']): void {
    const text = `<svg xmlns="http://www.w3.org/2000/svg">${rows.map(({ svg }) => svg).join('')}</svg>`;
    const parsed = new DOMParser().parseFromString(text, 'image/svg+xml').documentElement;
    const made = [...parsed.children].map((row) => document.importNode(row, true) as SVGGElement);
    for (const [i, row] of made.entries()) {
      const id = rows[i]?.id ?? '';
      row.setAttribute('tabindex', id === this.current ? '0' : '-1');
      this.drawn.set(id, row);
    }
    const inOrder = this.all.flatMap(({ id }) => this.drawn.get(id) ?? []);
    for (const [i, row] of inOrder.entries()) {
      const before = inOrder[i - 1]?.nextSibling ?? (i === 0 ? holder.firstChild : null);
      if (before !== row) holder.insertBefore(row, before);
    }
  }

  clear(): void {
    this.svg = null;
    this.all = [];
    this.drawn.clear();
    this.holder.replaceChildren();
  }

  /** Zooms to a factor; the point of the picture at `x`, `y` of the view stays where it is. */
  zoomTo(factor: number, x = 0, y = 0): void {
    const before = this.scale;
    this.fits = false;
    this.scale = Math.min(8, Math.max(0.2, factor));
    this.resize();
    const ratio = this.scale / before;
    const { top, left } = this.position;
    this.scroll.scrollTo({ top: (top + y) * ratio - y, left: (left + x) * ratio - x });
    this.holdAxis();
    this.draw();
    this.events.onMove();
  }

  /** As large as the width of the view allows, and not larger than drawn. */
  fit(): void {
    this.zoomTo(this.fittingZoom());
    this.fits = true;
    this.events.onMove();
  }

  zoomBy(direction: 1 | -1): void {
    const next =
      direction > 0
        ? steps.find((step) => step > this.scale + 0.01)
        : steps.findLast((step) => step < this.scale - 0.01);
    if (next !== undefined) this.zoomTo(next);
  }

  /** A narrow view is scrolled sideways sooner than made too small to be read. */
  private fittingZoom(): number {
    return Math.min(1, Math.max(leastFit, this.width / Math.max(1, this.natural.width)));
  }

  private resize(): void {
    this.svg?.setAttribute('width', String(this.natural.width * this.scale));
    this.svg?.setAttribute('height', String(this.natural.height * this.scale));
  }

  private holdAxis(): void {
    const axis = this.svg?.querySelector<SVGGElement>('.axis');
    if (axis === null || axis === undefined) return;
    const top = Number(axis.firstElementChild?.getAttribute('y') ?? 0);
    const down = Math.max(0, this.scroll.scrollTop / this.scale - top);
    axis.setAttribute('transform', `translate(0 ${down})`);
  }

  /** Scrolled by the user: there is nothing to return to any more. */
  private noticeMove(): void {
    const { top, left } = this.position;
    if (this.wanted?.set.top !== top || this.wanted.set.left !== left) this.wanted = null;
  }

  private rowAt(target: EventTarget | null): SVGGElement | null {
    return target instanceof Element ? target.closest<SVGGElement>('.row') : null;
  }

  private focused(): SVGGElement | null {
    return this.rowAt(document.activeElement);
  }

  private look(event: Event): void {
    const row = this.rowAt(event.target);
    if (row !== null) this.events.onLook(row);
  }

  private click(event: Event): void {
    const row = this.rowAt(event.target);
    if (row === null) return;
    this.focus(row.dataset['id']);
    this.events.onActivate(row);
  }

  /** The keys of a tree; only one row is in the order of Tab. */
  private key(event: KeyboardEvent): void {
    const row = this.rowAt(event.target);
    if (row === null || event.ctrlKey || event.altKey || event.metaKey) return;
    const rows = this.all;
    const at = rows.findIndex(({ id }) => id === row.dataset['id']);
    const moves: Readonly<Record<string, number>> = {
      ArrowDown: at + 1,
      ArrowUp: at - 1,
      PageDown: at + 15,
      PageUp: at - 15,
      Home: 0,
      End: rows.length - 1,
    };
    const to = moves[event.key];
    if (to !== undefined) this.focus(rows[Math.min(rows.length - 1, Math.max(0, to))]?.id);
    else if (event.key === 'Enter' || event.key === ' ') this.events.onActivate(row);
    else if (event.key === 'ArrowRight') this.events.onFold(row, true);
    else if (event.key === 'ArrowLeft') this.leave(row, rows.slice(0, at));
    else return;
    event.preventDefault();
  }

  /** Left closes an open group, and leads from a row to its group. */
  private leave(row: SVGGElement, above: LifetimesResult['rows']): void {
    if (row.classList.contains('group')) this.events.onFold(row, false);
    else this.focus(above.findLast((other) => other.isGroup)?.id);
  }

  private focus(id: string | undefined): void {
    if (id === undefined) return;
    this.current = id;
    this.draw();
    for (const [other, row] of this.drawn) row.setAttribute('tabindex', other === id ? '0' : '-1');
    const row = this.drawn.get(id);
    if (row === undefined) return;
    row.focus({ preventScroll: true });
    this.reveal(row);
  }

  /** Up and down only: rows are as wide as the picture. The axis covers the upper edge. */
  private reveal(row: SVGGElement): void {
    const view = this.scroll.getBoundingClientRect();
    const box = row.getBoundingClientRect();
    const covered = 48 * this.scale;
    if (box.top < view.top + covered) this.scroll.scrollTop -= view.top + covered - box.top;
    else if (box.bottom > view.bottom) this.scroll.scrollTop += box.bottom - view.bottom + 4;
  }

  private wheel(event: WheelEvent): void {
    if (!event.ctrlKey && !event.metaKey) return;
    event.preventDefault();
    const box = this.scroll.getBoundingClientRect();
    const factor = this.scale * Math.exp(-event.deltaY * 0.002);
    this.zoomTo(factor, event.clientX - box.left, event.clientY - box.top);
  }
}
