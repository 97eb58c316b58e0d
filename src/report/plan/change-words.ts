import { joinWords } from '../../model/join-words.ts';
import type { Change, FieldChange } from '../../model/plan.ts';
import type {
  FieldMeaning,
  MeaningArguments,
  Note,
  NoteArguments,
  Origin,
  Risk,
  RiskArguments,
} from '../../model/plan-codes.ts';
import { sayDisputed } from './reason-words.ts';
import { type CommandContext, completeHint } from '../next-step.ts';
import { nameInstances, type WordTable } from './word-table.ts';

/** A note on a change, in full sentences, with the command that it ends with. */
export function describeNote(note: Note, change: Pick<Change, 'key'>, commands: CommandContext): string {
  const command = commandOfNote(note, commands);
  const next = command === undefined ? '' : ` \`${command}\` removes what is left.`;
  return `${sayNote(note, change)}${next}`;
}

/** A note on a change, without its command. */
export function sayNote<C extends keyof NoteArguments>(note: Note<C>, change: Pick<Change, 'key'>): string {
  return noteTable[note.code].say(note, change);
}

/** The next step of a note, its command alone on its line. Apart from its sentences: those hold words of the platform, which give no commands. */
export function nextOfNote(note: Note, commands: CommandContext): string | undefined {
  const command = commandOfNote(note, commands);
  return command === undefined ? undefined : `Remove what is left:\n${command}`;
}

function commandOfNote({ code }: Note, commands: CommandContext): string | undefined {
  return code === 'subscription-left' ? completeHint('connectorctl apply --prune-subscriptions', commands) : undefined;
}

/** A danger of a change, in full sentences. */
export function describeRisk<C extends keyof RiskArguments>(risk: Risk<C>, change: Pick<Change, 'action'>): string {
  return riskTable[risk.code].say(risk, change);
}

/** What a change of a field means, in a few words; undefined where nothing is known about that. */
export function describeMeaning({ meaning, cause }: FieldChange): string | undefined {
  if (meaning === undefined) return undefined;
  const words = sayMeaning(meaning);
  const isDefault = cause === 'removed' && meaning.code !== 'default' && meaning.code !== 'unknown-default';
  return isDefault ? `${words} (default)` : words;
}

function sayMeaning<C extends keyof MeaningArguments>(meaning: FieldMeaning<C>): string {
  return meaningTable[meaning.code].say(meaning, undefined);
}

