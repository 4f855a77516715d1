/** What a server that has no disk asks for: folders and files of whatever VS Code has open. */
import * as vscode from 'vscode';
import type { FilesParams, FilesResult, FolderEntry } from '../../server/src/lsp/protocol.ts';

/** Answers in the order of the question; what cannot be had is null. */
export async function filesOf({ folders, files }: FilesParams): Promise<FilesResult> {
  const [listed, read] = await Promise.all([
    Promise.all(folders.map((uri) => orNull(list(vscode.Uri.parse(uri, true))))),
    Promise.all(
      files.map((uri) => orNull(vscode.workspace.fs.readFile(vscode.Uri.parse(uri, true)))),
    ),
  ]);
  return { folders: listed, files: read };
}

async function list(folder: vscode.Uri): Promise<readonly FolderEntry[]> {
  const entries = await vscode.workspace.fs.readDirectory(folder);
  return entries.map(([name, type]) => [name, isFolder(type) ? 'folder' : 'file']);
}

/** A link to a folder is none, as on disk: a build folder often links back into its tree. */
function isFolder(type: vscode.FileType): boolean {
  return type === vscode.FileType.Directory;
}

/** That a file is not there is an answer. */
async function orNull<T>(work: PromiseLike<T>): Promise<T | null> {
  try {
    return await work;
  } catch {
    return null;
  }
}
