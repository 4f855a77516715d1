/** `driver-teardown fix --compare`: what each fix of a finding would do, side by side. */
import type { Finding, Fix } from '../../core/result.ts';
import type { ModuleAnalysis, Project } from '../../host/project.ts';
import { rewrite, unifiedDiff } from '../../host/rewrite.ts';
import { attempt } from '../../host/what-if.ts';
import type { Io } from '../io.ts';
import { count } from '../render/style.ts';
import { at } from '../render/text.ts';

/** One alternative, with what a trial showed. */
interface Alternative {
  readonly fix: Fix;
  readonly removes: readonly Finding[];
  readonly creates: readonly Finding[];
}

async function alternatives(
  project: Project,
  base: ModuleAnalysis,
  finding: Finding,
): Promise<readonly Alternative[]> {
  const out: Alternative[] = [];
  for (const one of finding.fixes) {
    const { fix, whatIf, chained } = await attempt(project, base, finding, one);
    out.push({ fix, removes: whatIf?.removes ?? [], creates: whatIf?.creates ?? [] });
    if (chained) out.push({ fix: chained.fix, ...chained.whatIf });
  }
  return out;
}

/** `2 files, +7 -3: a.c, b.c`. */
function touches(project: Project, { edits }: Fix): string {
  let [put, taken] = [0, 0];
  for (const { file, edits: list } of edits) {
    const result = rewrite(file, project.read(file), list);
    if (typeof result === 'string') continue;
    for (const line of unifiedDiff(result).toString('utf8').split('\n')) {
      if (/^\+(?!\+\+ )/.test(line)) put++;
      if (/^-(?!-- )/.test(line)) taken++;
    }
  }
  const files = edits.map(({ file }) => file).join(', ');
  return `${count(edits.length, 'file')}, +${put} -${taken}: ${files}`;
}

function listed(findings: readonly Finding[]): string {
  return findings.length === 0
    ? 'nothing'
    : findings.map((one) => `${at(one.place)} ${one.severity} ${one.rule}`).join('; ');
}

/** Prints the alternatives of a finding, the one that would be taken first on top. */
export async function compareFixes(
  project: Project,
  base: ModuleAnalysis,
  finding: Finding,
  io: Io,
): Promise<void> {
  const list = await alternatives(project, base, finding);
  const rank = ({ fix }: Alternative): number =>
    fix.edits.length === 0 ? 2 : fix.preferred ? 0 : 1;
  io.out(`${at(finding.place)}: ${finding.severity}: ${finding.message} [${finding.rule}]\n`);
  for (const one of [...list].sort((a, b) => rank(a) - rank(b))) {
    const { fix } = one;
    const words = [fix.safety, ...(fix.preferred ? ['first choice'] : [])].join(', ');
    io.out(`  ${fix.id} (${words}): ${fix.title}\n`);
    if (fix.edits.length === 0) {
      io.out(`    not done: ${fix.reason ?? 'no reason is given'}\n`);
      continue;
    }
    io.out(`    removes: ${listed(one.removes)}\n`);
    io.out(`    creates: ${listed(one.creates)}\n`);
    io.out(`    touches: ${touches(project, fix)}\n`);
    if (fix.notice !== undefined) io.out(`    see to: ${fix.notice}\n`);
  }
  if (list.length === 0) io.out('  no fix is known\n');
}
