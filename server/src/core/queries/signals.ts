/** Inputs that stand for what is looked up by name in an index: whoever looks depends on the name. */
import type { Input, Queries } from './queries.ts';

export class Signals<Kind extends string> {
  private readonly queries: Queries;
  private readonly inputs = new Map<Kind, Map<string, Input<null>>>();

  constructor(queries: Queries) {
    this.queries = queries;
  }

  /** Notes that a name is looked up. */
  note(kind: Kind, name: string): void {
    if (!this.queries.isRecording) return;
    let names = this.inputs.get(kind);
    if (!names) {
      names = new Map();
      this.inputs.set(kind, names);
    }
    let input = names.get(name);
    if (!input) {
      input = this.queries.input(null);
      names.set(name, input);
    }
    this.queries.note(input);
  }

  /** What is found under the name is another thing now. A name that nobody looked up costs nothing. */
  touch(kind: Kind, name: string): void {
    this.inputs.get(kind)?.get(name)?.touch();
  }

  /** Everything that was looked up may be another thing now. */
  touchAll(kind: Kind): void {
    for (const input of this.inputs.get(kind)?.values() ?? []) input.touch();
  }
}
