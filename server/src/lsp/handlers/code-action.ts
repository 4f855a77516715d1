/**
 * textDocument/codeAction: the fixes of the findings that the editor asks about, each with what it
 * would do, and after all of them the comments that silence them and views of their consequences.
 */
import {
  type CancellationToken,
  type CodeAction,
  CodeActionKind,
  type CodeActionParams,
  type Diagnostic,
  type Range,
} from 'vscode-languageserver/node';
import { ignoreFix } from '../../core/ignore-comment.ts';
import type { Finding, Fix } from '../../core/result.ts';
import type { ModuleAnalysis } from '../../host/project.ts';
import {
  cancelled,
  movedOn,
  protoContext,
  type ServerContext,
  throwIfCancelled,
} from '../context.ts';
import {
  type AddToBaselineParams,
  addToBaselineCommand,
  exportPatchCommand,
  type FindingFixes,
  type FindingFixesParams,
  ignoreKind,
  previewFixCommand,
  showWhatIfCommand,
} from '../protocol.ts';
import type { Snapshot } from '../session.ts';
import { type DiagnosticData, toCodeAction, toDiagnostic, toRange } from '../to-proto.ts';
import { inMenu, type TriedFix } from '../trials.ts';
import { fixAllActions, wantsFixAll } from './fix-all.ts';

function wantsQuickFixes(only: readonly string[] | undefined): boolean {
  return only === undefined || only.some((kind) => kind === '' || kind === CodeActionKind.QuickFix);
}

/** Whether only the comments that silence are wanted: no fix has to be tried for those. */
function wantsIgnoring(only: readonly string[] | undefined): boolean {
  return only?.includes(ignoreKind) ?? false;
}

function touches(a: Range, b: Range): boolean {
  const before = (x: Range, y: Range): boolean =>
    x.end.line < y.start.line ||
    (x.end.line === y.start.line && x.end.character < y.start.character);
  return !before(a, b) && !before(b, a);
}

/**
 * The finding behind a diagnostic. The fingerprint survives edits; a client that dropped `data` is
 * served by place and rule.
 */
function findingOf(diagnostic: Diagnostic, findings: readonly Finding[]): Finding | undefined {
  const data = diagnostic.data as Partial<DiagnosticData> | undefined;
  const named = findings.filter((finding) => finding.rule === diagnostic.code);
  const exact = named.find((finding) => finding.fingerprint === data?.fingerprint);
  return (
    exact ??
    named.find(
      (finding) =>
        data?.fingerprint === undefined && touches(toRange(finding.place), diagnostic.range),
    )
  );
}

/** What the editor asks about: its diagnostics, or without any of ours the range. */
function askedFor(
  { context, range }: CodeActionParams,
  findings: readonly Finding[],
): readonly (readonly [Finding, Diagnostic | undefined])[] {
  const ours = context.diagnostics.filter((diagnostic) => diagnostic.source === 'driver-teardown');
  if (ours.length === 0) {
    return findings
      .filter((finding) => touches(toRange(finding.place), range))
      .map((finding) => [finding, undefined]);
  }
  return ours.flatMap((diagnostic) => {
    const finding = findingOf(diagnostic, findings);
    return finding === undefined ? [] : [[finding, diagnostic] as const];
  });
}

function ignoring({ open, analyses }: Snapshot, finding: Finding): readonly Fix[] {
  const files = analyses.flatMap(({ analysis }) => analysis.pass.program.files);
  const facts = files.find((file) => file.path === open.path);
  const fix = facts && ignoreFix(finding, open.document.getText(), facts.functions);
  return fix === undefined ? [] : [fix];
}

/** The finding goes into the baseline, which needs no change of the source. */
function listing(uri: string, finding: Finding, diagnostic: Diagnostic): CodeAction {
  const title = `Add ${finding.rule} here to the baseline`;
  const params: AddToBaselineParams = { uri, fingerprint: finding.fingerprint };
  return {
    title,
    kind: CodeActionKind.QuickFix,
    diagnostics: [diagnostic],
    command: { title, command: addToBaselineCommand, arguments: [params] },
  };
}

/** The module that a finding was found in. */
function moduleOf({ analyses }: Snapshot, finding: Finding): ModuleAnalysis | undefined {
  return analyses.find(({ findings }) => findings.includes(finding));
}

/** The fixes of a finding with what each would do, and those that mend what one of them breaks. */
async function judgedFixes(
  server: ServerContext,
  snapshot: Snapshot,
  finding: Finding,
  isCancelled: () => boolean,
): Promise<readonly TriedFix[]> {
  const module = moduleOf(snapshot, finding);
  if (module === undefined) return finding.fixes.map((fix) => ({ fix, whatIf: undefined }));
  return server.trials.of(snapshot.open.handle.project, module, finding, isCancelled);
}

