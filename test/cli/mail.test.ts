/** `check --patch` takes mail as it is sent, and answers it. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { GitFolder } from './git-folder.ts';
import { faulty, inKernelTree, run, toyDriver } from './support.ts';

const toy = 'drivers/gpu/drm/toy';
const ring = `${toy}/toy_ring.c`;

/** A second fault of the same kind, under another name. */
const fault = (name: string): string =>
  faulty
    .slice(faulty.indexOf('static void'))
    .replaceAll('toy_ring', name)
    .replaceAll(`struct ${name}`, 'struct toy_ring');

interface Report {
  readonly findings: readonly { readonly function: string; readonly fingerprint: string }[];
  readonly patches: readonly {
    readonly subject: string | null;
    readonly messageId: string | null;
    readonly findings: readonly string[];
  }[];
}

describe('cli: check --patch of mail', function () {
  this.timeout(60_000);
  let folder: GitFolder;
  /** A series of three: a fault, a comment in a name that is not ASCII, another fault. */
  let mails: readonly string[];

  before(() => {
    folder = new GitFolder(inKernelTree(toyDriver));
    folder.commit('first');
    folder.write({ [ring]: `${faulty}\n${fault('toy_queue')}` });
    folder.commit('drm/toy: Add a queue');
    folder.write({ [`${toy}/toy.h`]: `/* Grüße */\n${String(toyDriver['toy.h'])}` });
    folder.commit('drm/toy: Grüße');
    folder.write({ [ring]: `${faulty}\n${fault('toy_queue')}\n${fault('toy_fence')}` });
    folder.commit('drm/toy: Add a fence');
    const out = folder.git('format-patch', '-3', '--thread', '--cover-letter', '-o', 'out');
    folder.git('reset', '-q', '--hard', 'HEAD~3');
    mails = out
      .trim()
      .split('\n')
      .map((name) => readFileSync(folder.file(name), 'utf8'));
  });
  after(() => folder.remove());

  const check = async (mail: string | Buffer, ...args: string[]) => {
    folder.write({ mail });
    return run(['check', '--patch', 'mail', ...args], folder.path);
  };
  const json = async (mail: string | Buffer): Promise<Report> => {
    const { out, err } = await check(mail, '--format', 'json');
    assert.notEqual(out, '', err);
    return JSON.parse(out) as Report;
  };
  const found = async (mail: string | Buffer): Promise<string[]> =>
    (await json(mail)).findings.map((one) => one.function);

  const first = (): string => mails[1] ?? '';
  /** Head and body of a mail, without the mbox line. */
  const parts = (): [string, string] => {
    const [, head = '', body = ''] = /^From [^\n]*\n([^]*?)\n\n([^]*)$/.exec(first()) ?? [];
    return [head.replace(/\n(?:MIME-Version|Content-[^:]*):[^\n]*/g, ''), body];
  };
  const mime = (type: string, encoding: string, body: string): string =>
    `${parts()[0]}\nMIME-Version: 1.0\nContent-Type: ${type}\nContent-Transfer-Encoding: ${encoding}\n\n${body}`;
  const base64 = (text: string): string =>
    (
      Buffer.from(text)
        .toString('base64')
        .match(/.{1,76}/g) ?? []
    ).join('\r\n');
  const quoted = (text: string): string =>
    text
      .replace(/=/g, '=3D')
      .replace(/\t/g, '=09')
      .replace(/(drmm_add_action)/g, '$1=\n');

  const forms: Readonly<Record<string, () => string>> = {
    'as git writes it': first,
    'lines that end in CRLF': () => first().replace(/\n/g, '\r\n'),
    'quoted-printable': () =>
      mime('text/plain; charset=UTF-8', 'quoted-printable', quoted(parts()[1])),
    base64: () => mime('text/plain; charset="utf-8"', 'base64', base64(parts()[1])),
    'a part of several, encoded, with the footer of a list': () =>
      mime(
        'multipart/mixed; boundary="=_x"',
        '7bit',
        `What MIME does not show.\n--=_x\nContent-Type: text/plain\n\nSee below.\n--=_x\nContent-Type: text/x-patch; name=a.patch\nContent-Transfer-Encoding: base64\n\n${base64(parts()[1])}\n--=_x\nContent-Type: text/plain\n\n_______\nlist mailing list\n--=_x--\n`,
      ),
    'with the footer of a list below the signature': () =>
      `${first()}_______________________________________________\ndri-devel mailing list\n--- \n+++ \n`,
    'an empty line that lost its space': () => first().replace(/^ $/gm, ''),
  };
  for (const [name, mail] of Object.entries(forms))
    it(name, async () => assert.deepEqual(await found(mail()), ['toy_queue_init']));

  it('lines of a file in latin-1, below names in UTF-8', async () => {
    const other = new GitFolder(
      inKernelTree({
        ...toyDriver,
        'toy_ring.c': Buffer.from(`${faulty}/* J\xe4ger */\n`, 'latin1'),
      }),
    );
    other.commit('first');
    const bytes = Buffer.from(`/* J\xe4ger */\n${fault('toy_queue')}`, 'latin1');
    other.write({ [ring]: Buffer.concat([Buffer.from(faulty), bytes]) });
    other.commit('drm/toy: Füge etwas hinzu');
    other.git('format-patch', '-1', '-o', 'out');
    other.git('reset', '-q', '--hard', 'HEAD~1');
    const [name = ''] = readdirSync(other.file('out'));
    const args = ['check', '--patch', `out/${name}`, '--format', 'json'];
    const { out, err } = await run(args, other.path);
    assert.equal((JSON.parse(out || '{}') as Report).findings?.length, 1, err);
    other.remove();
  });

  it('blanks without end take no time', async () => {
    const blanks = ' '.repeat(300_000);
    const { err } = await check(mime('text/plain', 'quoted-printable', `${blanks}x`));
    assert.match(err, /--patch: no change in mail/);
  });

  it('a hunk that is cut short is refused', async () => {
    const { code, err } = await check(first().slice(0, first().indexOf('return drmm_add')));
    assert.equal(code, 2);
    assert.match(err, /--patch: the hunk in line \d+ is cut short/);
  });

  it('a series, in any order, with its cover letter and a reply: patch by patch', async () => {
    const [cover = '', one = '', two = '', three = ''] = mails;
    const reply = `From a Mon Sep 17 00:00:00 2001\nSubject: Re: [PATCH 1/3] x\nMessage-Id: <r@x>\n\n${one.replace(/^/gm, '> ')}\n\n`;
    const box = [three, cover, one, reply, two, one].join('\n');
    const report = await json(box);
    assert.deepEqual(
      report.findings.map((finding) => finding.function),
      ['toy_queue_init', 'toy_fence_init'],
    );
    assert.deepEqual(
      report.patches.map(({ subject, findings }) => [subject, findings.length]),
      [
        ['[PATCH 1/3] drm/toy: Add a queue', 1],
        ['[PATCH 2/3] drm/toy: Grüße', 0],
        ['[PATCH 3/3] drm/toy: Add a fence', 1],
      ],
    );
    const { out } = await check(box);
    assert.match(
      out,
      /^\[PATCH 1\/3\] drm\/toy: Add a queue: 1 error\n\ndrivers[^]*\n\[PATCH 2\/3\] drm\/toy: Grüße: no findings\n\n\[PATCH 3\/3\]/,
    );
  });

  it('of two versions the later counts', async () => {
    const later = first()
      .replace('[PATCH 1/3]', '[PATCH v2 1/3]')
      .replaceAll('toy_queue', 'toy_heap');
    assert.deepEqual(await found(`${mails.slice(1).join('\n')}\n${later}`), ['toy_heap_init']);
  });

  it('a patch that does not apply is named', async () => {
    const { code, err } = await check([mails[3], mails[2]].join('\n'));
    assert.equal(code, 2);
    assert.match(err, /--patch: \[PATCH 3\/3\] drm\/toy: Add a fence: does not apply to /);
  });

  it('a file that moves takes its findings along', async () => {
    folder.git('mv', ring, `${toy}/toy_band.c`);
    folder.write({ [`${toy}/Makefile`]: 'obj-m += toy.o\ntoy-y := toy_drv.o toy_band.o\n' });
    folder.commit('drm/toy: Rename');
    const patch = folder.git('format-patch', '-1', '-M', '--stdout');
    folder.git('reset', '-q', '--hard', 'HEAD~1');
    assert.match(patch, /^rename from /m);
    assert.deepEqual(await found(patch), []);
  });

  it('--format reply: the hunk quoted, the finding under its line, in the thread', async () => {
    const { out } = await check(first(), '--format', 'reply');
    const id = /^Message-I[dD]: (.*)$/m.exec(first())?.[1] ?? '?';
    assert.ok(out.includes(`\nIn-Reply-To: ${id}\n`), out);
    assert.match(out, /^To: .*\nSubject: Re: \[PATCH 1\/3\] drm\/toy: Add a queue\n/);
    assert.match(out, /\n\nOn [^\n]* wrote:\n> --- a\/drivers\/gpu\/drm\/toy\/toy_ring\.c\n/);
    assert.match(
      out,
      /\n> \+\treturn drmm_add_action_or_reset\(&toy->drm, toy_queue_fini, ring\);\n\ntoy_queue_fini unpins /,
    );
    assert.match(out, /\[error: drmm-releases-pinned-bo\]\n\n {2}drivers/);
    const { code } = await check(mails[2] ?? '', '--format', 'reply');
    assert.equal(code, 0);
    const alone = await run(['check', '--format', 'reply'], folder.path);
    assert.match(alone.err, /--format reply answers a --patch/);
  });

  it('--format reply of a series is an mbox that git takes apart', async () => {
    const { out } = await check(mails.join('\n'), '--format', 'reply');
    folder.write({ replies: out });
    const count = execFileSync('git', ['mailsplit', '-o.', 'replies'], { cwd: folder.path });
    assert.equal(count.toString().trim(), '2');
  });
});
