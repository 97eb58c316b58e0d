import type { Diagnostic } from '../../model/diagnostic.ts';
import type { OwnedInstance } from '../../model/live.ts';
import { fromPointer, type Pointer } from '../../model/position.ts';

/** What is said about a field that an import could not write as it is live, or wrote over a reference. */
export type RefusalWords = Pick<Diagnostic, 'code' | 'message' | 'detail' | 'hint'>;

function nameOf(field: Pointer): string {
  return fromPointer(field).at(-1) ?? '';
}

function secretDiffers(field: Pointer, { id }: OwnedInstance): RefusalWords {
  return {
    code: 'secret-differs',
    message: 'Secret differs from the platform',
    detail: `${nameOf(field)} of instance ${id} differs from the secret of the definition. The reference was kept, because secrets are never written to a file.`,
    hint: 'Set the secret to the value on the platform, or let the next apply overwrite it.',
  };
}

function standsForSomethingElse(field: Pointer, { id }: OwnedInstance): RefusalWords {
  return {
    code: 'placeholder-on-platform',
    message: 'Placeholder on the platform',
    detail: `${nameOf(field)} of instance ${id} differs and looks like a placeholder or a reference, so the file was left as it is.`,
    hint: 'Write a value, and apply it.',
  };
}

/** Why a value that differs was not written. */
export const wordsOfObstacle = { secret: secretDiffers, 'stand-in': standsForSomethingElse } as const;

export function referenceReplaced(field: Pointer): RefusalWords {
  return {
    code: 'reference-replaced',
    message: 'Reference replaced by its value',
    detail: `${nameOf(field)} differs from the value of its \${{ vars }} reference, so the value of the platform was written instead.`,
    hint: 'Change the variable instead if the value should differ between environments.',
  };
}

export function notWritten(at: Pointer, reason: string): RefusalWords {
  return {
    code: 'not-written',
    message: 'Value was not written',
    detail: `${nameOf(at)} differs on the platform, but the file was left as it is. ${reason}`,
    hint: 'Change it manually.',
  };
}

export function leftToPlatform({ id }: OwnedInstance): RefusalWords {
  return {
    code: 'enabled-differs',
    message: 'Left to the platform',
    detail: `Instance ${id} is not switched on or off as the definition says it, and one definition says it for all of its environments, so \`enabled\` was taken out of it. All of them stay as they are.`,
    hint: 'Switch the instance on or off on the platform, or give it a definition of its own.',
  };
}
