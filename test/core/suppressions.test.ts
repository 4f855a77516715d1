/** Which code a suppression comment is about, beyond what the rule pages show. */
import assert from 'node:assert/strict';
import type { AnalysisConfig } from '../../server/src/core/analyze.ts';
import { placeholderReason } from '../../server/src/core/facts/suppressions.ts';
import { type Engine, loadEngine } from '../support/engine.ts';

const call = 'drmm_mutex_init(&foo->drm, &foo->lock);';
const ignore = 'driver-teardown: ignore unchecked-registration';

describe('suppressions', () => {
  let engine: Engine;
  before(async () => {
    engine = await loadEngine();
  });

  const found = (text: string, config: AnalysisConfig = { severities: {} }, file = 'a.c') =>
    engine
      .analyze(new Map([[file, text]]), config)
      .report.findings.map((one) => `${one.place.from.line + 1} ${one.rule}`);
  const body = (...lines: string[]) =>
    `static void foo_init(struct foo *foo)\n{\n${lines.map((line) => `\t${line}\n`).join('')}}\n`;

  it('takes the words that a comment is offered with for no reason, however they are written', () => {
    const reasonless = ['3 suppression-without-reason'];
    for (const reason of [
      placeholderReason,
      'Why this is right.',
      '  why  this is right!',
      '<why this is right>',
    ])
      for (const comment of [`// ${ignore} -- ${reason}`, `/* ${ignore} -- ${reason} */`])
        assert.deepEqual(found(body(comment, call)), reasonless, comment);
    const own = `// ${ignore} -- why this is right: both die with the device`;
    assert.deepEqual(found(body(own, call)), []);
  });

  it('covers its line, or the statement below, and nothing further', () => {
    assert.deepEqual(found(body(call)), ['3 unchecked-registration']);
    assert.deepEqual(found(body(`${call} // ${ignore} -- why`)), []);
    assert.deepEqual(found(body(`// ${ignore} -- why`, call, call)), ['5 unchecked-registration']);
    assert.deepEqual(found(body(`/* ${ignore} -- why */ ${call}`)), []);
    assert.deepEqual(
      found(
        body(
          `// ${ignore} -- why`,
          '',
          '/* and more */',
          'drmm_mutex_init(&foo->drm,',
          '\t&foo->lock);',
        ),
      ),
      [],
    );
    assert.deepEqual(found(body(`// ${ignore} -- why`, 'other();', call)), [
      '3 unused-suppression',
      '5 unchecked-registration',
    ]);
  });

  it('covers the function that it stands above, attributes between them or not', () => {
    const two = body(call, call);
    assert.deepEqual(found(`// ${ignore} -- why\n${two}`), []);
    assert.deepEqual(
      found(
        `/**\n * foo_init - starts it\n * ${ignore} -- why\n */\n${two.replace('void', 'void __init')}`,
      ),
      [],
    );
    assert.deepEqual(found(`// ${ignore} -- why\nint other;\n${two}`), [
      '1 unused-suppression',
      '5 unchecked-registration',
      '6 unchecked-registration',
    ]);
  });

  it('takes lists, carriage returns and tight spacing', () => {
    assert.deepEqual(found(body(`// ${ignore},release-order-inverted -- why`, call)), [
      '3 unused-suppression',
    ]);
    assert.deepEqual(found(body(`// ${ignore} -- why`, call).replaceAll('\n', '\r\n')), []);
    assert.deepEqual(found(body('//driver-teardown:ignore unchecked-registration--why', call)), []);
  });

  it('says nothing about a rule that is off, nor about itself when it is off', () => {
    assert.deepEqual(
      found(body(`// ${ignore} -- why`, 'other();'), {
        severities: { 'unchecked-registration': 'off' },
      }),
      [],
    );
    assert.deepEqual(
      found(body(`// ${ignore} -- why`, 'other();'), {
        severities: { 'unused-suppression': 'off' },
      }),
      [],
    );
    assert.deepEqual(
      found(body(`// ${ignore}`, call), { severities: { 'suppression-without-reason': 'off' } }),
      [],
    );
  });

  it("does not call a header's comment unused: another module may need it", () => {
    assert.deepEqual(found(body(`// ${ignore} -- why`, 'other();'), { severities: {} }, 'a.h'), []);
  });

  it('reads no comment out of strings and directives, and survives a cut-off text', () => {
    assert.deepEqual(found(body(`say("/* ${ignore} -- no */");`, call)), [
      '4 unchecked-registration',
    ]);
    assert.deepEqual(found(`#error don't // ${ignore}\n${body(call)}`), [
      '4 unchecked-registration',
    ]);
    assert.doesNotThrow(() => found(`/* ${ignore}`));
    assert.doesNotThrow(() => found(`// ${ignore} -- why`));
  });
});
