/**
 * In which order a way out empties the memory domains of a TTM device. What is evicted from VRAM lands
 * in the domain that is mapped for DMA: emptied before, that one is filled again.
 */
import type { MemoryDomain } from '../catalog.ts';
import type { CallFact, Context } from '../facts/types.ts';
import type { Pass } from '../pass.ts';
import { originOf, pathIn } from '../program/objects.ts';
import type { FunctionRef } from '../program/program.ts';

/** `source`: emptied into others; `mapped`: what is left there is mapped for DMA. */
type Domain = 'source' | 'mapped';

const maximumDepth = 6;

/** Whether a function empties all domains, the mapped one after those that are emptied into it. */
export function evictsInOrder(pass: Pass, end: FunctionRef): boolean {
  const domains = new Walk(pass).domainsOf(end, new Map(), 0).map(({ domain }) => domain);
  const last = domains.lastIndexOf('source');
  return last >= 0 && domains.lastIndexOf('mapped') > last;
}

/** One eviction; undefined as a domain when nothing tells which. */
interface Eviction {
  readonly domain: Domain | undefined;
}

class Walk {
  private readonly pass: Pass;
  private readonly names: ReadonlySet<string>;
  private readonly ways;

  constructor(pass: Pass) {
    this.pass = pass;
    const evicts = pass.catalog.data.milestones.filter(({ role }) => role === 'evict');
    this.names = new Set(evicts.map(({ name }) => name));
    this.ways = pass.graph.waysTo(this.names);
  }

  /** @param given what the callers pass, by parameter */
  domainsOf(fn: FunctionRef, given: ReadonlyMap<string, string>, depth: number): Eviction[] {
    if (depth > maximumDepth || !this.ways.has(fn)) return [];
    const out: Eviction[] = [];
    const looped = new Set<Context>();
    for (const call of fn.facts.calls) {
      const found = this.evictionsAt(fn, call, given, depth);
      const loop = loopAround(fn, call);
      if (found.length === 0) continue;
      if (loop === undefined || found.every(({ domain }) => domain !== undefined)) {
        out.push(...found);
        continue;
      }
      // Each round empties one domain: the loop's head tells their order.
      if (looped.has(loop)) continue;
      looped.add(loop);
      out.push(...this.roundsOf(fn, loop, call));
    }
    return out;
  }

  private evictionsAt(
    fn: FunctionRef,
    call: CallFact,
    given: ReadonlyMap<string, string>,
    depth: number,
  ): readonly Eviction[] {
    if (this.names.has(call.callee))
      return [{ domain: this.domainIn(this.textsOf(fn, call, given).join(' ')) }];
    const targets = this.pass.graph.targetsOf(fn, call).filter((one) => this.ways.has(one));
    if (targets.length === 0) return [];
    const texts = this.textsOf(fn, call, given);
    return targets.flatMap((target) => {
      const passed = new Map(
        target.facts.params.map(({ name }, i) => [name, texts[i] ?? ''] as const),
      );
      return this.domainsOf(target, passed, depth + 1);
    });
  }

  /** The arguments with what their locals were given, and what the callers pass for parameters. */
  private textsOf(
    fn: FunctionRef,
    call: CallFact,
    given: ReadonlyMap<string, string>,
  ): readonly string[] {
    const full = (one: CallFact, index: number, depth: number): string => {
      const argument = one.args[index];
      const path = argument && pathIn(argument.value);
      const made = path ? originOf(fn, path, one.start).call : null;
      const inner =
        made && depth > 0 ? made.args.map((_, i) => full(made, i, depth - 1)).join(' ') : '';
      const passed = [...given].filter(([name]) =>
        new RegExp(`\\b${name}\\b`).test(argument?.text ?? ''),
      );
      return [argument?.text ?? '', inner, ...passed.map(([, text]) => text)].join(' ');
    };
    return call.args.map((_, i) => full(call, i, 2));
  }