/** The words for every note. */
export const noteTable: WordTable<NoteArguments, Pick<Change, 'key'>> = {
  disabled: {
    help: 'The instance is disabled on the platform, and the definition does not set `enabled`.',
    say: () =>
      'The instance is disabled on the platform and stays disabled. The platform does that itself after five failed token refreshes. Once its login works again, `enabled: true` switches it on; where a person logs in, `authorize` does both.',
  },
  invalid: {
    help: "The platform's own check of the instance failed.",
    say: () => "The platform's own check of this instance failed: its credentials may not work.",
  },
  'polling-stopped': {
    help: 'The platform switched the polling job of the instance off, after too many failures in a row.',
    say: () =>
      'The platform switched the polling job of this instance off after too many failures in a row: no events come, although the instance is enabled. Find out why polling fails, and switch the job on again in the console.',
  },
  'subscription-inactive': {
    help: 'The platform gave up sending the events of the instance: its subscription is inactive.',
    say: ({ subscriptions }) =>
      `The platform gave up sending the events of this instance: its callback did not answer with success for too long, so ${nameSubscriptions(subscriptions)} inactive. Once the callback answers, ask for redelivery: PUT /notifications/subscriptions/deliveries.`,
  },
  'subscription-left': {
    help: 'A former callback of the instance is still subscribed, and gets each event too.',
    say: ({ subscriptions }) =>
      `A former callback is still subscribed and gets each event too: ${nameSubscriptions(subscriptions)} left.`,
  },
  'ping-failed': {
    help: 'The provider did not answer a ping through the instance.',
    say: ({ answer, requestId }) =>
      `The provider did not answer through this instance: ${answer}.${requestId === null ? '' : ` Request ${requestId}.`} Its credentials may have been revoked or may have expired.`,
  },
  gone: {
    help: 'A definition has no live instance: it was deleted, it lost its tags, or it was never applied.',
    say: () =>
      'No live instance belongs to this definition: it was deleted on the platform, lost its tags, or was never applied.',
  },
  'not-adopted': {
    help: 'The instance that a definition adopts has no tags of connectorctl: it lost them, or it was never adopted.',
    say: () =>
      'This instance has no tags of connectorctl: they were removed on the platform, or it was never adopted. What else changed cannot be told. The next apply adopts it.',
  },
  'not-comparable': {
    help: 'The platform does not show values of the definition, and what was last applied is not recorded.',
    say: ({ fields }) => sayHidden(fields),
  },
  'no-memory': {
    help: 'The tags that record what was last applied are gone.',
    say: ({ fields }) => `The tags that record what was last applied are gone, ${lost}${sayHidden(fields, ' ')}`,
  },
  'memory-damaged': {
    help: 'The tags that record what was last applied are damaged.',
    say: ({ fields }) => `The tags that record what was last applied are damaged, ${lost}${sayHidden(fields, ' ')}`,
  },
  'fingerprint-key-changed': {
    help: 'What was last applied was recorded with another fingerprint key.',
    say: ({ fields, removed }) =>
      `What was last applied was recorded with another fingerprint key, ${lost}${sayHidden(fields, ' ')}${sayRemoved(removed)}`,
  },
  'removed-key-left': {
    help: 'Keys were removed from the definition and keep their value, because the catalogue has no default.',
    say: ({ keys }) =>
      `${joinWords(keys, 'and')} ${keys.length === 1 ? 'was' : 'were'} removed from the definition. The catalogue knows no default, so the platform keeps what was last applied.`,
  },
  'removed-key-unnamed': {
    help: 'Keys were removed from the definition that neither the platform nor the catalogue lists.',
    say: ({ count }) =>
      `${count === 1 ? '1 key was' : `${count} keys were`} removed from the definition. Neither the platform nor the catalogue names ${count === 1 ? 'it' : 'them'}, so the platform keeps what was last applied.`,
  },
  'undeclared-address': {
    help: 'A key that the definition does not declare leads elsewhere than the connector does by default.',
    say: ({ keys }) =>
      `${joinWords(keys, 'and')} ${keys.length === 1 ? 'leads' : 'lead'} elsewhere than the connector does by default, and the definition does not declare ${keys.length === 1 ? 'it' : 'them'}: secrets of this instance go there. Declare what is right, or set it back on the platform.`,
  },
  'adopt-ignored': {
    help: '`adopt:` names a different instance than the one that the definition already has.',
    say: ({ adopt, id }, { key }) => `\`adopt: ${adopt}\` has no effect: instance ${id} already belongs to ${key}.`,
  },
  'same-name-elsewhere': {
    help: 'Instances of other workspaces have the connector and the name of a new definition.',
    say: ({ instances, workspaces }) =>
      `${nameInstances(instances)} of the ${workspaces.length === 1 ? 'workspace' : 'workspaces'} ${joinWords(workspaces, 'and')} ${instances.length === 1 ? 'has' : 'have'} the same connector and name.`,
  },
  'same-name-other-environment': {
    help: 'Instances of other environments of the workspace have the connector and the name of a new definition.',
    say: ({ instances, environments }) =>
      `${nameInstances(instances)} of the ${environments.length === 1 ? 'environment' : 'environments'} ${joinWords(environments, 'and')} ${instances.length === 1 ? 'has' : 'have'} the same connector and name.`,
  },
  'secret-used-elsewhere': {
    help: 'A new instance sends a secret that other instances send to another address.',
    say: ({ key, definitions, more, environments }) =>
      `The secret of ${key} is used by ${nameSharers(definitions, more)}${nameEnvironments(environments)} too, and goes from here to an address that is not declared there.`,
  },
  'environment-gone': {
    help: 'An instance belongs to an environment of this workspace that the workspace file no longer has.',
    say: ({ id, key, environment }) =>
      `Instance ${id}${key === null ? '' : `, key ${key},`} belongs to the environment ${environment} of this workspace, which the workspace file does not have. It is not touched: write \`renamedFrom: ${environment}\` under the new name of that environment, or remove its tags on the platform.`,
  },
  'no-key-tag': {
    help: 'An instance carries the tag of the environment but no key tag.',
    say: ({ id }) =>
      `Instance ${id} has the tag of this environment and no key tag. It is not touched: take it over with \`adopt: ${id}\`, or remove the tag.`,
  },
  'ambiguous-owner': {
    help: 'The tags of an instance name this environment, and not it alone or not with both tags.',
    say: ({ disputed }) => `${sayDisputed(disputed)} It is not touched until that is put right on the platform.`,
  },
  duplicate: {
    help: 'The instance is deleted because it was named as a duplicate.',
    say: ({ key, kept }) =>
      `It was named as a duplicate with the key ${key}. ${nameInstances(kept)} ${kept.length === 1 ? 'has it too and stays' : 'have it too and stay'}.`,
  },
  replaced: {
    help: 'The instance is deleted as the end of a replace that was stopped before it could do so.',
    say: ({ key }) =>
      `A replace of ${key} that you allowed was stopped before it ended: this is the old instance. It is deleted once the new instance of ${key} is there.`,
  },
  'not-known-offline': {
    help: 'What an adoption changes is not known without asking the platform.',
    say: () => 'Which of its values will change when it is taken over is not known without asking the platform.',
  },
  'needs-grant': {
    help: 'A new instance waits for a person while its grant is not set.',
    say: ({ references }) =>
      `It is created with ${joinWords(references, 'and')}, and waits for a person while that is not set.`,
  },
};

