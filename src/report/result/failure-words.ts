import type { Failure, FailureArguments, FoundFailure, SkipReason } from '../../model/apply.ts';
import { type CommandContext, completeHint } from '../next-step.ts';
import { quoteWord } from '../../model/shell-word.ts';
import { waitTable } from './wait-words.ts';

/** The words for one code. None of them is escaped yet. */
interface FailureEntry<F> {
  /** What the code says, in one line, for a page of all codes. */
  readonly help: string;
  /** What happened, in full sentences. */
  readonly say: (failure: F) => string;
  /** What a person does about it. A command to copy stands alone on its line. */
  readonly next: (failure: F) => string;
}

type FailureTable = { readonly [C in keyof FailureArguments]: FailureEntry<FoundFailure<C>> };

const toPlan = '\n  connectorctl plan';
const seeWhatIsThere = `See what is there now:${toPlan}`;
const planLater = `Plan again when the platform answers; the plan shows whether the instance exists:${toPlan}`;

/** The words for every failure that apply finds itself. One without words does not compile. */
const failureTable: FailureTable = {
  'tag-not-kept': {
    help: 'The platform did not keep the tag by which the next plan finds the instance again.',
    say: ({ id, tag }) => `The platform did not keep the tag ${tag} on instance ${id}.`,
    next: ({ id, cutAt }) =>
      cutAt === undefined
        ? `Add the tag to instance ${id} yourself, or write "adopt: ${id}" into the definition, before the next apply.`
        : `The platform cuts tags after ${cutAt} characters. Give the workspace or the definition a shorter name, and write "adopt: ${id}" into the definition, before the next apply.`,
  },
  'not-taken': {
    help: 'The write was answered as successful, but what was sent is not there: the platform kept what was there before, or says that it left something out.',
    say: ({ id, fields, complaint }) =>
      [
        `The write to instance ${id} was answered as successful, but the platform did not take ${fields.length === 0 ? 'all of it' : `it: ${fields.join(', ')}`}.`,
        ...(complaint === undefined ? [] : [`It says: "${complaint}"`]),
      ].join(' '),
    next: () =>
      `It stays in the plan. The user may lack a privilege, or the value can only be changed by authenticating again; where the platform only spells it this way, write it so in the definition. ${seeWhatIsThere}`,
  },
  'keys-lost': {
    help: 'Configuration keys that were there before the write are gone after it.',
    say: ({ id, fields }) =>
      `Since the write to instance ${id}, keys of its configuration are gone: ${fields.join(', ')}.`,
    next: () =>
      `The platform may have replaced the whole configuration. The next apply sends again what your definition declares. ${seeWhatIsThere}`,
  },
  'user-tags-lost': {
    help: 'The instance does not carry all tags of its definition although they were sent.',
    say: ({ id, tags }) => `Instance ${id} does not carry tags that were sent: ${tags.join(', ')}.`,
    next: () =>
      `They stay in the plan. Where the platform keeps only a few tags, declare fewer, or let ours be fewer and longer with limits.maxTagLength. ${seeWhatIsThere}`,
  },
  'own-fault': {
    help: 'A fault of connectorctl itself ended the change. It may or may not have been carried out.',
    say: ({ fault }) =>
      `A fault of connectorctl itself (${fault}) ended the change. It may or may not have been carried out.`,
    next: () => `Please report it. ${seeWhatIsThere}`,
  },
  'create-unclear': {
    help: 'The create was not answered, and it could not be found out whether the instance was created.',
    say: ({ key, lookUp }) =>
      `No answer to the create of ${key} arrived, and ${lookUp === undefined ? 'the apply was interrupted.' : `looking for the instance failed too: ${lookUp}`}`,
    next: () => planLater,
  },
  'key-taken': {
    help: 'Another instance was found under the key than the one that was to be created.',
    say: ({ id, key }) =>
      `Instance ${id} carries the key ${key}, but it is not what was to be created: another apply may have created it, or the plan did not see it.`,
    next: () => `No second one was created. ${seeWhatIsThere}`,
  },
  'duplicate-instances': {
    help: 'Several live instances carry the key of one definition.',
    say: ({ key, ids }) => `${ids.length} live instances carry the key ${key}: ids ${ids.join(' and ')}.`,
    next: () =>
      'Find out which one is in use. To delete the other one, and nothing else, plan with:\n  connectorctl plan --delete-duplicate ID',
  },
  'delete-unclear': {
    help: 'It could not be found out whether the instance was deleted.',
    say: ({ id, refusal, lookUp }) =>
      `${refusal ?? `The delete of instance ${id} was answered.`} Reading the instance failed: ${lookUp}`,
    next: () => planLater,
  },
  'still-there': {
    help: 'The delete was answered as successful, but the instance still exists.',
    say: ({ id }) => `The delete of instance ${id} was answered as successful, but the instance is still there.`,
    next: () => `Something in between may have answered in place of the platform. ${seeWhatIsThere}`,
  },
  'instance-in-use': {
    help: 'Formula instances use the instance, so it was not deleted.',
    say: ({ id, users }) => `Formula instances use instance ${id}: ${users.join(', ')}.`,
    next: () => 'It was not deleted. Point the formula instances to another instance, or delete them first.',
  },
  'owner-changed': {
    help: 'The tags that record the owner of the instance changed after the plan, so it was not deleted.',
    say: ({ id, tags, expected }) =>
      `The tags that record the owner of instance ${id} have changed. Now: ${nameTags(tags)}. Expected: ${nameTags(expected)}.`,
    next: () => `It was not deleted. Find out who changed its tags. ${seeWhatIsThere}`,
  },
  'key-not-free': {
    help: 'The change was not started because another instance still has the key of its definition.',
    say: ({ key }) => `It was not started: another instance still has its key, because ${key} was not moved.`,
    next: () => 'Fix what stopped that one, and apply both again.',
  },
  'successor-not-made': {
    help: 'The old instance of a replace that was stopped was not deleted because its new one was not created.',
    say: ({ key }) => `It was not deleted: the new instance of ${key}, which takes its place, is not there.`,
    next: () => 'Fix what stopped that one, and apply both again.',
  },
  'read-back-missing': {
    help: 'The instance was written, but no longer exists.',
    say: ({ id }) => `Instance ${id} was written, but it is no longer there.`,
    next: () => otherWriter,
  },
  'not-listed': {
    help: 'The instance was created, but the platform does not list it yet.',
    say: ({ id }) => `Instance ${id} was created, but the platform does not list it yet.`,
    next: () => `Wait until a plan shows it as unchanged, before the next apply:${toPlan}`,
  },
  'read-back-differs': {
    help: 'The instance was written, but its tags differ from what was written.',
    say: (failure) =>
      `Instance ${failure.id} was written, but its tags are different now: ${listDifferences(failure)}.`,
    next: (failure) => explainTags(failure) ?? otherWriter,
  },
  'read-back-failed': {
    help: 'The instance was written, but could not be read back.',
    say: ({ lookUp }) => `It was written, but could not be read back: ${lookUp}`,
    next: () => `Plan when the platform answers again, to see what is there; --no-verify skips this check:${toPlan}`,
  },
  'ping-failed': {
    help: 'The instance was written, but the provider does not respond through it.',
    say: ({ id, answer }) => `Instance ${id} was written, but the provider does not respond through it. ${answer}`,
    next: ({ key }) =>
      key === undefined
        ? 'Check its credentials and addresses, and apply again. --no-verify skips this check.'
        : `Check its credentials and addresses; --no-verify skips this check. Where its login is gone, log in at the provider again:\n  connectorctl authorize ${quoteWord(key)}`,
  },
  'grant-refused': {
    help: 'The provider did not take the grant: a code works once and only for a few minutes.',
    say: ({ id, answer }) =>
      `The provider did not take the grant ${id === undefined ? 'for the new instance' : `for instance ${id}`}: it was used before, or is too old. ${answer}`,
    next: ({ key }) =>
      `A code works once, and only for a few minutes. Ask for consent again:\n  connectorctl authorize ${quoteWord(key)}`,
  },
  'stopped-at-once': {
    help: 'The apply was stopped immediately while the change was in progress.',
    say: ({ key, action, id }) =>
      `${id === undefined ? 'A new instance' : `Instance ${id}`} was in progress (${action} ${key}) when the apply was stopped. It may or may not have been carried out.`,
    next: ({ id }) =>
      id === undefined
        ? `A create may still take effect: wait two minutes, then see what is there:${toPlan}`
        : seeWhatIsThere,
  },
};

