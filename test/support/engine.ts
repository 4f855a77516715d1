/** Runs the engine on texts, as the host does on files. */
import { readFileSync } from 'node:fs';
import { packedCatalog } from '../../scripts/lib/bundles.mjs';
import {
  type Analysis,
  type AnalysisConfig,
  analyzeModule,
} from '../../server/src/core/analyze.ts';
import { buildCatalog, type Catalog, type CatalogData } from '../../server/src/core/catalog.ts';
import { type CParser, itemReader } from '../../server/src/core/facts/parse.ts';
import { type Reading, SourceFile } from '../../server/src/core/facts/source-file.ts';
import { Words } from '../../server/src/core/index/words.ts';
import { catalogFiles, findAssets } from '../../server/src/host/assets.ts';
import { loadRuntime } from '../../server/src/host/runtime.ts';

export interface Engine {
  readonly catalog: Catalog;
  readonly parser: CParser;
  readonly reading: Reading;
  /** Analyses one module given by path and text. */
  analyze(
    files: ReadonlyMap<string, string>,
    config?: AnalysisConfig,
    textOf?: (path: string) => string | undefined,
  ): Analysis;
}

/**
 * Loads grammar and catalogue. Ask once per suite: it takes some 50 ms.
 * @param more entries beside those that are shipped
 */
export async function loadEngine(
  version?: string,
  more: readonly Partial<CatalogData>[] = [],
): Promise<Engine> {
  const assets = findAssets(import.meta.dirname);
  const parts = catalogFiles(assets).map(
    (file) => JSON.parse(packedCatalog(readFileSync(file, 'utf8'))) as Partial<CatalogData>,
  );
  const catalog = buildCatalog([...parts, ...more], version);
  const c = (await loadRuntime(assets)).newCParser(catalog.data.macros);
  const reading: Reading = {
    words: new Words(catalog.data.macros.attributes),
    unread: new Set(),
    readItem: itemReader(c),
  };
  return {
    catalog,
    parser: c,
    reading,
    analyze: (files, config = { severities: {} }, textOf = (path) => files.get(path)) =>
      analyzeModule(
        {
          name: 'test',
          problems: [],
          textOf,
          files: [...files]
            .filter(([path]) => /\.[ch]$/.test(path))
            .map(([path, text]) => new SourceFile(reading, path, text)),
        },
        catalog,
        config,
      ),
  };
}