const lost = 'so your changes cannot be told apart from drift.';

/** Which values cannot be compared, where there are any, and what follows. */
function sayHidden(fields: readonly string[], lead = ''): string {
  if (fields.length === 0) return '';
  const [it, values] = fields.length > 1 ? ['them', `${fields.length} values`] : ['it', '1 value'];
  const assumed = fields.length > 1 ? 'they are' : 'it is';
  return `${lead}${values} cannot be compared, because the platform does not show ${it}: ${joinWords(fields, 'and')}. Until ${fields.length > 1 ? 'they change' : 'it changes'} in the definition, ${assumed} assumed to be as it says.`;
}

function sayRemoved(removed: number): string {
  if (removed === 0) return '';
  return ` At least ${removed === 1 ? '1 setting' : `${removed} settings`} left the definition since, and cannot be named without the former key.`;
}

/** Definitions by their keys, and how many are not named. */
function nameSharers(definitions: readonly string[], more: number): string {
  return joinWords([...definitions, ...(more > 0 ? [`${more} more`] : [])], 'and');
}

function nameEnvironments(names: readonly string[]): string {
  return names.length === 0
    ? ''
    : ` in the ${names.length === 1 ? 'environment' : 'environments'} ${joinWords(names, 'and')}`;
}

/** The words for every risk. */
export const riskTable: WordTable<RiskArguments, Pick<Change, 'action'>> = {
  'endpoint-changed-secret-kept': {
    help: 'The address to which the platform sends a secret changes, while the secret stays the same.',
    say: ({ key, secrets }) =>
      `${key} changes while ${joinWords(secrets, 'and')} ${secrets.length === 1 ? 'stays' : 'stay'} the same: ${secrets.length === 1 ? 'this secret' : 'these secrets'} will be sent to the new address.`,
  },
  'secret-sent-elsewhere': {
    help: 'A secret that other instances hold is now sent from this one too, to an address that they do not have.',
    say: ({ key, definitions, more, environments }) =>
      `${key} becomes a secret that ${nameSharers(definitions, more)} ${definitions.length + more === 1 ? 'uses' : 'use'}${nameEnvironments(environments)}: it will be sent to an address that is not declared there.`,
  },
  'callback-host-changed': {
    help: 'The platform or the provider will call back to another host.',
    say: ({ key, from, to, secret }) => `${key} points to another host: ${sayHosts({ from, to, secret })}.`,
  },
  'events-switched-off': {
    help: 'The receivers of the instance no longer get any events.',
    say: () => 'The receivers of this instance no longer get any events.',
  },
  'events-switched-on': {
    help: 'Events begin to be sent to the callback URL of the instance, and to start formulas.',
    say: () => 'Its events are sent to its callback URL from now on, and start formulas that listen to it.',
  },
  'signature-key-changed': {
    help: 'Events are signed with another key; receivers that do not know it refuse them.',
    say: () =>
      'The receivers must know the new signature key before this is applied: until then they refuse what it signs, and in the end the platform gives up sending.',
  },
  'signature-key-removed': {
    help: 'Events are no longer signed; receivers that check signatures refuse them.',
    say: () =>
      'Its events are no longer signed: receivers that check signatures refuse them, the others cannot tell who sends.',
  },
  'renamed-for-receivers': {
    help: 'The name of an instance stands in each notification as `instanceName`, and receivers may route by it.',
    say: () => 'Its events carry the new name as instanceName: receivers that route by it must know it.',
  },
  'retagged-for-receivers': {
    help: 'The tags of an instance stand in each notification as `instanceTags`, and receivers may route by them.',
    say: () => 'Its events carry the new tags as instanceTags: receivers that route by them must know them.',
  },
  'identity-will-change': {
    help: 'The id and the token of the instance will be gone.',
    say: (_, { action }) =>
      action === 'delete'
        ? 'The instance, its id and its token are gone for good.'
        : 'The instance gets a new id and a new token; whatever uses the old ones stops working, and its event history is lost.',
  },
};