const otherWriter = `Someone else may have changed it at the same time. ${seeWhatIsThere}`;

/** The least that limits.maxTagLength may be. */
const shortestTags = 64;

/** Why the platform cannot keep the tags; undefined when it could. */
function explainTags({ cutAt, mostTags }: FoundFailure<'read-back-differs'>): string | undefined {
  if (cutAt !== undefined) {
    return cutAt < shortestTags
      ? `The platform cuts tags after ${cutAt} characters, and limits.maxTagLength cannot be less than ${shortestTags}. Use shorter tags and keys. ${seeWhatIsThere}`
      : `The platform cuts tags after ${cutAt} characters. Write that number as limits.maxTagLength of the environment into connectorctl.yaml, and plan again:${toPlan}`;
  }
  if (mostTags === undefined) return undefined;
  return `The platform kept ${mostTags} tags and dropped the others. With a larger limits.maxTagLength in connectorctl.yaml, or with fewer tags of your own, fewer are needed. ${seeWhatIsThere}`;
}

function nameTags(tags: readonly string[]): string {
  return tags.join(' and ') || 'none';
}

function listDifferences({ missing, added, appliedValues }: FoundFailure<'read-back-differs'>): string {
  return [
    ...missing.map((tag) => `${tag} is missing`),
    ...added.map((tag) => `${tag} was added`),
    ...(appliedValues ? ['those that remember the applied values are not as written'] : []),
  ].join(', ');
}

