import { readTreeAt } from '../disk/read-tree-at.ts';
import { readCommit } from '../disk/run-git.ts';
import { UserError } from '../model/user-error.ts';
import type { OperationPorts } from './operation-ports.ts';

/**
 * Tells whether a file of a workspace holds what no commit holds, so that it would be lost when it is written over.
 * Outside a repository, before its first commit, and without git, there is nothing to compare with: then it never does.
 * @param directory absolute folder of the workspace
 * @returns asks about a path relative to it, and the text that stands there now
 */
export function openUncommitted(
  directory: string,
  { env }: Pick<OperationPorts, 'env'>,
): (file: string, text: string) => boolean {
  let committed: ReadonlyMap<string, string> | undefined;
  return (file, text) => {
    const commit = readCommit(directory);
    if (commit === undefined) return false;
    committed ??= readCommitted(commit, directory, env);
    return committed !== undefined && plain(committed.get(file) ?? '') !== plain(text);
  };
}

function readCommitted(
  commit: string,
  directory: string,
  env: OperationPorts['env'],
): ReadonlyMap<string, string> | undefined {
  try {
    return new Map(readTreeAt(commit, [], { directory, env }).files.map(({ file, text }) => [file, text]));
  } catch (error) {
    if (error instanceof UserError && error.code === 'no-git') return undefined;
    throw error;
  }
}

/** git may have written other line ends. */
function plain(text: string): string {
  return text.replaceAll('\r\n', '\n');
}
