import type { SilencedDiagnostic } from '../../model/diagnostic.ts';
import { visible } from '../../model/visible.ts';
import { hangText } from '../hang-text.ts';

/** `, 2 silenced`, to stand behind the other counts; nothing when there are none. */
export function countSilenced(silenced: readonly SilencedDiagnostic[]): string {
  return silenced.length === 0 ? '' : `, ${silenced.length} silenced`;
}

/** A sentence about how many problems comments in the definitions silence; nothing when there are none. */
export function saySilenced(count: number): string {
  if (count === 0) return '';
  const problems = count === 1 ? '1 problem is' : `${count} problems are`;
  return `${problems} silenced by comments in the definitions.`;
}

/** What comments silence, with their reasons, for people. Safe to print. */
export function renderSilenced(silenced: readonly SilencedDiagnostic[], width: number): string {
  return silenced
    .map(({ at, code, message, detail, reason }) => {
      const place = at === undefined ? '' : `${visible(at.file)}:${at.line}:${at.column} `;
      const lines = [
        `${place}silenced ${visible(code)}  ${visible(message)}`,
        ...hangText('', detail, { width, indent: 2 }),
        ...hangText('reason: ', reason, { width, indent: 2 }),
      ];
      return `${lines.join('\n')}\n\n`;
    })
    .join('');
}
