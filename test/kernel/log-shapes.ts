/**
 * What users do to a kernel's log before they hand it over, and what else a machine writes into one. Each takes a
 * recording without times (test/kernel/drivers) and gives what that would look like.
 */

/** What a log still tells after it was changed: all of it; or a part, of which nothing wrong may be said. */
export type Kept = 'all' | 'part';

export interface LogShape {
  readonly name: string;
  readonly kept: Kept;
  readonly change: (lines: readonly string[]) => readonly string[];
}

const clock = (i: number, from = 12) => (from + i / 1000).toFixed(6);
const each =
  (change: (line: string, i: number) => string): LogShape['change'] =>
  (lines) =>
    lines.map(change);
const isTraced = (line: string) => line.startsWith('devres_log');
const timed = (lines: readonly string[], from = 12) =>
  lines.map((line, i) => `[${clock(i, from).padStart(12)}] ${line}`);

/** As the tracer prints an event, or a mark that was written to both. */
const traced = (line: string, time: string) =>
  `              sh-812     [001] .....  ${time}: ${isTraced(line) ? line : `tracing_mark_write: ${line}`}`;

/** What dmesg has, and behind it what the tracer has, whose clock is so many seconds off. */
const besideTrace =
  (off: number): LogShape['change'] =>
  (lines) => [
    ...lines.flatMap((line, i) => (isTraced(line) ? [] : [`[${clock(i).padStart(12)}] ${line}`])),
    '# tracer: nop',
    ...lines.flatMap((line, i) =>
      isTraced(line) || line.startsWith('DT: ') ? [traced(line, clock(i, 12 + off))] : [],
    ),
  ];

/** The same of another device, at other addresses. */
const elsewhere = (line: string, n: number) =>
  line
    .replace(/\b0000:00:(\d\d)\.0/g, `0000:00:1${n}.0`)
    .replace(/\bvirtio0\b/g, `virtio${n}`)
    .replace(/\bspi9\.0\b/g, `spi9.${n}`)
    .replace(/\b1-1:1\.0\b/g, `1-${n}:1.0`)
    .replace(/\bsimpledrm-dt\.7\b/g, `simpledrm-dt.${n}`)
    .replace(/\b(vkms|vgem)(?=:| ADD| RE[LM])/g, `$1${n}`)
    .replace(/ (ADD|REL|REM|DEL) (\w+) /, ` $1 ${n}$2 `);

const otherDriver = [
  'nvme 0000:09:00.0: enabling device (0000 -> 0002)',
  'devres_log: 0000:09:00.0 ADD f001 devm_kzalloc_release (512 bytes)',
  'devres_log: 0000:09:00.0 ADD f002 devm_action_release (16 bytes)',
  'ast 0000:0a:00.0: [drm:add_dr] ADD f003 drm_dev_init_release (0 bytes)',
  'ast 0000:0a:00.0: [drm:add_dr] ADD f004 drm_minor_alloc_release (8 bytes)',
  'ast 0000:0a:00.0: [drm:add_dr] ADD f005 drm_mode_config_init_release (0 bytes)',
  'devres_log: 0000:09:00.0 REL f002 devm_action_release (16 bytes)',
  'devres_log: 0000:09:00.0 REL f001 devm_kzalloc_release (512 bytes)',
];

const noise = [
  'usb 1-1: new high-speed USB device number 2 using xhci_hcd',
  'audit: type=1400 audit(1772446272.1:24): apparmor="STATUS" operation="profile_load"',
  'perf: interrupt took too long (2501 > 2500), lowering kernel.perf_event_max_sample_rate to 79750',
  '',
  'printk: 12 messages suppressed',
];

/** Puts the lines of another list between those of one, one behind every third. */
const between = (lines: readonly string[], others: readonly string[]) => {
  const out = lines.flatMap((line, i) => {
    const other = i % 3 === 2 ? others[(i - 2) / 3] : undefined;
    return other === undefined ? [line] : [line, other];
  });
  return [...out, ...others.slice(Math.floor(lines.length / 3))];
};

