/**
 * The lifetimes of what a driver takes, as a picture in plain data: every position is a pixel, every
 * text is the one to show. What is drawn is decided here; how it looks is the renderer's.
 */
import type { ChainLink, Place, Severity, Timeline } from '../result.ts';
import type { Say } from '../say.ts';

/** Which course of an entry is drawn. */
export interface Course {
  readonly timeline: Timeline;
  /** For `probe-fail`: after which registration, from 0; the last when there are fewer. */
  readonly failure: number;
}

export interface PictureOptions {
  /** The width to fill; a picture of many steps may need more. */
  readonly width: number;
  /** Ids of the groups that are drawn as one row. */
  readonly collapsed: ReadonlySet<string>;
  readonly findingsOnly: boolean;
  /** Rows that have this text somewhere, whatever the case; empty for all. */
  readonly filter: string;
  /** In which language the picture names what it draws; what the model says stays as it is. */
  readonly say: Say;
}

/** A stretch of time with a name: a phase of the course. */
export interface Band {
  readonly kind: 'probe' | 'use' | 'remove' | 'devm' | 'file' | 'put' | 'manual';
  readonly label: string;
  readonly x: number;
  readonly width: number;
}

/** A moment with a name. */
export interface Mark {
  readonly kind: 'unbind-done' | 'last-put' | 'probe-fails';
  readonly label: string;
  readonly x: number;
}

/** What is drawn of one lifetime. `devm` and `drmm` are its scope; `manual` has none; a `runner` runs by itself. */
export type BarLook = 'devm' | 'drmm' | 'manual' | 'runner';

/** Where something is used although what it needs has ended. */
export interface Overrun {
  readonly from: number;
  readonly to: number;
  /** The row of the resource that has ended, when it is drawn and is a single one. */
  readonly resource: string | null;
}

export interface Bar {
  readonly look: BarLook;
  readonly from: number;
  /** Where it is given back. */
  readonly to: number;
  /** No release is known on this course: `to` is the picture's end. */
  readonly open: boolean;
  readonly conditional: boolean;
}

export interface Note {
  /** Its fingerprint: a hazard is marked at both ends. */
  readonly finding: string;
  readonly severity: Severity;
  readonly rule: string;
  /** Where the row is marked. */
  readonly x: number;
  readonly overrun: Overrun | null;
}

interface RowBase {
  readonly id: string;
  /** The middle. */
  readonly y: number;
  readonly label: string;
  /** All that is known, in lines. */
  readonly title: string;
}

export interface GroupRow extends RowBase {
  readonly type: 'group';
  readonly collapsed: boolean;
  readonly count: number;
  readonly findings: number;
  /** How many there are, and how many findings, in words. */
  readonly counted: string;
  /** When collapsed: the spans of its members by look, and their worst overrun. */
  readonly bars: readonly Bar[];
  readonly notes: readonly Note[];
}

export interface StepRow extends RowBase {
  readonly type: 'step';
  readonly group: string;
  /** Short and right-aligned: `foo_copy.c:458`. */
  readonly where: string;
  /** `devm`, `drmm`, `manual`, or the function that it is or runs in. */
  readonly tag: string;
  readonly repeats: boolean;
  /** On how many ways of probe the same call takes it: most rows stand for one. */
  readonly ways: number;
  /** Null for what only happens at one moment: a call of remove() that gives nothing back. */
  readonly bar: Bar | null;
  /** The moment of a row without bar. */
  readonly at: number;
  readonly notes: readonly Note[];
  /** Where a click leads: the finding, else the registration. */
  readonly place: Place;
  /** How the row's hazards come about. */
  readonly chain: readonly ChainLink[];
}

export type Row = GroupRow | StepRow;

export interface LegendItem {
  readonly kind: BarLook | 'open' | 'conditional' | 'repeats' | 'past' | 'perhaps' | 'mark';
  readonly label: string;
  readonly x: number;
  readonly y: number;
}

export interface Picture {
  readonly title: string;
  readonly subtitle: string;
  readonly width: number;
  readonly height: number;
  /** Where labels end and time begins, and where both bands and rows begin. */
  readonly plot: {
    readonly x: number;
    readonly width: number;
    readonly top: number;
    readonly bottom: number;
  };
  readonly bands: readonly Band[];
  readonly marks: readonly Mark[];
  readonly rows: readonly Row[];
  readonly legend: readonly LegendItem[];
  /** What a screen reader calls the rows together. */
  readonly rowsLabel: string;
  /** Every group, drawn or filtered away, collapsed or not. */
  readonly groups: readonly {
    readonly id: string;
    readonly findings: number;
    readonly count: number;
  }[];
  /** What the picture does not show, each in one sentence. */
  readonly notes: readonly string[];
  /** Why there are no rows; null when there are. */
  readonly empty: string | null;
}
