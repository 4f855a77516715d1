/** How the client's names of files and ours belong together. In a browser's worker web/uris.ts does this. */
import { URI } from 'vscode-uri';

/** The absolute path that a URI names, when it is one of a file or folder on disk. */
export function pathOf(uri: string): string | undefined {
  const parsed = URI.parse(uri);
  return parsed.scheme === 'file' ? parsed.fsPath : undefined;
}

/** The URI of an absolute path. */
export function uriOf(path: string): string {
  return URI.file(path).toString();
}
