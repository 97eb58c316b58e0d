import { canonicalJson } from '../../model/json.ts';
import type { Json } from '../../model/json.ts';
import type { Action } from '../../model/plan.ts';
import type { Breach, BreachArguments } from '../../model/plan-codes.ts';
import type {
  BindingArguments,
  BindingFault,
  DetailArguments,
  Difference,
  DifferenceArguments,
  DifferenceDetail,
  DuplicateArguments,
  DuplicateFault,
} from '../../model/refusal-codes.ts';
import { shortDigest } from '../../model/hashing.ts';
import { nameField } from './field-name.ts';
import { keptWords, sayReason } from './reason-words.ts';
import { nameInstances, type WordTable } from './word-table.ts';

/** A limit that a plan breaks, in a sentence with the numbers. */
export function describeBreach<C extends keyof BreachArguments>(breach: Breach<C>): string {
  return breachTable[breach.code].say(breach, undefined);
}

/** What binds a reviewed plan to something else, in a sentence. */
export function describeBinding<C extends keyof BindingArguments>(fault: BindingFault<C>): string {
  return bindingTable[fault.code].say(fault, undefined);
}

/** Why an instance is not deleted as a duplicate, in a sentence or two. */
export function describeDuplicate<C extends keyof DuplicateArguments>(fault: DuplicateFault<C>): string {
  return duplicateTable[fault.code].say(fault, undefined);
}

/** How a change differs from the one that was reviewed, in a sentence. */
export function describeDifference<C extends keyof DifferenceArguments>(difference: Difference<C>): string {
  return differenceTable[difference.code].say(difference, undefined);
}

/** The words for every limit. */
export const breachTable: WordTable<BreachArguments> = {
  'max-delete': {
    help: 'More instances would be deleted than `maxDelete` allows.',
    say: ({ count, allowed }) =>
      `${count} ${count === 1 ? 'instance' : 'instances'} would be deleted; maxDelete allows ${allowed}.`,
  },
  'max-delete-percent': {
    help: 'A larger share of the instances would be deleted than `maxDeletePercent` allows.',
    say: (share) => sayShare(share, 'deleted', 'maxDeletePercent'),
  },
  'max-create': {
    help: 'More instances would be created than `maxCreate` allows.',
    say: ({ count, allowed }) =>
      `${count} ${count === 1 ? 'instance' : 'instances'} would be created; maxCreate allows ${allowed}.`,
  },
  'max-change-percent': {
    help: 'A larger share of the instances would be changed than `maxChangePercent` allows.',
    say: (share) => sayShare(share, 'changed', 'maxChangePercent'),
  },
  'nothing-owned': {
    help: 'Instances would be created although none of those can be seen that the folder knew: other credentials may show others.',
    say: ({ count, owned }) =>
      `${owned === 1 ? 'The one instance that this folder knew cannot be seen' : `None of the ${owned} that this folder knew can be seen`}, and ${count} would be created: a second connection for each one that still exists.`,
  },
};

function sayShare(
  { count, ownedLive, percent }: Omit<Breach<'max-delete-percent'>, 'code'>,
  done: string,
  limit: string,
): string {
  // With one decimal, rounded up: what breaks a whole limit never looks equal to it.
  const actual = Math.ceil((count * 1000) / ownedLive) / 10;
  const allowed = Math.floor((percent * ownedLive) / 100);
  const share = `${count} of ${ownedLive} live instances of this workspace (${actual} %)`;
  return `${share} would be ${done}; ${limit} allows ${percent} %, which is ${allowed}.`;
}

/** The words for everything that a plan is bound to. */
export const bindingTable: WordTable<BindingArguments> = {
  'other-format': bindingEntry('plan format'),
  'other-version': bindingEntry('connectorctl version'),
  'other-workspace': bindingEntry('workspace'),
  'other-environment': bindingEntry('environment'),
  'other-platform': bindingEntry('platform'),
  'other-account': bindingEntry('account'),
  'other-commit': bindingEntry('commit'),
  'other-digest': {
    help: 'The digest in the plan file is not that of its changes: the file was altered.',
    say: ({ reviewed = 'unknown', current = 'unknown' }) =>
      `The file was altered: its digest is ${shortDigest(reviewed)}, and its changes give ${shortDigest(current)}.`,
  },
  'other-count': {
    help: 'The counts in the plan file are not those of its changes: the file was altered.',
    say: ({ action, reviewed = 'unknown', current = 'unknown' }) =>
      `The file was altered: its count of \`${action}\` is ${reviewed}, and it has ${current} such changes.`,
  },
  'other-content': {
    help: 'The plan file shows something beside its changes that a plan would not show now.',
    say: ({ member, reviewed, current }) =>
      `Its \`${member}\` is ${sayMember(reviewed)}; a plan would say ${sayMember(current)} now.`,
  },
};

function sayMember(text: string | undefined): string {
  if (text === undefined) return 'not there';
  return text.length > longestValue ? `${text.slice(0, longestValue)}…` : text;
}

function bindingEntry(what: string) {
  return {
    help: `The reviewed plan was made for another ${what}.`,
    say: ({ reviewed = 'unknown', current = 'unknown' }: Pick<BindingFault, 'reviewed' | 'current'>) =>
      `The plan was made for ${what} ${reviewed}, not ${current}.`,
  };
}

