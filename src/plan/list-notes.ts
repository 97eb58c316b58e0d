import type { OwnedInstance } from '../model/live.ts';
import type { Note } from '../model/plan.ts';
import type { Comparison } from './diff-instance.ts';
import { listIds, listWords } from './match.ts';

/** The command that makes the values of a definition known again. */
export function toResendCommand(key: string): string {
  return `connectorctl apply --resend ${quoteKey(key)}`;
}

/** A key as a shell takes it. */
export function quoteKey(key: string): string {
  return /^[\w./-]+$/.test(key) ? key : `'${key.replaceAll("'", String.raw`'\''`)}'`;
}

/** What a reviewer should know about a matched instance that is no change. */
export function listNotes(comparison: Comparison, isAdopted: boolean): readonly Note[] {
  return [
    ...listStatusNotes(comparison),
    ...listMemoryNotes(comparison, isAdopted),
    ...listRemovalNotes(comparison),
    ...listAdoptNotes(comparison),
  ];
}

function listStatusNotes({ desired, live }: Comparison): readonly Note[] {
  const notes: Note[] = [];
  if (live.disabled && desired.enabled === undefined) {
    notes.push({
      code: 'disabled',
      message:
        'The instance is disabled on the platform, and stays so. The platform does that itself after five failed token refreshes: authorise it again, or say `enabled: true`.',
    });
  }
  if (live.valid === false) {
    notes.push({
      code: 'invalid',
      message: "The platform's own check of this instance failed: its credentials may not work.",
    });
  }
  return notes;
}

function listMemoryNotes({ desired, memory, compared }: Comparison, isAdopted: boolean): readonly Note[] {
  const hidden = compared.filter((one) => one.verdict === 'unknown').map((one) => one.field.key ?? one.field.pointer);
  const lost = isAdopted ? undefined : toLostMemory(memory.state);
  if (lost === undefined && hidden.length === 0) return [];

  const cannot =
    hidden.length === 0
      ? ''
      : `${toCount(hidden.length)} cannot be compared, because the platform does not show ${hidden.length === 1 ? 'it' : 'them'}: ${listWords(hidden)}.`;
  const sentences = [lost?.message, cannot, `To make it known, send it once: ${toResendCommand(desired.key)}`];
  return [{ code: lost?.code ?? 'not-comparable', message: sentences.filter(Boolean).join(' ') }];
}

function toLostMemory(state: Comparison['memory']['state']): Note | undefined {
  const loss = 'so a change of yours cannot be told from drift.';
  switch (state) {
    case 'known':
      return undefined;
    case 'none':
      return { code: 'no-memory', message: `The tags that remember what was last applied are gone, ${loss}` };
    case 'damaged':
      return { code: 'memory-damaged', message: `The tags that remember what was last applied are damaged, ${loss}` };
    case 'foreign':
      return {
        code: 'fingerprint-key-changed',
        message: `What was last applied was remembered with another fingerprint key, ${loss}`,
      };
    default:
      return state satisfies never;
  }
}

function toCount(count: number): string {
  return count === 1 ? '1 value' : `${count} values`;
}

function listRemovalNotes({ removal: { left, unnamed } }: Comparison): readonly Note[] {
  const notes: Note[] = [];
  if (left.length > 0) {
    notes.push({
      code: 'removed-key-left',
      message: `${listWords(left)} left the definition. The catalogue knows no default, so the platform keeps what was last applied.`,
    });
  }
  if (unnamed > 0) {
    notes.push({
      code: 'removed-key-unnamed',
      message: `${unnamed === 1 ? '1 key' : `${unnamed} keys`} left the definition that neither the platform nor the catalogue names, so the platform keeps what was last applied.`,
    });
  }
  return notes;
}

function listAdoptNotes({ desired: { adopt, key }, live }: Comparison): readonly Note[] {
  if (adopt === undefined || adopt === live.id) return [];
  return [
    {
      code: 'adopt-ignored',
      message: `\`adopt: ${adopt}\` has no effect: instance ${live.id} already belongs to ${key}.`,
    },
  ];
}

/** What to know of other workspaces' instances with the same connector and name. */
export function listNamesakeNotes(namesakes: readonly OwnedInstance[]): readonly Note[] {
  if (namesakes.length === 0) return [];
  const owners = [...new Set(namesakes.map((one) => one.owner?.workspace ?? ''))];
  return [
    {
      code: 'same-name-elsewhere',
      message: `${namesakes.length === 1 ? 'Instance' : 'The instances'} ${listIds(namesakes)} of the ${owners.length === 1 ? 'workspace' : 'workspaces'} ${listWords(owners)} ${namesakes.length === 1 ? 'has' : 'have'} the same connector and name.`,
    },
  ];
}
