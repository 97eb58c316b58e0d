import path from 'node:path';
import type { Diagnostic } from '../model/diagnostic.ts';
import { visible } from '../model/visible.ts';
import { readText } from './read-text.ts';

/** Definitions are small; what is larger is something else. In bytes. */
const largest = 64 * 1024;

/** A line that only a definition, or the body of a request for an instance, has. */
const telling = /^[ \t{]*["']?(?:connector|element)["']?[ \t]*:/m;

/** More files than these are not looked at. */
export const mostUnread = 1000;

/** Names that somebody may have meant for a definition, by accident of an editor, a download or a merge; but no `README` and no `notes.md`. */
const meant = /^[^.]+$|~$|\.ya?ml[._~-]|\.(?:ya?ml|yam|ymal|ylm|json|jsonc|txt|bak|orig|old|copy|tmp|save)$/i;

/** What editors, downloads and merges put behind a name: `crm.yaml.txt`, `crm.yaml~`, `crm.yml.orig`, `crm.YAML`. */
const ending = /(?:\.ya?ml)?(?:~|\.[A-Za-z0-9_-]+)?$/i;

/**
 * Files below `instances/` that look like definitions and are not read for their name: to people they are there, to a plan they are deleted.
 * A copy beside the definition itself is nobody's mistake.
 *
 * @param root absolute path of the workspace folder
 * @param others files that are no definitions by their names, relative to the root
 * @param found the definition files
 */
export function findUnread(root: string, others: readonly string[], found: ReadonlySet<string>): readonly Diagnostic[] {
  return others
    .filter((file) => isMeant(path.posix.basename(file)))
    .filter((file) => !found.has(rename(file, '.yaml')) && !found.has(rename(file, '.yml')))
    .filter((file) => looksLikeDefinition(path.join(root, file)))
    .map(describeUnread);
}

function isMeant(name: string): boolean {
  return meant.test(name) && !/^[A-Z]+$/.test(name);
}

function looksLikeDefinition(file: string): boolean {
  const read = readText(file, largest);
  return 'text' in read && telling.test(read.text);
}

function describeUnread(file: string): Diagnostic {
  const name = path.posix.basename(file);
  const isJson = name.toLowerCase().endsWith('.json');
  const target = visible(path.posix.basename(rename(file, '.yaml')));
  const makeOver = isJson
    ? `Make a definition of it: connectorctl convert ${visible(file)}`
    : `Rename it to \`${target}\``;
  return {
    severity: 'warning',
    code: 'unread-file',
    message: 'File is not read',
    detail: `\`${visible(name)}\` looks like a definition, but only names that end in \`.yaml\` or \`.yml\` are read, so it counts as if it were not there.`,
    hint: isJson ? makeOver : `${makeOver}, or move it out of \`instances/\`.`,
    at: { file, line: 1, column: 1 },
  };
}

function rename(file: string, to: '.yaml' | '.yml'): string {
  return `${file.replace(ending, '')}${to}`;
}
