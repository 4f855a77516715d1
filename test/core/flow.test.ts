/** The questions about a function's ways, held against test/core/flow.md: what is asked stands beside each line. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import type { Flow } from '../../server/src/core/facts/flow/flow.ts';
import { equalName, positive, zero } from '../../server/src/core/facts/flow/known.ts';
import { factsOf } from '../../server/src/core/facts/parse.ts';
import type { CallFact, FunctionDef } from '../../server/src/core/facts/types.ts';
import { type Engine, loadEngine } from '../support/engine.ts';

const page = readFileSync(new URL('flow.md', import.meta.url), 'utf8');

interface Case {
  readonly title: string;
  readonly code: string;
}

const cases: Case[] = [...page.matchAll(/^## (.+)$[^]*?^```c\n([^]*?)^```$/gm)].map(
  ([, title = '', code = '']) => ({ title, code }),
);

/** One thing that a comment says of its line. */
interface Claim {
  readonly line: number;
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

function claimsIn(code: string): Claim[] {
  let at = 0;
  return code.split('\n').flatMap((line, i) => {
    const start = at;
    at += line.length + 1;
    const comment = /\/\/ (.*)$/.exec(line);
    return (comment?.[1] ?? '')
      .split(';')
      .map((text) => text.trim())
      .filter((text) => text !== '')
      .map((text) => ({ line: i, start, end: start + (comment?.index ?? 0), text }));
  });
}

describe('flow', () => {
  let engine: Engine;
  before(async () => {
    engine = await loadEngine();
  });

  for (const { title, code } of cases)
    it(title, () => {
      const facts = factsOf(engine.parser, code);
      assert.equal(facts.errors, 0, 'the text is read without errors');
      const wrong = claimsIn(code).flatMap((claim) => {
        const fn = facts.functions.find((one) => one.start <= claim.start && one.end >= claim.end);
        assert.ok(fn, `line ${claim.line} stands in a function`);
        const answer = answerTo(engine.catalog.flows.of(fn.facts), fn, claim);
        return answer === true ? [] : [`${code.split('\n')[claim.line]?.trim()} (${answer})`];
      });
      assert.deepEqual(wrong, []);
    });
});

/** True, or what is the case instead. */
function answerTo(flow: Flow, fn: FunctionDef, { start, end, text }: Claim): true | string {
  const { calls, returnsOf } = fn.facts;
  const here = calls.filter((call) => fn.start + call.start >= start && fn.start + call.end <= end);
  const [, name, verb = '', rest = ''] =
    /^(?:(\w+) )??(fails|goes on|success|error|value|guarded|open|on failure|always|sometimes|excludes|after|before|if|unless|hands|ends|when|dropped|overwritten|kept|loops|runs once|runs with|stays out with)(?: (.*))?$/.exec(
      text,
    ) ?? [];
  const named = (wanted: string): CallFact => {
    const found = calls.find((call) => call.callee === wanted);
    assert.ok(found, `${wanted} is called`);
    return found;
  };
  if (verb === 'success' || verb === 'error' || verb === 'value') {
    const one = returnsOf.find(
      (other) => fn.start + other.start >= start && fn.start + other.start < end,
    );
    assert.ok(one, `a return stands on the line of ${text}`);
    const kind = flow.kindOf(one);
    return kind === verb || kind;
  }
  const call = name === undefined ? here[0] : here.find((one) => one.callee === name);
  assert.ok(call, `the line of "${text}" calls`);
  switch (verb) {
    case 'fails': {
      const failure = flow.failureOf(call);
      const told = failure
        ? `${failure.answers} -> ${failure.cleanup.map((one) => one.callee).join(' ')}`.trim()
        : 'goes on';
      return told === rest || told;
    }
    case 'goes on':
      return flow.failureOf(call) === undefined || 'fails';
    case 'guarded':
      return flow.isGuarded(call) || 'open';
    case 'open':
      return !flow.isGuarded(call) || 'guarded';
    case 'on failure':
      return flow.isOnFailure(call) || 'not on failure';
    case 'always':
      return flow.isAlways(call) || 'sometimes';
    case 'sometimes':
      return !flow.isAlways(call) || 'always';
    case 'excludes':
      return flow.areExclusive(call, named(rest)) || 'both can run';
    case 'after':
      return flow.canFollow(named(rest), call) || 'cannot run after';
    case 'before':
      return flow.canFollow(call, named(rest)) || 'cannot run before';
    case 'if':
      return flow.holdsBefore(call, [rest]) || 'it need not hold';
    case 'unless':
      return !flow.holdsBefore(call, [rest]) || 'it has to hold';
    case 'hands': {
      const value = call.args[0]?.value;
      assert.ok(value?.kind === 'path', 'its first argument is a path');
      const { path, call: from } = flow.standsFor(value, call);
      const sign = path.address === 1 ? '&' : path.address === -1 ? '*' : '';
      const told = from ? `${from.callee}()` : sign + [path.root, ...path.steps].join('->');
      return told === rest || told;
    }
    case 'ends': {
      const told = flow
        .scopedAt(call)
        .map((local) => local.name)
        .join(' ');
      return told === rest || told || 'nothing';
    }
    case 'when': {
      const way = flow.failureOf(call)?.edge?.way;
      return (rest === 'holds' ? 0 : 1) === way || `way ${way}`;
    }
    case 'runs with':
    case 'stays out with': {
      const [param = '', value = ''] = rest.split('=');
      const known = new Map([[equalName(param, value), positive]]);
      if (/^\d/.test(value)) known.set(param, value === '0' ? zero : positive);
      const runs = flow.given(known).calls.has(call);
      return runs === (verb === 'runs with') || (runs ? 'it runs' : 'it does not run');
    }
    case 'loops':
    case 'runs once':
      return (flow.loopOf(call) !== undefined) === (verb === 'loops') || 'not so';
    case 'dropped':
    case 'overwritten':
    case 'kept': {
      const fate = flow.fateOf(call);
      return fate === verb || fate;
    }
    default:
      return `"${text}" is not understood`;
  }
}
