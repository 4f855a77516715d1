/**
 * The colours of the picture. A file has literal ones, because few programs that show SVG know
 * custom properties; inside an editor they are the editor's own.
 */

export interface Palette {
  readonly paper: string;
  readonly text: string;
  readonly muted: string;
  readonly line: string;
  readonly shade: string;
  readonly devm: string;
  readonly drmm: string;
  readonly drmmGround: string;
  readonly manual: string;
  readonly alarm: string;
  readonly warning: string;
  readonly info: string;
  readonly hover: string;
}

const light: Palette = {
  paper: '#ffffff',
  text: '#1f2328',
  muted: '#57606a',
  line: '#c9d1d9',
  shade: '#f2f5f8',
  devm: '#2f6db3',
  drmm: '#b76e00',
  drmmGround: '#fbe3bd',
  manual: '#6e7781',
  alarm: '#c4121a',
  warning: '#9a6700',
  info: '#0969da',
  hover: '#eaf2fb',
};

const dark: Palette = {
  paper: '#1b1f24',
  text: '#e6edf3',
  muted: '#9da7b3',
  line: '#3d444d',
  shade: '#23282f',
  devm: '#5fa4ec',
  drmm: '#e6a23c',
  drmmGround: '#4a3713',
  manual: '#8b949e',
  alarm: '#ff6a69',
  warning: '#e3b341',
  info: '#58a6ff',
  hover: '#283341',
};

/** Colours that whoever shows the picture defines as custom properties. */
const host = Object.fromEntries(
  Object.keys(light).map((name) => [name, `var(--picture-${name})`]),
) as unknown as Palette;

/** `auto` follows what the viewer prefers, and is light where the viewer cannot say. */
export type Scheme = 'auto' | 'light' | 'dark' | 'host';

export function styleOf(scheme: Scheme): string {
  if (scheme === 'host') return shapes + colours(host);
  if (scheme !== 'auto') return shapes + colours(scheme === 'dark' ? dark : light);
  return `${shapes}${colours(light)}@media (prefers-color-scheme:dark){${colours(dark)}}`;
}

const shapes = [
  '.lifetimes text{font:12px "DejaVu Sans Mono",Menlo,Consolas,"Liberation Mono",monospace;white-space:pre}',
  '.lifetimes .heading,.lifetimes .subtitle,.lifetimes .band-label,.lifetimes .mark-label,.lifetimes .group-label,.lifetimes .group-count,.lifetimes .rule,.lifetimes .legend text,.lifetimes .empty{font-family:"Segoe UI","DejaVu Sans","Liberation Sans",Helvetica,Arial,sans-serif}',
  '.lifetimes .heading{font-size:17px;font-weight:600}.lifetimes .group-label{font-weight:600}',
  '.lifetimes .where,.lifetimes .loop,.lifetimes .rule,.lifetimes .mark-label,.lifetimes .band-label,.lifetimes .group-count{font-size:10.5px}',
  '.lifetimes .tag{font-size:10.5px;font-weight:600}.lifetimes .legend text{font-size:11px}',
  '.lifetimes .mark-line{stroke-width:1.5}.lifetimes .link{stroke-width:1;stroke-dasharray:2 3}',
  '.lifetimes .conditional{stroke-dasharray:4 2}.lifetimes .past{stroke-width:1.2}.lifetimes .hit{fill:transparent}',
].join('');

function colours(c: Palette): string {
  return [
    `.lifetimes text{fill:${c.text}}.lifetimes .paper{fill:${c.paper}}`,
    `.lifetimes .subtitle,.lifetimes .where,.lifetimes .loop,.lifetimes .band-label,.lifetimes .mark-label,.lifetimes .group-count,.lifetimes .legend text{fill:${c.muted}}`,
    `.lifetimes .band{fill:${c.paper}}.lifetimes .band.shaded{fill:${c.shade}}.lifetimes .dot{fill:${c.line}}`,
    `.lifetimes .rim{stroke:${c.line}}.lifetimes .mark-line{stroke:${c.muted}}.lifetimes .chevron{fill:${c.muted}}`,
    `.lifetimes .tag.devm{fill:${c.devm}}.lifetimes .tag.drmm{fill:${c.drmm}}.lifetimes .tag.manual{fill:${c.manual}}`,
    `.lifetimes .bar.devm{fill:${c.devm};stroke:${c.devm}}.lifetimes .bar.drmm{stroke:${c.drmm}}.lifetimes .bar.manual{fill:${c.paper};stroke:${c.manual}}`,
    `.lifetimes .bar.devm.conditional{fill-opacity:.45}.lifetimes .moment{fill:${c.manual}}`,
    `.lifetimes .drmm-ground{fill:${c.drmmGround}}.lifetimes .drmm-stripe{fill:${c.drmm}}`,
    `.lifetimes .past{stroke:${c.alarm}}.lifetimes .past-ground{fill:${c.paper}}.lifetimes .past-stripe{stroke:${c.alarm}}.lifetimes .perhaps-stripe{stroke:${c.info}}`,
    `.lifetimes .link.perhaps{stroke:${c.info}}.lifetimes .link-end.perhaps{fill:${c.info}}.lifetimes .perhaps .past,.lifetimes .perhaps .use,.lifetimes .perhaps .cross{stroke:${c.info}}`,
    `.lifetimes .tag.runner{fill:${c.text}}.lifetimes .bar.runner{fill:${c.muted};fill-opacity:.35;stroke:${c.text};stroke-dasharray:1 2}`,
    `.lifetimes .hint .rule{fill:${c.muted}}.lifetimes .hint .sign{fill:${c.muted}}`,
    `.lifetimes .link{stroke:${c.alarm}}.lifetimes .link-end{fill:${c.alarm}}.lifetimes .use{fill:${c.paper};stroke:${c.alarm}}.lifetimes .cross{stroke:${c.alarm}}`,
    `.lifetimes .rule-ground{fill:${c.paper}}.lifetimes .rule{fill:${c.info}}.lifetimes .error .rule{fill:${c.alarm}}.lifetimes .warning .rule{fill:${c.warning}}`,
    `.lifetimes .sign{fill:${c.info}}.lifetimes .error .sign{fill:${c.alarm}}.lifetimes .warning .sign{fill:${c.warning}}.lifetimes .sign-text{stroke:${c.paper}}`,
    `.lifetimes .row:hover .hit,.lifetimes .row:focus .hit{fill:${c.hover}}`,
  ].join('');
}
