/**
 * lsp/uris.ts for a worker, where a file is on no disk: the first part of its path is the scheme and the authority
 * of its URI, so that paths of one file system lie in one folder.
 */
import { URI } from 'vscode-uri';

/** The absolute path that stands for a URI here. */
export function pathOf(uri: string): string | undefined {
  const { scheme, authority, path } = URI.parse(uri);
  return `/${scheme},${encodeURIComponent(authority)}${path.replace(/\/+$/, '')}`;
}

/** The inverse of `pathOf`. */
export function uriOf(path: string): string {
  const [, scheme = '', authority = '', rest = ''] = /^\/([^,/]*),([^/]*)(.*)$/.exec(path) ?? [];
  return URI.from({ scheme, authority: decodeURIComponent(authority), path: rest }).toString();
}
