/** Every fix that is offered over some modules, tried alone, with a name that a verdict can be kept by. */
import { createHash } from 'node:crypto';
import type { KernelModule } from '../../server/src/core/program/kbuild.ts';
import type { Finding, Fix } from '../../server/src/core/result.ts';
import type { ModuleAnalysis, Project } from '../../server/src/host/project.ts';
import { wrongWithDiff } from './git-apply.ts';
import { type Applied, bytesOf, chainOf, type Offer, offersOf, tryOffer } from './offers.ts';

/** A fix with edits as it is offered, after the trial. */
export interface JudgedOffer {
  readonly finding: Finding;
  readonly fix: Fix;
  readonly diff: string;
  /** Names what the fix changes, wherever in the file that stands. */
  readonly edit: string;
  /** What is wrong with it by the model's own word. */
  readonly complaints: readonly string[];
  /** The changed files, for a compiler. */
  readonly texts: ReadonlyMap<string, Buffer>;
}

/** The changed lines of a diff, as a name: line numbers and what stands around them do not count. */
export function editName(diff: string): string {
  const lines = diff.split('\n').filter((line) => /^[+-]/.test(line));
  return createHash('sha256').update(lines.join('\n')).digest('hex').slice(0, 12);
}

/** @param say hears how far it is */
export async function judgedOffers(
  project: Project,
  modules: readonly KernelModule[],
  say: (line: string) => void,
): Promise<readonly JudgedOffer[]> {
  const out = new Map<string, JudgedOffer>();
  const add = ({ finding }: Offer, fix: Fix, applied: Applied, complaints: readonly string[]) => {
    const diff = applied.diff.toString('utf8');
    const edit = editName(diff);
    const git = wrongWithDiff(applied);
    const said = git === undefined ? complaints : [...complaints, git];
    const texts = bytesOf(applied);
    // A file that two modules build is one file.
    out.set(`${finding.fingerprint} ${fix.id} ${edit}`, {
      finding,
      fix,
      diff,
      edit,
      texts,
      complaints: said,
    });
  };
  for await (const base of project.analyseAll(modules)) {
    for (const offer of offersOf(base)) {
      if (offer.fix.edits.length === 0) continue;
      const tried = await tryOffer(project, base, offer);
      if (tried.fix.edits.length > 0) add(offer, tried.fix, tried, tried.complaints);
      const chain = await chained(project, base, offer);
      if (chain) add(chain.offer, chain.tried.fix, chain.tried, chain.tried.complaints);
    }
    if (base.findings.length > 0) say(`${base.module.folder} ${base.module.name}`);
  }
  return [...out.values()].sort((a, b) => (placeOf(a) < placeOf(b) ? -1 : 1));
}

function placeOf({ finding, fix, edit }: JudgedOffer): string {
  const { file, from } = finding.place;
  return `${file} ${String(from.line).padStart(6, '0')} ${fix.id} ${edit}`;
}

async function chained(project: Project, base: ModuleAnalysis, offer: Offer) {
  const chain = await chainOf(project, base, offer);
  return chain && { offer: chain, tried: await tryOffer(project, base, chain) };
}