/** Those of a finding's fixes that commands can be about. */
function withEdits(
  uri: string,
  { fingerprint }: Finding,
  judged: readonly TriedFix[],
): FindingFixes | undefined {
  const fixes = judged
    .map(({ fix }) => fix)
    .filter((fix) => fix.edits.length > 0)
    .map(({ id, title }) => ({ id, title }));
  return fixes.length === 0 ? undefined : { uri, fingerprint, fixes };
}

/** driverTeardown/findingFixes: what a row of a finding hands to the commands about its fixes. */
export async function findingFixes(
  server: ServerContext,
  { uri, fingerprint }: FindingFixesParams,
  token: CancellationToken,
): Promise<FindingFixes | null> {
  const isCancelled = (): boolean => token.isCancellationRequested;
  const snapshot = await server.session.analyse(uri, isCancelled);
  throwIfCancelled(token);
  const all = snapshot?.analyses.flatMap(({ findings }) => findings) ?? [];
  const finding = all.find((one) => one.fingerprint === fingerprint);
  if (snapshot === undefined || finding === undefined) return null;
  const judged = await judgedFixes(server, snapshot, finding, isCancelled);
  throwIfCancelled(token);
  return withEdits(uri, finding, judged) ?? null;
}

/** What else can be done with the fixes of a finding, by commands that the client has. */
function further(
  server: ServerContext,
  uri: string,
  finding: Finding,
  judged: readonly TriedFix[],
): CodeAction[] {
  const params = withEdits(uri, finding, judged);
  if (params === undefined) return [];
  const action = (title: string, command: string): CodeAction => ({
    title,
    kind: CodeActionKind.Empty,
    command: { title, command, arguments: [params] },
  });
  const { previewsFixes, showsWhatIf, savesPatches } = server.features;
  return [
    ...(previewsFixes ? [action('Preview a fix…', previewFixCommand)] : []),
    ...(showsWhatIf
      ? [action('Show the teardown order before and after a fix', showWhatIfCommand)]
      : []),
    ...(savesPatches ? [action('Export a fix as a patch to mail', exportPatchCommand)] : []),
  ];
}

export async function codeActions(
  server: ServerContext,
  params: CodeActionParams,
  token: CancellationToken,
): Promise<CodeAction[]> {
  const silences = wantsIgnoring(params.context.only);
  const quick = wantsQuickFixes(params.context.only) || silences;
  const all = wantsFixAll(params.context.only);
  if (!server.features.actionLiterals || !(quick || all)) return [];
  const isCancelled = (): boolean => token.isCancellationRequested;
  const { uri } = params.textDocument;
  const asked = server.session.get(uri)?.document.version;
  const snapshot = await server.session.analyse(uri, isCancelled);
  throwIfCancelled(token);
  if (snapshot === undefined) {
    if (server.session.get(uri) === undefined) return [];
    throw cancelled();
  }
  if (snapshot.version !== asked) throw movedOn();
  const actions = all ? await fixAllActions(server, snapshot, isCancelled) : [];
  if (quick) actions.push(...(await quickFixes(server, params, snapshot, isCancelled)));
  throwIfCancelled(token);
  if (snapshot.open.document.version !== asked) throw movedOn();
  return actions;
}

async function quickFixes(
  server: ServerContext,
  params: CodeActionParams,
  snapshot: Snapshot,
  isCancelled: () => boolean,
): Promise<CodeAction[]> {
  const context = protoContext(server, snapshot.open.handle.project, snapshot.analyses);
  const found = askedFor(params, snapshot.findings);
  const fixes: CodeAction[] = [];
  const rest: CodeAction[] = [];
  const silencing: CodeAction[] = [];
  for (const [finding, known] of found) {
    const diagnostic = known ?? toDiagnostic(finding, context);
    const shown = (fix: Fix, kind?: CodeActionKind): CodeAction[] => {
      const action = toCodeAction(fix, diagnostic, context, kind);
      return action === undefined ? [] : [action];
    };
    silencing.push(...ignoring(snapshot, finding).flatMap((fix) => shown(fix, ignoreKind)));
    if (!wantsQuickFixes(params.context.only)) continue;
    const judged = await judgedFixes(server, snapshot, finding, isCancelled);
    fixes.push(...judged.map(inMenu).flatMap((fix) => shown(fix)));
    rest.push(...further(server, params.textDocument.uri, finding, judged));
    silencing.push(listing(params.textDocument.uri, finding, diagnostic));
  }
  return [...fixes, ...silencing, ...(params.context.only === undefined ? rest : [])];
}
