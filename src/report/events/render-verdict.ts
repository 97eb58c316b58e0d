import { createColors } from 'picocolors';
import type { EventNotification } from '../../events/events.ts';
import type { SignatureVerdict } from '../../events/explain-signature.ts';
import { visible } from '../../model/visible.ts';
import { hangText } from '../hang-text.ts';
import { describeEvents, describeInstance } from './render-received.ts';
import { causeWords, refusedWords } from './signature-words.ts';

interface Verified {
  readonly verdict: SignatureVerdict;
  readonly notification: EventNotification | undefined;
}

/** Whether a signature is right, what would make it right, and what the body says. Ends with a line feed. */
export function renderVerdict(
  { verdict, notification }: Verified,
  { color, width }: { readonly color: boolean; readonly width: number },
): string {
  const colors = createColors(color);
  const { problem, causes } = verdict;
  const head =
    problem === undefined
      ? [colors.green('The signature is right.')]
      : hangText('', `The signature is wrong: ${refusedWords[problem]}.`, { width, paint: colors.red });
  const hang = { width, indent: 2 };
  const why = causes.flatMap((cause) => [
    ...hangText('', causeWords[cause].what, hang),
    ...hangText('  ', causeWords[cause].todo, hang),
  ]);
  const unknown =
    'Neither a changed line end, nor another form of the JSON, of the key or of the header makes it right. The key is another one, or the body was changed.';
  const isOpen = problem === 'different' && causes.length === 0;
  const says = notification === undefined ? '' : `${describeInstance(notification)}  ${describeEvents(notification)}`;
  return [
    ...head,
    ...why,
    ...(isOpen ? hangText('', unknown, hang) : []),
    ...(says === '' ? [] : ['', visible(says)]),
    '',
  ].join('\n');
}

/** The same as data. */
export function describeVerdict({ verdict: { problem, causes }, notification }: Verified): object {
  return {
    valid: problem === undefined,
    problem,
    message: problem && `The signature is wrong: ${refusedWords[problem]}.`,
    causes: causes.map((code) => ({ code, message: `${causeWords[code].what} ${causeWords[code].todo}` })),
    notification: notification && describeNotification(notification),
  };
}

/** What a notification says, without the provider's own fields: those may be large. */
function describeNotification({ raw: _raw, ...notification }: EventNotification): object {
  return notification;
}
