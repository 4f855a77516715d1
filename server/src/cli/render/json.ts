/** `check --format json`: the shape that docs promise to scripts. */
import type { Also, ChainLink, Finding, Fix } from '../../core/result.ts';
import type { Added, PatchFindings } from '../added.ts';
import type { Shard } from '../gather.ts';

function chainItem(link: ChainLink): object {
  const { file, from } = link.place;
  return {
    file,
    line: from.line + 1,
    column: from.character + 1,
    function: link.function,
    message: link.message,
  };
}

function fixItem(fix: Fix): object {
  return {
    id: fix.id,
    title: fix.title,
    safety: fix.safety,
    creates: fix.creates,
    ...(fix.reason === undefined ? {} : { reason: fix.reason }),
    ...(fix.notice === undefined ? {} : { notice: fix.notice }),
  };
}

function alsoItem({ rule, severity, place, function: fn, message, fingerprint }: Also): object {
  const { file, from } = place;
  const at = { file, line: from.line + 1, column: from.character + 1 };
  return { rule, severity, ...at, function: fn, message, fingerprint };
}

function findingItem(finding: Finding): object {
  const { file, from, to } = finding.place;
  return {
    rule: finding.rule,
    severity: finding.severity,
    confidence: finding.confidence,
    file,
    line: from.line + 1,
    column: from.character + 1,
    endLine: to.line + 1,
    endColumn: to.character + 1,
    function: finding.function,
    message: finding.message,
    timelines: finding.timelines,
    chain: finding.chain.map(chainItem),
    ...(finding.also === undefined ? {} : { also: finding.also.map(alsoItem) }),
    fixes: finding.fixes.map(fixItem),
    fingerprint: finding.fingerprint,
  };
}

function patchItem({ patch, findings }: PatchFindings): object {
  return {
    subject: patch.subject,
    messageId: patch.messageId,
    findings: findings.map(({ fingerprint }) => fingerprint),
  };
}

/** @param shard said where the report is a part of one, for `merge` */
export function renderJson(result: Added, version: string, shard?: Shard): string {
  const report = {
    version: 1,
    tool: { name: 'driver-teardown', version },
    ...(shard ? { shard } : {}),
    root: result.root,
    findings: result.findings.map(findingItem),
    ...(result.patches === undefined ? {} : { patches: result.patches.map(patchItem) }),
    modules: result.modules,
    stats: result.stats,
    problems: result.problems,
  };
  return `${JSON.stringify(report, null, 2)}\n`;
}