/** The words for everything that is no duplicate. */
export const duplicateTable: WordTable<DuplicateArguments> = {
  'not-there': {
    help: 'No instance has the id.',
    say: ({ id }) => `There is no instance ${id}.`,
  },
  'ambiguous-owner': {
    help: 'The tags of the instance contradict each other.',
    say: ({ id }) => `The tags of instance ${id} name no single owner.`,
  },
  'other-workspace': {
    help: 'The instance belongs to another workspace, or to none.',
    say: ({ id, workspace }) => `Instance ${id} does not belong to the workspace ${workspace}.`,
  },
  'other-environment': {
    help: 'The instance belongs to another environment of the workspace.',
    say: ({ id, environment }) => `Instance ${id} does not belong to the environment ${environment}.`,
  },
  'without-key': {
    help: 'The instance carries the tag of the environment and no key.',
    say: ({ id }) => `Instance ${id} has no key.`,
  },
  'only-one': {
    help: 'No other instance carries the key.',
    say: ({ id, key }) => `Instance ${id} is the only one with the key ${key}.`,
  },
  'none-stays': {
    help: 'All instances that carry the key were named.',
    say: ({ instances, key }) => `${nameInstances(instances)} are all that have the key ${key}; one has to stay.`,
  },
  protected: {
    help: 'The instance is protected.',
    say: ({ id }) => `Instance ${id} is kept. ${keptWords.protected}`,
  },
  'protection-unknown': {
    help: 'It is not known whether the instance is protected.',
    say: ({ id }) => `Instance ${id} is kept. ${keptWords['protection-unknown']}`,
  },
};

const tasks: Readonly<Record<Action, string>> = {
  conflict: 'stop as a conflict',
  blocked: 'be blocked by a secret that is not set',
  delete: 'be deleted',
  replace: 'be replaced',
  create: 'be created',
  authorize: 'wait for a person',
  reauthorize: 'be logged in again',
  adopt: 'be adopted',
  move: 'be moved',
  update: 'be updated',
  remember: 'be remembered anew',
  orphan: 'be left as an orphan',
  unchanged: 'stay as it is',
};

/** More differences than this are counted instead of named. */
const mostNamed = 3;

/** The words for every difference from what was reviewed. */
export const differenceTable: WordTable<DifferenceArguments> = {
  'not-reviewed': {
    help: 'The reviewed plan does not contain the change.',
    say: ({ action }) => `It would ${tasks[action]}, which was not reviewed.`,
  },
  'nothing-to-do': {
    help: 'The reviewed change is no longer needed.',
    say: ({ action }) => `It was to ${tasks[action]}, and there is nothing to do for it now.`,
  },
  'other-action': {
    help: 'The action differs from the reviewed one.',
    say: ({ reviewed, current, reason }) =>
      `It was to ${tasks[reviewed]}, and would ${tasks[current]} now${reason === undefined ? '.' : `: ${sayReason(reason)}`}`,
  },
  'hidden-value': {
    help: 'A value that plans do not show is not the one that was reviewed.',
    say: () => 'A value that the plan does not show is not the one that was reviewed.',
  },
  'not-kept': {
    help: 'The change is not the reviewed one, and the record of the review had no room for its values.',
    say: () => 'It is not as it was reviewed. The record of the review had no room to say what differs.',
  },
  changed: {
    help: 'Parts of the change differ from what was reviewed.',
    say: ({ details }) => {
      const rest = details.length > mostNamed ? [`${details.length - mostNamed} more`] : [];
      return `Since the review: ${[...details.slice(0, mostNamed).map(sayDetail), ...rest].join('; ')}.`;
    },
  },
};

function sayDetail<C extends keyof DetailArguments>(detail: DifferenceDetail<C>): string {
  return detailWords[detail.code](detail);
}

const detailWords: { readonly [C in keyof DetailArguments]: (detail: DifferenceDetail<C>) => string } = {
  id: (sides) => saySides('the instance is', sides),
  connector: (sides) => saySides('the connector is', sides),
  name: (sides) => saySides('the name is', sides),
  'previous-key': (sides) => saySides('the former key is', sides),
  'previous-environment': (sides) => saySides('the former environment is', sides),
  refusal: ({ isRefused }) => (isRefused ? 'it would be refused now' : 'it would no longer be refused'),
  'field-added': ({ field }) => `${nameField(field)} was added`,
  'field-gone': ({ field }) => `${nameField(field)} no longer differs`,
  'secret-changed': ({ field }) => `the secret ${nameField(field)} changes in another way`,
  'live-value': ({ field, ...sides }) => saySides(`${nameField(field)} on the platform is`, sides),
  'wanted-value': ({ field, ...sides }) => saySides(`${nameField(field)} in the definition is`, sides),
  cause: ({ field, reviewed, current }) => `the cause of ${nameField(field)} is ${current}, not ${reviewed}`,
  source: (sides) => saySides('the definition is at', sides),
  line: ({ field, ...sides }) => saySides(`the line of ${nameField(field)} is`, sides),
  meaning: ({ field }) => `the meaning of ${nameField(field)} is another one`,
  remark: ({ kind, remark, isNew }) => `the ${kind} ${remark} ${isNew ? 'is new' : 'is no longer there'}`,
  shown: () => 'the plan shows something else than it would show now',
};

/** A longer value is not quoted: it would hide what the sentence is about. */
const longestValue = 60;

function saySides(what: string, { reviewed, current }: Pick<DifferenceDetail<'id'>, 'reviewed' | 'current'>): string {
  const [before, now] = [sayValue(reviewed), sayValue(current)];
  if (before.length > longestValue || now.length > longestValue) return `${what} a different one`;
  return `${what} ${now}, not ${before}`;
}

function sayValue(value: Json | undefined): string {
  return value === undefined ? 'not known' : canonicalJson(value);
}
