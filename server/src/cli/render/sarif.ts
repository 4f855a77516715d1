/** `check --format sarif`: SARIF 2.1.0, for code scanning services and editors that read it. */
import { pathToFileURL } from 'node:url';
import type {
  ArtifactChange,
  CodeFlow,
  Location,
  Log,
  Notification,
  PhysicalLocation,
  Region,
  ReportingDescriptor,
  Result,
  Fix as SarifFix,
} from 'sarif';
import { lineHashes } from '../../core/mail/line-hash.ts';
import type { FileEdit, Finding, Fix, Place, Problem, Severity } from '../../core/result.ts';
import { rules } from '../../core/rules/index.ts';
import type { Rule } from '../../core/rules/rule.ts';
import { positionAt, type Span } from '../../core/text.ts';
import { type Assets, rulePage } from '../../host/assets.ts';
import type { Gathered, Shard } from '../gather.ts';

/** What it is about, where the project has no address of its own. */
const kernelPage = 'https://docs.kernel.org/gpu/drm-internals.html#managed-resources';

const schema = 'https://json.schemastore.org/sarif-2.1.0.json';

const levels: Readonly<Record<Severity, 'error' | 'warning' | 'note'>> = {
  error: 'error',
  warning: 'warning',
  info: 'note',
  hint: 'note',
};

function artifact(file: string): { uri: string; uriBaseId: string } {
  return { uri: file.split('/').map(encodeURIComponent).join('/'), uriBaseId: 'ROOT' };
}

function physical(place: Place): PhysicalLocation {
  const region: Region = {
    startLine: place.from.line + 1,
    startColumn: place.from.character + 1,
    endLine: place.to.line + 1,
    endColumn: place.to.character + 1,
  };
  return { artifactLocation: artifact(place.file), region };
}

function location(place: Place, name: string, message?: string): Location {
  return {
    physicalLocation: physical(place),
    logicalLocations: [{ name, kind: 'function' }],
    ...(message === undefined ? {} : { message: { text: message } }),
  };
}

function codeFlow(finding: Finding): CodeFlow {
  const locations = finding.chain.map((link) => ({
    location: location(link.place, link.function, link.message),
  }));
  return { threadFlows: [{ locations }] };
}

function regionOf(span: Span, lines: readonly number[]): Region {
  const from = positionAt(lines, span.start);
  const to = positionAt(lines, span.end);
  return {
    startLine: from.line + 1,
    startColumn: from.character + 1,
    endLine: to.line + 1,
    endColumn: to.character + 1,
  };
}

function change({ file, edits }: FileEdit, lineStarts: Gathered['lineStarts']): ArtifactChange {
  const lines = lineStarts.get(file) ?? [0];
  const replacements = edits.map((edit) => ({
    deletedRegion: regionOf(edit, lines),
    insertedContent: { text: edit.newText },
  }));
  return { artifactLocation: artifact(file), replacements };
}

function sarifFix(fix: Fix, lineStarts: Gathered['lineStarts']): SarifFix {
  const text = fix.notice === undefined ? fix.title : `${fix.title}. ${fix.notice}`;
  return {
    description: { text },
    artifactChanges: fix.edits.map((edit) => change(edit, lineStarts)),
  };
}

function result(
  finding: Finding,
  known: readonly Rule[],
  lineStarts: Gathered['lineStarts'],
  lineHash: string | undefined,
): Result {
  const fixes = finding.fixes
    .filter((fix) => fix.edits.length > 0)
    .map((fix) => sarifFix(fix, lineStarts));
  return {
    ruleId: finding.rule,
    ruleIndex: known.findIndex((rule) => rule.id === finding.rule),
    level: levels[finding.severity],
    message: { text: finding.message },
    locations: [location(finding.place, finding.function)],
    ...(finding.chain.length === 0 ? {} : { codeFlows: [codeFlow(finding)] }),
    relatedLocations: finding.chain.map((link, id) => ({
      id,
      ...location(link.place, link.function, link.message),
    })),
    ...(fixes.length === 0 ? {} : { fixes }),
    partialFingerprints: {
      ...(lineHash === undefined ? {} : { primaryLocationLineHash: lineHash }),
      'driverTeardown/v1': finding.fingerprint,
    },
    properties: { confidence: finding.confidence, timelines: [...finding.timelines] },
  };
}

/** Code scanning knows three words of its own. */
const problems: Readonly<Record<Severity, 'error' | 'warning' | 'recommendation'>> = {
  error: 'error',
  warning: 'warning',
  info: 'recommendation',
  hint: 'recommendation',
};

/** What a page says first, on one line: GitHub shows no more than 1024 characters. */
function firstParagraph(page: string | undefined): string | undefined {
  const text = page?.split(/\n\n/).find((part) => /^[A-Za-z`]/.test(part.trim()));
  return text?.replace(/\s+/g, ' ').trim().slice(0, 1000);
}

function descriptor(rule: Rule, assets: Assets): ReportingDescriptor {
  const page = rulePage(assets, rule.id);
  return {
    id: rule.id,
    shortDescription: { text: rule.summary },
    ...(page === undefined ? {} : { help: { text: page, markdown: page } }),
    fullDescription: { text: firstParagraph(page) ?? rule.summary },
    helpUri:
      assets.homepage === undefined
        ? kernelPage
        : `${assets.homepage}/blob/HEAD/server/src/core/rules/${rule.id}.md`,
    defaultConfiguration: { level: levels[rule.defaultSeverity] },
    properties: {
      tags: ['correctness', 'lifetime'],
      'problem.severity': problems[rule.defaultSeverity],
    },
  };
}

function notification(problem: Problem): Notification {
  return {
    level: 'warning',
    message: { text: problem.message },
    locations: [{ physicalLocation: { artifactLocation: artifact(problem.file) } }],
  };
}

/** The hash of a line by which GitHub follows an alert. */
function hashesOf(
  textOf: (file: string) => string | undefined,
): (place: Place) => string | undefined {
  const known = new Map<string, readonly string[]>();
  return ({ file, from }) => {
    const hashes = known.get(file) ?? lineHashes(textOf(file) ?? '');
    known.set(file, hashes);
    return hashes[from.line];
  };
}

/**
 * @param textOf a file as it was analysed
 * @param shard said where the report is a part of one, for `merge`
 */
export function renderSarif(
  gathered: Gathered,
  assets: Assets,
  textOf: (file: string) => string | undefined,
  shard?: Shard,
): string {
  const hashOf = hashesOf(textOf);
  const root = pathToFileURL(`${gathered.root}/`).href;
  const log: Log = {
    $schema: schema,
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'driver-teardown',
            informationUri: assets.homepage ?? kernelPage,
            fullName: 'Driver Teardown',
            semanticVersion: assets.version,
            version: assets.version,
            rules: rules.map((rule) => descriptor(rule, assets)),
          },
        },
        columnKind: 'utf16CodeUnits',
        originalUriBaseIds: { ROOT: { uri: root } },
        invocations: [
          {
            executionSuccessful: true,
            toolExecutionNotifications: gathered.problems.map(notification),
          },
        ],
        results: gathered.findings.map((finding) =>
          result(finding, rules, gathered.lineStarts, hashOf(finding.place)),
        ),
        ...(shard ? { properties: { shard: { ...shard } } } : {}),
      },
    ],
  };
  return `${JSON.stringify(log, null, 2)}\n`;
}
