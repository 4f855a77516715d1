/** What is in a .vsix, read from the archive's own directory, and what should be. */
import { readFileSync } from 'node:fs';
import { inflateRawSync } from 'node:zlib';

/** The files of a zip archive, from its central directory. */
export function filesIn(archive) {
  const bytes = readFileSync(archive);
  const end = bytes.lastIndexOf(Buffer.from('PK\x05\x06', 'latin1'));
  if (end < 0) throw new Error(`${archive} is not a zip archive`);
  const count = bytes.readUInt16LE(end + 10);
  const files = [];
  for (let index = 0, at = bytes.readUInt32LE(end + 16); index < count; index++) {
    const nameLength = bytes.readUInt16LE(at + 28);
    const path = bytes.toString('utf8', at + 46, at + 46 + nameLength);
    files.push({ path, size: bytes.readUInt32LE(at + 24), at: bytes.readUInt32LE(at + 42) });
    at += 46 + nameLength + bytes.readUInt16LE(at + 30) + bytes.readUInt16LE(at + 32);
  }
  return files.sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** The text of one file of the archive. */
export function textIn(archive, path) {
  const file = filesIn(archive).find((one) => one.path === path);
  if (file === undefined) throw new Error(`${archive} has no ${path}`);
  const bytes = readFileSync(archive);
  const start = file.at + 30 + bytes.readUInt16LE(file.at + 26) + bytes.readUInt16LE(file.at + 28);
  // The sizes of a local header may stand behind the data: deflate ends by itself.
  if (bytes.readUInt16LE(file.at + 8) === 0)
    return bytes.toString('utf8', start, start + file.size);
  return inflateRawSync(bytes.subarray(start)).toString('utf8');
}

const required = [
  /^extension\/package\.json$/,
  /^extension\/readme\.md$/i,
  /^extension\/SECURITY\.md$/,
  /^extension\/THIRD-PARTY-NOTICES\.md$/,
  /^extension\/license(\.txt|\.md)?$/i,
  /^extension\/client\/resources\/driver-teardown\.schema\.json$/,
  /^extension\/client\/resources\/icon\.png$/,
  /^extension\/client\/resources\/teardown\.svg$/,
  /^extension\/client\/walkthrough\/\w+\.md$/,
  /^extension\/sample\//,
  /^extension\/package\.nls\.json$/,
  /^extension\/package\.nls\.de\.json$/,
  /^extension\/l10n\/bundle\.l10n\.de\.json$/,
  /^extension\/dist\/cli\.cjs$/,
  /^extension\/dist\/extension\.cjs$/,
  /^extension\/dist\/lifetimes\.css$/,
  /^extension\/dist\/lifetimes\.js$/,
  /^extension\/dist\/server\.cjs$/,
  /^extension\/dist\/web-extension\.cjs$/,
  /^extension\/dist\/web-server\.js$/,
  /^extension\/dist\/tree-sitter-c\.wasm$/,
  /^extension\/dist\/web-tree-sitter\.wasm$/,
  /^extension\/dist\/catalog\/[^/]+\.json$/,
  /^extension\/dist\/rules\/[^/]+\.md$/,
  /^extension\/dist\/stress\/(?:stress\.sh|hold\.c)$/,
];
const optional = [
  /^extension\.vsixmanifest$/,
  /^\[Content_Types\]\.xml$/,
  /^extension\/changelog\.md$/i,
];

/** One line for each file that should not be there and for each that is missing. */
export function unexpectedFiles(paths) {
  const known = [...required, ...optional];
  return [
    ...paths
      .filter((path) => !known.some((form) => form.test(path)))
      .map((path) => `${path} should not be in it`),
    ...required
      .filter((form) => !paths.some((path) => form.test(path)))
      .map((form) => `nothing matches ${form.source}`),
  ];
}
