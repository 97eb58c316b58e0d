import type { AnswerFault } from '../consent/answer.ts';
import type { StateFault } from '../consent/state.ts';
import { UserError } from '../model/user-error.ts';
import { visibleExcerpt } from '../model/visible.ts';
import type { OperationPorts } from './operation-ports.ts';

/** For which definition an answer is refused, and the words of commands. */
export interface Refusing {
  readonly key: string;
  readonly words: OperationPorts['words'];
}

/** How an answer of a provider that is refused leaves everything. */
export const unused = 'Nothing was sent, and the grant was not used.';

/** For what is no whole address of an answer. */
export function refuseAnswer(fault: AnswerFault, about: Refusing): UserError {
  const { key } = about;
  const whole = "Copy the whole address from the browser's address bar, after you agreed at the provider.";
  switch (fault.code) {
    case 'not-an-address':
      return notAnAnswer(`What was given for ${key} is no address.`, whole);
    case 'too-long':
      return notAnAnswer(`The address for ${key} is longer than any answer of a provider.`, whole);
    case 'other-callback':
      return notAnAnswer(
        `The address for ${key} leads to ${visibleExcerpt(fault.found)}, but its app has ${visibleExcerpt(fault.expected)} as callback.`,
        whole,
      );
    case 'repeated':
      return notAnAnswer(
        `The address for ${key} holds ${visibleExcerpt(fault.name)} more than once, so that nobody can tell which one is meant.`,
        `Somebody may have put it together. ${askAgain(about)}`,
      );
    case 'nothing':
      return notAnAnswer(`The address for ${key} holds no ${fault.needed}.`, whole);
    default:
      return fault satisfies never;
  }
}

const stateWords: Readonly<Record<StateFault, string>> = {
  missing: 'It holds no state, so that nobody can tell what it answers.',
  malformed: 'Its state was not made by connectorctl.',
  forged: 'Its state was changed, or was signed with another key than this environment has.',
  'other-environment': 'It answers a request of another environment, workspace or platform.',
  'other-definition': 'It answers a request for another definition.',
  expired: 'It came too late: the time in which an answer is taken is over.',
  'settings-changed': 'The app, callback, scope or site of the definition changed since consent was asked for.',
};

/** For an answer whose state does not bind it to the definition as it is now. */
export function refuseState(fault: StateFault, about: Refusing, environment: string): UserError {
  return new UserError(
    `state-${fault}`,
    `The answer is refused for ${about.key} in ${environment}. ${stateWords[fault]}`,
    {
      kind: 'refused',
      hint: `${unused} ${askAgain(about)}`,
    },
  );
}

/** For the answer to another request for the same definition than the one that waits. */
export function refuseOther(about: Refusing): UserError {
  return new UserError(
    'state-other-request',
    `The answer is refused for ${about.key}. It answers another request for the same definition.`,
    {
      kind: 'refused',
      hint: `${unused} It may be what somebody else consented to. ${askAgain(about)}`,
    },
  );
}

/** For an answer that was asked for when the definition had another instance than `live`. */
export function refuseUsed(about: Refusing, live: string | undefined): UserError {
  const now = live === undefined ? 'that one is gone' : `it has instance ${visibleExcerpt(live)}`;
  const before = live === undefined ? 'for its instance' : 'when it had another instance, or none';
  return new UserError(
    'state-used',
    `The answer is refused for ${about.key}. Consent was asked ${before}, and now ${now}: the link was used before, or somebody else was faster.`,
    {
      kind: 'refused',
      hint: `${unused} Where the instance does not work, or works in the wrong account, ${lowerFirst(askAgain(about))}`,
    },
  );
}

function lowerFirst(text: string): string {
  return `${text.slice(0, 1).toLowerCase()}${text.slice(1)}`;
}

/** For an answer of OAuth 1 whose request token is not ours. */
export function refuseForeignToken(about: Refusing): UserError {
  return new UserError(
    'state-other-request',
    `The answer is refused for ${about.key}. Its request token is not the one that was asked with.`,
    {
      kind: 'refused',
      hint: `${unused} OAuth 1 has to be completed by the run that asked. ${askAgain(about)}`,
    },
  );
}

/** For a person or a provider that said no. `show` makes the words of the provider fit to be seen. */
export function refuseDenied(
  about: Refusing,
  { error, description }: { readonly error: string; readonly description: string | undefined },
  show: (text: string) => string,
): UserError {
  const words = description === undefined || description === '' ? '' : ` It says: "${show(description)}"`;
  return new UserError(
    'consent-denied',
    `The provider did not give consent for ${about.key}: ${show(error)}.${words}`,
    {
      kind: 'failed',
      hint: `Nothing was sent. ${askAgain(about)}`,
    },
  );
}

function notAnAnswer(message: string, hint: string): UserError {
  return new UserError('not-an-answer', message, { kind: 'invalid', hint: `${unused} ${hint}` });
}

/** How to ask again, as the end of a hint. */
function askAgain({ key, words }: Refusing): string {
  return `Ask for consent again:\n${words.command('authorize', key)}`;
}
