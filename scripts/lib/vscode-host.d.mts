import type { Tree } from './processes.mjs';

export interface Host {
  readonly entry: string;
  readonly node: string;
}

export interface Profile {
  readonly folder: string;
  readonly user: string;
  readonly extensions: string;
  readonly config: string;
  readonly log: string;
}

export interface RunningServer {
  readonly tree: Tree;
  readonly port: number;
  readonly address: string;
}

export const root: string;
export const hostFolder: string;
export function ensureHost(
  say: (line: string) => void,
  running?: Set<Tree>,
  version?: string,
): Promise<Host>;
export function prepareProfile(folder: string, more?: Readonly<Record<string, unknown>>): Profile;
export function installExtension(
  host: Host,
  profile: Profile,
  vsix: string,
  running?: Set<Tree>,
): Promise<void>;
export function startServer(
  host: Host,
  profile: Profile,
  options?: {
    readonly port?: number;
    readonly args?: readonly string[];
    readonly env?: Readonly<Record<string, string>>;
    readonly onStart?: (tree: Tree) => void;
  },
): Promise<RunningServer>;
export function workbenchUrl(
  server: RunningServer,
  folder: string,
  open?: {
    readonly file?: string;
    readonly line?: number;
    readonly payload?: readonly (readonly [string, string])[];
  },
): string;
export function freePort(): Promise<number>;
export function interestingFile(folder: string): string | undefined;
export function interestingLine(file: string): number;
