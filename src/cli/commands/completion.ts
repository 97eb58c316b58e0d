import { renderCompletionScript, shells } from '../completion-scripts.ts';
import type { Host } from '../host.ts';
import { openTerminal } from '../terminal.ts';

/** `connectorctl completion SHELL` */
export function runCompletion(shell: (typeof shells)[number], host: Host): number {
  const terminal = openTerminal(host, { color: false, quiet: true });
  terminal.raw(renderCompletionScript(shell));
  return 0;
}