  /** The domain that the words of an expression name, undefined for none or several. */
  private domainIn(text: string): Domain | undefined {
    const found = new Set(
      (text.match(/[A-Za-z_]\w*/g) ?? []).flatMap((name) => this.domainOf(name) ?? []),
    );
    const [only] = found;
    return found.size === 1 ? only : undefined;
  }

  private domainOf(name: string): Domain | undefined {
    const known = this.entryOf(name);
    return known && (known.mapped ? 'mapped' : 'source');
  }

  private entryOf(name: string): MemoryDomain | undefined {
    const words = name.toLowerCase().replace(/\d+/g, '').split('_');
    return this.pass.catalog.data.memoryDomains.find((one) => words.includes(one.word));
  }

  /** What the rounds of a loop empty, from the first to the last. */
  private roundsOf(fn: FunctionRef, { text }: Context, call: CallFact): readonly Eviction[] {
    const listed = this.listed(fn, text, call);
    if (listed) return listed.map((name) => ({ domain: this.domainOf(name) }));
    const head = /^for\s*\(\s*(?:\w+\s+)*?(\w+)\s*=\s*([^;]*);([^;]*);(.*)\)$/.exec(text);
    const [, counter = '', from = '', until = text, step = ''] = head ?? [];
    const down = head ? goesDown(counter, `${until};${step}`) : /--/.test(text);
    // `N - 1 - i` turns the order round.
    const turned = counter !== '' && this.isTurned(fn, call, counter);
    const [high, low] = down ? [from, until] : [until, from];
    const rounds: Eviction[] = [
      ...(this.reaches(high, 'source') ? [{ domain: 'source' as const }] : []),
      ...(this.reaches(low, 'mapped') && !(down && this.stopsAbove(until))
        ? [{ domain: 'mapped' as const }]
        : []),
    ];
    return down !== turned ? rounds : rounds.reverse();
  }

  /** Whether a bound takes a kind of domain in: one without a name is an end of all of them. */
  private reaches(bound: string, kind: Domain): boolean {
    const domain = this.domainIn(bound);
    return domain === undefined || domain === kind;
  }

  /** `i > TT` leaves out what `i >= TT` and `i > SYSTEM` take in. */
  private stopsAbove(until: string): boolean {
    const bound = /(?<!-)>(?!=)\s*(\w+)/.exec(until)?.[1];
    const known = bound === undefined ? undefined : this.entryOf(bound);
    return known?.mapped === true && known.below !== true;
  }

  private isTurned(fn: FunctionRef, call: CallFact, counter: string): boolean {
    return new RegExp(`-\\s*${counter}\\b`).test(this.textsOf(fn, call, new Map()).join(' '));
  }

  /** The names of an array that the loop goes through: `order[i]` with `order[] = { A, B }`. */
  private listed(fn: FunctionRef, text: string, call: CallFact): readonly string[] | undefined {
    const source = this.pass.textOf(fn.file.path) ?? '';
    const counter = /\(\s*(?:\w+\s+)*?(\w+)\s*=/.exec(text)?.[1];
    if (counter === undefined || goesDown(counter, text)) return undefined;
    const words = this.textsOf(fn, call, new Map()).join(' ');
    const array = new RegExp(`\\b(\\w+)\\s*\\[\\s*${counter}\\s*\\]`).exec(words)?.[1];
    if (array === undefined) return undefined;
    const values = new RegExp(`\\b${array}\\s*\\[[^\\]]*\\]\\s*=\\s*\\{([^}]*)\\}`).exec(
      source,
    )?.[1];
    return values?.match(/[A-Za-z_]\w*/g) ?? undefined;
  }
}

function goesDown(counter: string, text: string): boolean {
  return new RegExp(`--\\s*${counter}\\b|\\b${counter}\\s*(?:--|-=)`).test(text);
}

/** The innermost loop around a call. */
function loopAround({ facts }: FunctionRef, call: CallFact): Context | undefined {
  for (let at = call.context; at >= 0; at = facts.contexts[at]?.parent ?? -1)
    if (facts.contexts[at]?.kind === 'loop') return facts.contexts[at];
  return undefined;
}