const share = (lines: readonly string[], from: number, to: number) =>
  lines.slice(Math.floor(lines.length * from), Math.ceil(lines.length * to));

export const logShapes: readonly LogShape[] = [
  { name: 'dmesg', kept: 'all', change: (lines) => timed(lines) },
  { name: 'dmesg -T', kept: 'all', change: each((line) => `[Mon Mar  2 10:11:12 2026] ${line}`) },
  {
    name: 'dmesg -H',
    kept: 'all',
    change: each((line, i) =>
      i % 9 === 0 ? `[Mar 2 10:11] ${line}` : `[  +0.000${100 + i}] ${line}`,
    ),
  },
  {
    name: 'dmesg -x',
    kept: 'all',
    change: each((line, i) => `kern  :debug : [${clock(i).padStart(12)}] ${line}`),
  },
  {
    name: 'dmesg -r',
    kept: 'all',
    change: each((line, i) => `<7>[${clock(i).padStart(12)}] ${line}`),
  },
  {
    name: 'dmesg --color=always',
    kept: 'all',
    change: each(
      (line, i) =>
        `\u001b[32m[${clock(i).padStart(12)}] \u001b[0m${line.replace(/^([^:]+: )/, '\u001b[33m$1\u001b[0m')}`,
    ),
  },
  {
    name: 'with callers',
    kept: 'all',
    change: each((line, i) => `[${clock(i).padStart(12)}][  T${800 + (i % 2)}] ${line}`),
  },
  {
    name: 'of /dev/kmsg',
    kept: 'all',
    change: (lines) =>
      lines.flatMap((line, i) => [
        `7,${900 + i},${12_000_000 + i * 1000},-;${line}`,
        ...(i % 5 === 0 ? [' SUBSYSTEM=pci', ' DEVICE=+pci:0000:00:01.0'] : []),
      ]),
  },
  {
    name: 'journalctl',
    kept: 'all',
    change: each((line) => `Mar 02 10:11:12 host kernel: ${line}`),
  },
  {
    name: 'journalctl -o short-monotonic',
    kept: 'all',
    change: each((line, i) => `[${clock(i).padStart(12)}] host kernel: ${line}`),
  },
  {
    name: 'journalctl -o short-iso-precise',
    kept: 'all',
    change: each((line, i) => `2026-03-02T10:11:12.${100_000 + i}+0100 host kernel: ${line}`),
  },
  {
    name: 'rsyslog',
    kept: 'all',
    change: each((line, i) => `Mar  2 10:11:12 host kernel: [${clock(i).padStart(12)}] ${line}`),
  },
  {
    name: 'a console that adds its own time',
    kept: 'all',
    change: each(
      (line, i) => `2026-03-02 10:11:12.${100 + i} > [${clock(i).padStart(12)}] ${line}`,
    ),
  },
  {
    name: 'grep -n',
    kept: 'all',
    change: (lines) => timed(lines).map((line, i) => `${i + 1}:${line}`),
  },
  {
    name: 'quoted in a mail',
    kept: 'all',
    change: (lines) => timed(lines).map((line) => `> ${line}`),
  },
  { name: 'CRLF', kept: 'all', change: (lines) => timed(lines).map((line) => `${line}\r`) },
  {
    name: 'CR CR LF of a console',
    kept: 'all',
    change: (lines) => timed(lines).map((line) => `${line}\r\r`),
  },
  {
    name: 'byte order mark',
    kept: 'all',
    change: (lines) => timed(lines).map((line, i) => (i === 0 ? `\ufeff${line}` : line)),
  },
  {
    name: 'UTF-16 of a terminal program',
    kept: 'all',
    change: (lines) => timed(lines).map((line) => `${[...line].join('\0')}\0\r\0`),
  },
  {
    name: 'grep -n of a journal',
    kept: 'all',
    change: (lines) => lines.map((line, i) => `boot.txt:${i + 1}:${line}`),
  },
  { name: 'dmesg, then the trace', kept: 'all', change: besideTrace(0) },
  { name: 'dmesg, then a trace of another clock', kept: 'part', change: besideTrace(-3.1) },
  {
    name: 'trace_pipe with marks, then dmesg',
    kept: 'all',
    change: (lines) => {
      const both = besideTrace(0)(lines);
      const at = both.indexOf('# tracer: nop');
      return [...both.slice(at), ...both.slice(0, at)];
    },
  },
  { name: 'other lines between', kept: 'all', change: (lines) => timed(between(lines, noise)) },
  {
    name: 'another driver between',
    kept: 'all',
    change: (lines) => timed(between(lines, otherDriver)),
  },
  {
    name: 'a second device of the driver, line by line',
    kept: 'all',
    change: (lines) =>
      timed(
        lines.flatMap((line) => (line.startsWith('DT: ') ? [line] : [line, elsewhere(line, 2)])),
      ),
  },
  {
    name: 'a second device, bound before and unbound after',
    kept: 'all',
    change: (lines) => {
      const own = lines
        .filter((line) => !line.startsWith('DT: '))
        .map((line) => elsewhere(line, 3));
      const added = own.filter(
        (line) => / (?:ADD|REM) /.test(line) || line.includes('Initialized'),
      );
      return timed([...added, ...lines, ...own.filter((line) => !added.includes(line))]);
    },
  },
  {
    name: 'three times',
    kept: 'all',
    change: (lines) => timed([...lines, ...noise, ...lines, ...lines]),
  },
  {
    name: 'two boots',
    kept: 'all',
    change: (lines) => [
      ...timed(lines, 900),
      '[    0.000000] Linux version 6.12.0 (x@y) (gcc) #1 SMP',
      ...timed(lines, 12),
    ],
  },
  {
    name: 'two boots, the later one without a teardown',
    kept: 'all',
    change: (lines) => [
      ...timed(lines, 900),
      '[    0.000000] Linux version 6.12.0 (x@y) (gcc) #1 SMP',
      ...timed(
        lines.filter((line) => line.includes(' ADD ')),
        12,
      ),
    ],
  },
  {
    name: 'neighbours swapped by two processors',
    kept: 'all',
    change: (lines) => {
      const out = timed(lines);
      for (let i = 0; i + 1 < out.length; i += 7) {
        const [a, b] = [out[i] ?? '', out[i + 1] ?? ''];
        out.splice(i, 2, b, a);
      }
      return out;
    },
  },
  {
    name: 'without the marks of a script',
    kept: 'part',
    change: (lines) => timed(lines.filter((line) => !line.startsWith('DT: '))),
  },
  {
    name: 'without devices',
    kept: 'part',
    change: each((line) => line.replace(/^.*?(?=\[drm:)/, '')),
  },
  {
    name: 'only DRMRES',
    kept: 'part',
    change: (lines) => timed(lines).filter((line) => !line.includes('devres_log')),
  },
  {
    name: 'only devres',
    kept: 'part',
    change: (lines) => timed(lines).filter((line) => !line.includes('[drm:')),
  },
  {
    name: 'with lost entries',
    kept: 'part',
    change: (lines) => timed(lines).map((line, i) => (i === 5 ? 'CPU:1 [LOST 1 EVENTS]' : line)),
  },
  ...[0.95, 0.8, 0.65, 0.5].map((to) => ({
    name: `cut off at ${to}`,
    kept: 'part' as const,
    change: (lines: readonly string[]) => timed(share(lines, 0, to)),
  })),
  {
    name: 'cut off in the middle of its last line',
    kept: 'part',
    change: (lines) =>
      timed(share(lines, 0, 0.9)).map((line, i, all) =>
        i === all.length - 1 ? line.slice(0, 60) : line,
      ),
  },
  ...[0.1, 0.3, 0.5].map((from) => ({
    name: `wrapped, ${from} of it gone`,
    kept: 'part' as const,
    change: (lines: readonly string[]) => timed(share(lines, from, 1)),
  })),
  {
    name: 'wrapped in the middle of a line',
    kept: 'part',
    change: (lines) =>
      timed(share(lines, 0.2, 1)).map((line, i) => (i === 0 ? line.slice(40) : line)),
  },
];
