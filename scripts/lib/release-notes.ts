/** What stands beside the files of a release. */

export interface Release {
  readonly version: string;
  /** The changelog's section. */
  readonly notes: string;
  readonly vsix: string;
  readonly tarball: string;
  /** The lines of SHA256SUMS. */
  readonly sums: string;
}

/** The notes as Markdown: what is new, how it is installed, and how the files are checked. */
export function releaseNotes({ version, notes, vsix, tarball, sums }: Release): string {
  return `# Driver Teardown ${version}

${notes}

## Installing

In VS Code: \`code --install-extension ${vsix}\`, or "Install from VSIX…" in the Extensions view.

On the command line, and for other editors (Node 20 or newer):

\`\`\`
npm install -g ./${tarball}
driver-teardown check drivers/gpu/drm/xe
\`\`\`

The files are the same bytes whenever they are built from the commit of this version:

\`\`\`
${sums}\`\`\`
`;
}
