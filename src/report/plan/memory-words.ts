import { joinWords } from '../../model/join-words.ts';
import type { Change, Plan } from '../../model/plan.ts';
import type { Note } from '../../model/plan-codes.ts';
import { type CommandContext, completeHint } from '../next-step.ts';

/** What a plan says once about all instances of which what was last applied is not known. */
export interface MemoryBlock {
  /** Keys of the instances that are remembered anew and of which there is nothing else to do. */
  readonly keys: readonly string[];
  /** Sentences that are one paragraph. */
  readonly about: string;
  /** What a person may do; a command to copy stands alone on its line. Undefined where all is known. */
  readonly next: string | undefined;
}

interface FoldedMemory {
  /** The changes without what the block says of them; those of which nothing else is to be said are left out. */
  readonly changes: readonly Change[];
  readonly block: MemoryBlock | undefined;
}

type MemoryNote = Note<'not-comparable' | 'no-memory' | 'memory-damaged' | 'fingerprint-key-changed'>;

/** A note, and the definition that it is about. */
interface NotedMemory {
  readonly key: string;
  readonly note: MemoryNote;
}

/** Takes together what would be said of each instance anew: after a key was rotated it is the same for all of them. */
export function foldMemory({ changes }: Pick<Plan, 'changes'>, commands: CommandContext): FoldedMemory {
  const noted = changes.flatMap(({ key, notes }) => notes.filter(isMemoryNote).map((note) => ({ key, note })));
  const keys = changes.filter(({ action }) => action === 'remember').map(({ key }) => key);
  if (noted.length === 0 && keys.length === 0) return { changes, block: undefined };
  const shown = changes
    .map((change) => ({ ...change, notes: change.notes.filter((note) => !isMemoryNote(note)) }))
    .filter((change, index) => isToShow(change, changes[index]));
  // Whom the lines right above the block name: its head, or the only change of the plan.
  const named = keys.length === 0 && shown.length === 1 ? shown.map(({ key }) => key) : keys;
  const about = [
    ...sayCauses(noted, named),
    ...sayRemembered(noted, keys),
    ...sayHidden(noted, named),
    ...sayRemoved(noted),
  ];
  const next = sayNext(noted);
  return {
    changes: shown,
    block: { keys, about: about.join(' '), next: next === undefined ? undefined : completeHint(next, commands) },
  };
}

function isToShow({ action, notes }: Change, whole: Change | undefined): boolean {
  if (action === 'remember') return notes.length > 0;
  return action !== 'unchanged' || notes.length > 0 || whole?.notes.length === 0;
}

/** Whether there are values of which nobody can tell whether they are as they should be. */
export function isInDoubt({ notes }: Pick<Change, 'notes'>): boolean {
  return notes.some(isMemoryNote);
}

function isMemoryNote(note: Note): note is MemoryNote {
  return (
    note.code === 'not-comparable' ||
    note.code === 'no-memory' ||
    note.code === 'memory-damaged' ||
    note.code === 'fingerprint-key-changed'
  );
}

/** Why nothing is known. */
function sayCauses(noted: readonly NotedMemory[], named: readonly string[]): readonly string[] {
  const causes: readonly (readonly [MemoryNote['code'], string])[] = [
    ['fingerprint-key-changed', 'was recorded with another fingerprint key'],
    ['no-memory', 'is gone from the tags'],
    ['memory-damaged', 'can no longer be read, as the tags are damaged'],
  ];
  return causes.flatMap(([code, words]) => {
    const keys = noted.filter(({ note }) => note.code === code).map(({ key }) => key);
    if (keys.length === 0) return [];
    // A key that was changed concerns everybody; tags are damaged of somebody.
    const isPlain = keys.length === noted.length && (code === 'fingerprint-key-changed' || isNamed(keys, named));
    return [`What was last applied${isPlain ? '' : ` to ${listSome(keys)}`} ${words}.`];
  });
}

function sayRemembered(noted: readonly NotedMemory[], keys: readonly string[]): readonly string[] {
  const isLost = noted.some(({ note }) => note.code !== 'not-comparable');
  if (isLost) {
    return [
      'So edits cannot be told apart from drift until the next apply, which remembers anew what the platform shows; that alone changes no value.',
    ];
  }
  return keys.length === 0 ? [] : ['The tags are written anew; that changes no value.'];
}

/** Whether it is plain whom a sentence is about that names nobody. */
function isNamed(keys: readonly string[], named: readonly string[]): boolean {
  return keys.every((key) => named.includes(key));
}

/** Which values are taken on trust. @param named keys that stand right above */
function sayHidden(noted: readonly NotedMemory[], named: readonly string[]): readonly string[] {
  const all = noted.flatMap(({ key, note }) => note.fields.map((field) => ({ field, key })));
  if (all.length === 0) return [];
  const isPlain = noted.length === 1 && isNamed([...new Set(all.map(({ key }) => key))], named);
  const fields = [...new Set(all.map(({ field }) => field))].map((field) => {
    const keys = all.filter((one) => one.field === field).map(({ key }) => key);
    return isPlain ? field : `${field} of ${listSome(keys)}`;
  });
  const separator = isPlain ? undefined : '; ';
  const isOne = all.length === 1;
  return [
    `${isOne ? '1 value' : `${all.length} values`} cannot be compared, because the platform does not show ${isOne ? 'it' : 'them'}: ${listSome(fields, separator)}.`,
    `Until the definition says something else, ${isOne ? 'it is' : 'they are'} assumed to be as it says now.`,
  ];
}

function sayRemoved(noted: readonly NotedMemory[]): readonly string[] {
  const counts = noted.flatMap(({ key, note }) =>
    note.code === 'fingerprint-key-changed' && note.removed > 0 ? [{ key, count: note.removed }] : [],
  );
  if (counts.length === 0) return [];
  const sum = counts.reduce((total, { count }) => total + count, 0);
  const [settings, it] =
    sum === 1 ? ['1 setting', 'it keeps its value'] : [`${sum} settings`, 'they keep their values'];
  return [
    `At least ${settings} left the ${counts.length === 1 ? 'definition' : 'definitions'} of ${listSome(counts.map(({ key }) => key))} and cannot be named without the former key; until it is set, ${it}.`,
  ];
}

const formerKeys =
  'To know what was applied, set the former key as CONNECTORCTL_FINGERPRINT_KEY_PREVIOUS; if there was none, set the organization secret of that time, also where it is still the same, as CONNECTORCTL_ORGANIZATION_SECRET_PREVIOUS. Then plan again.';

function sayNext(noted: readonly NotedMemory[]): string | undefined {
  const isHidden = noted.some(({ note }) => note.fields.length > 0);
  const isForeign = noted.some(({ note }) => note.code === 'fingerprint-key-changed');
  const isMissing = noted.some(({ note }) => note.code === 'fingerprint-key-changed' && note.removed > 0);
  const former = isForeign && (isHidden || isMissing) ? formerKeys : undefined;
  if (!isHidden) return former;
  const resend = `${isForeign ? 'Without it, send' : 'Send'} all values that are only assumed, once:\nconnectorctl apply --resend`;
  return former === undefined ? resend : `${former} ${resend}`;
}

export function countInstances(count: number): string {
  return count === 1 ? '1 instance' : `${count} instances`;
}

/** So many names are read; more are counted. */
const most = 8;

/** Names for a sentence, not all of them when they are many. */
export function listSome(words: readonly string[], separator?: string): string {
  const named = words.length <= most ? words : [...words.slice(0, most), `${words.length - most} more`];
  return separator === undefined ? joinWords(named, 'and') : named.join(separator);
}
