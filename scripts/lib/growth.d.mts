/** A number of modules, and the milliseconds of their check. */
export type Point = readonly [modules: number, ms: number];

export function writeModules(folder: string, count: number): void;
export function lineThrough(points: readonly Point[]): {
  readonly slope: number;
  readonly base: number;
};
export function plotOf(points: readonly Point[]): string;
