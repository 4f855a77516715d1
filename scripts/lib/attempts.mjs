/**
 * A file of tests that drive a window may have a second attempt, in a new window: a browser on a busy machine
 * now and then loses a key or a click. What failed at first is told, whatever comes of it.
 */

/**
 * The files that have a second attempt: those with a failure, when the run came to its end.
 * @param {{ failed: { file?: string }[], complete: boolean } | undefined} result of the first attempt
 * @returns {string[]} none when every failure is of an unknown file, or when so much failed that it is no accident
 */
export function filesToRepeat(result, most = 3) {
  if (result?.complete !== true) return [];
  const files = [...new Set(result.failed.map(({ file }) => file))];
  return files.includes(undefined) || files.length > most ? [] : files;
}

/**
 * What counts after the second attempt: of the files that were repeated, what it found; of the others, the first.
 * @param first result of all files
 * @param second result of the repeated ones; undefined when there is none, as after a crash
 * @param {string[]} files the repeated ones
 */
export function afterSecond(first, second, files) {
  if (second?.complete !== true) return first;
  const isKept = ({ file }) => !files.includes(file);
  const repeated = files.reduce((sum, file) => sum + (first.passedIn[file] ?? 0), 0);
  return {
    passed: first.passed - repeated + second.passed,
    passedIn: { ...first.passedIn, ...second.passedIn },
    failed: [...first.failed.filter(isKept), ...second.failed],
    skipped: [...first.skipped.filter(isKept), ...second.skipped],
    complete: true,
  };
}