function sayHosts({ from, to, secret }: Omit<Risk<'callback-host-changed'>, 'code' | 'key'>): string {
  if (secret) return 'the hosts are secret';
  const host = to ?? 'no URL';
  return from === null ? `${host} (the previous one is not shown)` : `${from} → ${host}`;
}

/** The words for every meaning. */
export const meaningTable: WordTable<MeaningArguments> = {
  'poll-interval': {
    help: 'How often the platform polls for events, in minutes.',
    say: ({ from, to }) => `poll every ${sayBoth(from, to)} min`,
  },
  'instance-switched': {
    help: 'The instance is switched on or off.',
    say: ({ from, to }) => `instance ${sayBoth(from === null ? null : onOff(from), onOff(to))}`,
  },
  'events-switched': {
    help: 'Events are switched on or off.',
    say: ({ from, to }) => `events ${sayBoth(from === null ? null : onOff(from), onOff(to))}`,
  },
  'callback-host': {
    help: 'The host to which the platform or the provider calls back.',
    say: ({ from, to }) => `callback host ${sayBoth(from, to)}`,
  },
  'tags-changed': {
    help: 'Tags are added or removed.',
    say: ({ added, removed }) => [...added.map((tag) => `+${tag}`), ...removed.map((tag) => `-${tag}`)].join(' '),
  },
  default: {
    help: 'The key was removed from the definition and returns to the default of the connector.',
    say: () => 'back to the default of the connector',
  },
  'unknown-default': {
    help: 'The key was removed from the definition; without the catalogue, its default is not known.',
    say: () => 'back to the default of the connector, where it has one',
  },
  'sent-again': {
    help: 'The value is sent again because that was asked for.',
    say: () => 'sent again, as the current value is not shown',
  },
  'new-reference': {
    help: 'A hidden value is new.',
    say: ({ to }) => `new: ${sayOrigin(to)}`,
  },
  'other-reference': {
    help: 'A hidden value comes from another reference.',
    say: ({ from, to }) => `${sayOrigin(from)} → ${sayOrigin(to)}`,
  },
  'text-around-reference': {
    help: 'The text around a reference to a hidden value changes.',
    say: ({ to }) => `the text around ${sayOrigin(to)} changes`,
  },
  'other-literal': {
    help: 'A hidden value that is written in the definition itself changes.',
    say: () => 'another literal value',
  },
};

function sayOrigin(origin: Origin): string {
  switch (origin.code) {
    case 'reference':
      return origin.name;
    case 'literal':
      return 'a literal value';
    case 'empty':
      return 'an empty value';
    default:
      return origin satisfies never;
  }
}

function onOff(value: string): string {
  if (value === 'true') return 'on';
  return value === 'false' || value === '' ? 'off' : value;
}

function sayBoth(from: string | null, to: string): string {
  return from === null ? to : `${from} → ${to}`;
}

function nameSubscriptions(ids: readonly string[]): string {
  return ids.length === 1 ? `subscription ${ids.join('')} is` : `subscriptions ${joinWords(ids, 'and')} are`;
}
