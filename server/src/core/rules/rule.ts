/** What a rule is and all that it may see. */
import type { Catalog } from '../catalog.ts';
import type { Once } from '../once.ts';
import type { Allocations } from '../program/allocations.ts';
import type { CallGraph } from '../program/call-graph.ts';
import type { Effects } from '../program/effects.ts';
import type { Memory } from '../program/memory.ts';
import type { Program } from '../program/program.ts';
import type { Registration } from '../program/registrations.ts';
import type { ChainLink, Confidence, Fix, Place, Severity, Timeline } from '../result.ts';
import type { TableFunction } from '../teardown/entries.ts';

/** The world of a rule: the module, what the catalogue says, and what the joins have found. */
export interface Pass {
  readonly program: Program;
  readonly graph: CallGraph;
  readonly catalog: Catalog;
  readonly registrations: readonly Registration[];
  readonly effects: Effects;
  readonly allocations: Allocations;
  /** Answers that rules share. */
  readonly once: Once;
  readonly memory: Memory;
  /** The functions of the module that tables of known structs name. */
  readonly tableFunctions: readonly TableFunction[];
  /** The text of one of the module's files, undefined when it is not at hand. */
  readonly textOf: (path: string) => string | undefined;
  /** The buses whose drivers the module holds: `pci`, `platform`, … */
  readonly buses: ReadonlySet<string>;
}

/** What a rule says of one place. The driver adds the rule's id, the user's severity and the fingerprint. */
export interface RuleFinding {
  readonly severity: Severity;
  readonly confidence: Confidence;
  readonly place: Place;
  readonly function: string;
  readonly message: string;
  readonly timelines: readonly Timeline[];
  readonly chain: readonly ChainLink[];
  /** A function where they cost work: they are made when somebody looks. */
  readonly fixes: readonly Fix[] | (() => readonly Fix[]);
  /** Names that tell this finding from others in the same function: they survive edits. */
  readonly identity: readonly string[];
}

export interface Rule {
  /** Names the bad pattern and never changes. */
  readonly id: string;
  /** One line. */
  readonly summary: string;
  readonly defaultSeverity: Severity;
  run(pass: Pass): RuleFinding[];
}
