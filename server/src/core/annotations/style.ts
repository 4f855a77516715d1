/** The two ways in which editors show explanations: as Markdown, or as the plain text. */

export interface Style {
  code(text: string): string;
  strong(text: string): string;
  link(text: string, target: string): string;
}

/** A name may hold a backtick only in broken code; it would end the span. */
function unquoted(text: string): string {
  return text.replace(/`/g, "'");
}

/**
 * Keeps words of messages from being read as markup. An underscore inside of a name is none, and
 * editors that show the text as it is are spared the backslash.
 */
function escaped(text: string): string {
  return text.replace(/[\\*[\]<>~]/g, '\\$&').replace(/(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])/g, '\\_');
}

export const markdown: Style = {
  code: (text) => `\`${unquoted(text)}\``,
  strong: (text) => `**${escaped(text)}**`,
  link: (text, target) => `[${escaped(text)}](${target})`,
};

export const plain: Style = {
  code: (text) => text,
  strong: (text) => text,
  link: (text, target) => `${text}: ${target}`,
};

/** A message of a finding, whose names already stand between backticks. */
export function messageIn(style: Style, message: string): string {
  return message
    .split('`')
    .map((part, i) => (i % 2 === 1 ? style.code(part) : style === markdown ? escaped(part) : part))
    .join('');
}
