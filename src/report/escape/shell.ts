/** Whether a line of a hint is a command of ours to copy, complete or not. */
export function isCommand(line: string): boolean {
  return /^(?:npx )?connectorctl /.test(line);
}
