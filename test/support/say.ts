/** `#say` where there is no VS Code: English, with the gaps filled as VS Code fills them. */
export function say(message: string, ...args: readonly (string | number)[]): string {
  return message.replace(/\{(\d+)\}/g, (gap, index: string) => String(args[Number(index)] ?? gap));
}