const skipTable: Readonly<Record<SkipReason['code'], { readonly help: string; readonly say: string }>> = {
  interrupted: {
    help: 'The apply was interrupted before the change was started.',
    say: 'Not started: the apply was interrupted.',
  },
  stopped: {
    help: 'The apply was stopped immediately before the change was started.',
    say: 'Not started: the apply was stopped.',
  },
  'credentials-refused': {
    help: 'The platform stopped accepting the credentials before the change was started.',
    say: 'Not started: the platform does not accept the credentials any more.',
  },
  'drift-left': {
    help: 'The change would undo what someone did on the platform, and no one has reviewed that.',
    say: 'Changed on the platform and left as it is: no one has reviewed undoing it.',
  },
};

/** For a refusal that brings no next step of its own. */
const defaultNext = 'The other instances were not affected. Fix this problem, then apply again:\n  connectorctl apply';

/** A failure in words. Not yet escaped. */
interface FailureWords {
  readonly message: string;
  /** The next step. A command to copy stands alone on its line. */
  readonly hint: string;
}

/** What happened and what to do about it. */
export function describeFailure(failure: Failure, commands: CommandContext): FailureWords {
  const words = isWorded(failure)
    ? { message: failure.message, hint: failure.hint ?? defaultNext }
    : describeFound(failure);
  return { ...words, hint: completeHint(words.hint, commands) };
}

function isWorded(failure: Failure): failure is Exclude<Failure, FoundFailure> {
  return 'message' in failure;
}

function describeFound<C extends keyof FailureArguments>(failure: FoundFailure<C>): FailureWords {
  const { say, next }: FailureEntry<FoundFailure<C>> = failureTable[failure.code];
  return { message: say(failure), hint: next(failure) };
}

/** Why a change was not started. */
export function describeSkip({ code }: SkipReason): string {
  return skipTable[code].say;
}

/** A code that apply may answer with. */
export interface ApplyCode {
  /** Where it stands in a result: `failure` or `reason` of an outcome; `waiting` ones are only shown while an apply runs. */
  readonly kind: 'failure' | 'skipped' | 'waiting';
  readonly code: string;
  /** What it says, in one line. */
  readonly help: string;
}

/** Every code that apply itself may answer with, for a page that explains them. A refusal of the platform brings a code of its own. */
export const applyCodes: readonly ApplyCode[] = [
  ...Object.entries(failureTable).map(([code, { help }]) => ({ kind: 'failure', code, help }) as const),
  ...Object.entries(skipTable).map(([code, { help }]) => ({ kind: 'skipped', code, help }) as const),
  ...Object.entries(waitTable).map(([code, { help }]) => ({ kind: 'waiting', code, help }) as const),
];
