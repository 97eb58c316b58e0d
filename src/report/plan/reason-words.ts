import { joinWords } from '../../model/join-words.ts';
import type { Change } from '../../model/plan.ts';
import type { DisputedInstance, Reason, ReasonArguments } from '../../model/plan-codes.ts';
import { quoteWord } from '../../model/shell-word.ts';
import { type CommandContext, completeHint } from '../next-step.ts';
import { nameInstances, type WordTable } from './word-table.ts';
import { secretVariable } from '../../model/own-variables.ts';

/** What a next step depends on besides the reason. */
interface About {
  readonly key: string;
  /** Id of the instance that the reason is about. */
  readonly id: string;
}

type ReasonTable = {
  readonly [C in keyof ReasonArguments]: WordTable<ReasonArguments>[C] & {
    /** What a person does about it. A command to copy stands alone on its line. */
    readonly next: (reason: Reason<C>, about: About) => string;
  };
};

/** Why a change waits or stops, in full sentences; undefined where it does neither. */
export function describeReason({ reason }: Pick<Change, 'reason'>): string | undefined {
  return reason === undefined ? undefined : sayReason(reason);
}

/** A reason in full sentences. */
export function sayReason<C extends keyof ReasonArguments>(reason: Reason<C>): string {
  return reasonTable[reason.code].say(reason, undefined);
}

/** The next step for a person; undefined where a change neither waits nor stops. */
export function describeNextStep(
  { key, id = 'ID', reason }: Pick<Change, 'key' | 'id' | 'reason'>,
  commands: CommandContext,
): string | undefined {
  return reason === undefined ? undefined : completeHint(sayNext(reason, { key, id }), commands);
}

function sayNext<C extends keyof ReasonArguments>(reason: Reason<C>, about: About): string {
  return reasonTable[reason.code].next(reason, about);
}

/** That the tags of an instance contradict each other, with the tags themselves. */
export function sayDisputed({ id, tags, missing }: DisputedInstance): string {
  if (missing !== undefined) {
    return `Instance ${id} has the tag ${joinWords(tags, 'and')} without ${quoteWord(missing)}, so that it belongs to nobody.`;
  }
  return `The tags of instance ${id} name no single owner: ${joinWords(tags, 'and')}.`;
}

/** Why an instance is never deleted. */
export const keptWords = {
  protected: 'It is protected, so it is never deleted.',
  'protection-unknown': 'What its tags remember cannot be read, so it may be protected, and it is not deleted.',
} as const;

/** The words for every reason, in the order in which a definition is matched. */
export const reasonTable: ReasonTable = {
  'same-key': {
    help: 'Several instances carry the key of one definition.',
    say: ({ instances, key }) => `${nameInstances(instances)} all have the key ${key}.`,
    next: sayWhichStays,
  },
  'ambiguous-owner': {
    help: 'The key of the definition is on an instance whose tags name other owners too.',
    say: ({ disputed, instances, key }) =>
      [...disputed.map(sayDisputed), ...instances.map((id) => `Instance ${id} has the key ${key} too.`)].join(' '),
    next: ({ expected }) =>
      `Remove the wrong tags on the platform. What belongs to this definition has the tags ${joinWords(expected.map(code), 'and')}, and no others of that kind.`,
  },
  'ambiguous-move': {
    help: 'Instances lost their definition, and more than one new definition could be theirs.',
    say: ({ instances, keys }) =>
      `${nameInstances(instances)} ${instances.length === 1 ? 'has' : 'have'} lost ${instances.length === 1 ? 'its' : 'their'} definition, and more than one pairing with ${joinWords(keys, 'and')} is possible.`,
    next: () => 'Say which one is meant with `adopt: ID`, or give the definition another name.',
  },
  'unclear-rename': {
    help: 'Definitions seem to have been renamed, and the key tags and the names of the instances point to different connections.',
    say: ({ key, holder, instances }) =>
      holder === null
        ? `${nameInstances(instances)} ${instances.length === 1 ? 'has' : 'have'} the connector and the name of ${key}, and the key of another definition. Which connection ${key} means is not certain.`
        : instances.length === 1 && instances[0] === holder
          ? `Instance ${holder} has the key ${key}, and the connector and the name of another definition.`
          : `Instance ${holder} has the key ${key}, and ${lower(nameInstances(instances))} ${instances.length === 1 ? 'has' : 'have'} its connector and name. No settings are moved from one connection to another.`,
    next: ({ key, holder }) => {
      const giveName = `ive the file of ${quoteWord(key)} a name that no instance has as its key: then it is moved by connector and name. Or undo the renames, apply, and rename again in smaller steps.`;
      return holder === null
        ? `G${giveName}`
        : `If only names changed, and ${quoteWord(key)} is still instance ${holder}, say so in the definition with \`adopt: ${holder}\`. If files were renamed, g${giveName}`;
    },
  },
  'unclear-twins': {
    help: 'Several connections have one connector and name, and their definitions seem to have traded places.',
    say: ({ key, holder, instances }) =>
      `Instance ${holder} has the key ${key}, and ${lower(nameInstances(instances))} with the same connector and name ${instances.length === 1 ? 'has' : 'have'} the settings that ${key} asks for. No settings are moved from one connection to another.`,
    next: () =>
      'If the files were renamed, undo that. If the settings are meant to change, change one definition, apply, and then the other.',
  },
  'memory-of-other': {
    help: 'The tags of an instance say what was last applied to another instance: they were copied or moved.',
    say: ({ key, id, other }) =>
      `Instance ${id} carries the key ${key}, but what its tags remember was written for ${other === null ? 'an instance with another id' : `instance ${other}`}. Tags that were moved would send the secrets of ${key} to a connection that nobody chose.`,
    next: ({ id, other }) =>
      other === null
        ? `Find out on the platform who moved the tags. If instance ${id} is the right one, say so in the definition with \`adopt: ${id}\`.`
        : `Put the tags back on instance ${other} on the platform. If instance ${id} is the right one, say so in the definition with \`adopt: ${id}\`.`,
  },
  'same-name': {
    help: 'Instances that belong to no definition have the connector and the name of a new one.',
    say: ({ instances }) =>
      instances.length === 1
        ? `${nameInstances(instances)} already has this connector and name, and belongs to no definition.`
        : `${nameInstances(instances)} already have this connector and name, and belong to no definition.`,
    next: ({ instances }) =>
      `Take it over with \`adopt: ${instances[0] ?? 'ID'}\`, or give the definition another name.`,
  },
  'same-name-ambiguous-owner': {
    help: 'Instances whose tags name no single owner have the connector and the name of a new definition.',
    say: ({ disputed }) =>
      disputed.map((one) => `Instance ${one.id} already has this connector and name. ${sayDisputed(one)}`).join(' '),
    next: () => 'Remove the wrong tags on the platform, or give the definition another name.',
  },
  'reference-unset': {
    help: 'References of the definition are not set, so it is not compared and nothing is sent for it.',
    say: ({ references }) =>
      `${joinWords(
        references.map((one) => `${one.kind}.${one.name} (${one.file}:${one.line}:${one.column})`),
        'and',
      )} ${references.length === 1 ? 'is' : 'are'} not set, so it is not compared, and nothing is sent for it.`,
    next: ({ references }, { key }) =>
      `${joinWords(sayToSet(references), 'and')}. Then apply it:\nconnectorctl apply --only ${quoteWord(key)}`,
  },
  'unknown-connector': {
    help: 'The platform does not have the connector of a new instance, so nothing is sent for it.',
    say: ({ connector }) =>
      `The platform has no connector ${quoteWord(connector)}, or these credentials may not see it, so no instance of it can be made.`,
    next: ({ nearest }) =>
      nearest === null
        ? 'Correct `connector` in the definition. See those that are known with:\nconnectorctl explain --list'
        : `Did you mean ${quoteWord(nearest)}? Correct \`connector\` in the definition.`,
  },
  'adopt-not-found': {
    help: 'No instance has the id that `adopt:` names.',
    say: ({ id }) => `adopt: no instance has the id ${id}, or these credentials cannot see it.`,
    next: () => 'Correct the id in `adopt:`, or remove `adopt:` to create a new instance.',
  },
  'adopt-asked-twice': {
    help: 'Several definitions name one instance in `adopt:`.',
    say: ({ id, keys }) => `adopt: ${joinWords(keys, 'and')} ask for the same instance ${id}.`,
    next: () => 'Keep `adopt:` in only one of them.',
  },
  'adopt-other-connector': {
    help: 'The instance that `adopt:` names has another connector.',
    say: ({ id, connector, wanted }) => `adopt: instance ${id} has the connector ${connector}, not ${wanted}.`,
    next: () => 'Correct the id, or the connector.',
  },
  'adopt-ambiguous-owner': {
    help: 'The tags of the instance that `adopt:` names contradict each other.',
    say: ({ disputed }) => `adopt: ${sayDisputed(disputed)}`,
    next: () => 'Remove the wrong tags on the platform. An instance without any of them can be adopted.',
  },
  'adopt-other-workspace': {
    help: 'The instance that `adopt:` names belongs to another workspace.',
    say: ({ id, workspace }) => `adopt: instance ${id} belongs to the workspace ${workspace}.`,
    next: () => 'Instances of another workspace are never touched. Release it there first.',
  },
  'adopt-other-environment': {
    help: 'The instance that `adopt:` names belongs to another environment of the workspace.',
    say: ({ id, environment }) => `adopt: instance ${id} belongs to the environment ${environment}.`,
    next: ({ environment }) =>
      `What another environment owns is never touched. If ${quoteWord(environment)} is the former name of this one, write \`renamedFrom: ${environment}\` in the workspace file. Otherwise release it there first.`,
  },
  'environment-gone': {
    help: 'The instance of a definition belongs to an environment of this workspace that the workspace file no longer has.',
    say: ({ instances, environments }) =>
      `${nameInstances(instances)} of this workspace ${instances.length === 1 ? 'belongs' : 'belong'} to ${environments.length === 1 ? 'the environment' : 'the environments'} ${joinWords(environments, 'and')}, which the workspace file does not have. Nothing is created beside ${instances.length === 1 ? 'it' : 'them'}.`,
    next: ({ environments }) =>
      `If ${quoteWord(environments[0] ?? 'OLD')} is the former name of this environment, write \`renamedFrom: ${environments[0] ?? 'OLD'}\` under its name in the workspace file. Otherwise remove the tags of connectorctl from what nobody needs, on the platform.`,
  },
  'adopt-managed': {
    help: 'The instance that `adopt:` names belongs to another definition.',
    say: ({ id, key }) => `adopt: instance ${id} already belongs to ${key}.`,
    next: () => 'Remove `adopt:`, or remove the other definition.',
  },
  'grant-missing': {
    help: 'The instance is new and needs a grant that only a person can give.',
    say: ({ references }) => sayMissing(references),
    next: ({ references, needsConsent = false }, { key }) => {
      const apply = `connectorctl apply --only ${quoteWord(key)}`;
      if (!needsConsent)
        return `Log in at the provider and give consent. Set ${joinWords(references.map(toVariable), 'and')} to what comes back, which works once and only for a few minutes, and then run:\n${apply}`;
      if (references.length === 0) return sayConsent(key);
      return `${consent}. Set ${joinWords(references.map(toVariable), 'and')} to what comes back and apply within minutes, or let the first of these ask, take the answer, and create the instance:\n${authorizeCommand(key)}\n${apply}`;
    },
  },
  'login-gone': {
    help: 'The login of the instance is gone, and only a person can give it again.',
    say: ({ why }) =>
      `${goneWords[why]} A person has to log in at the provider again; id and token of the instance stay.`,
    next: ({ references, hasGrant }, { key }) => {
      const resend = `connectorctl apply --only ${quoteWord(key)} --resend ${quoteWord(key)}`;
      if (references.length > 0)
        return `${consent}; or set ${joinWords(references.map(toVariable), 'and')} to a code that is fresh and unused, and send it:\n${authorizeCommand(key)}\n${resend}`;
      return hasGrant
        ? `${consent}; or, if the code in \`providerData\` is fresh and unused, send it:\n${authorizeCommand(key)}\n${resend}`
        : sayConsent(key);
    },
  },
  'replace-protected': {
    help: 'Another connector requires another instance, and the definition is protected.',
    say: ({ from, to }) => `${sayReplace(from, to)} The definition is protected.`,
    next: () => 'Remove `protect: true` first, or change the connector back.',
  },
  'replace-not-allowed': {
    help: 'Another connector makes another instance, and that was not asked for.',
    say: ({ from, to }) => `${sayReplace(from, to)} That is refused unless you ask for it.`,
    next: () => 'Change the connector back, or allow it with --allow-replace.',
  },
  'replace-grant-missing': {
    help: 'Another connector requires another instance, which needs a grant that only a person can give.',
    say: ({ from, to, references }) => `${sayReplace(from, to)} ${sayMissing(references)}`,
    next: (_, { key }) => `${consent}, which replaces the old instance:\n${authorizeCommand(key)} --allow-replace`,
  },
  'prune-off': {
    help: 'The definition of the instance is gone, and prune is off.',
    say: ({ leftOverFrom, onlyIn }) => `${sayOrigin(leftOverFrom, onlyIn)} It is kept because prune is off.`,
    next: ({ leftOverFrom, onlyIn, creates = [] }, { id }) => {
      const restore = onlyIn === undefined ? 'Restore the definition' : 'Add this environment to its `environments`';
      const prune = `${leftOverFrom === null ? `${restore}, or delete` : 'Delete'} the instance with --prune.`;
      if (creates.length === 0) return prune;
      return `${prune} If ${joinWords(creates, 'and')} ${creates.length === 1 ? 'is' : 'has'} its definition under a new name, write \`adopt: ${id}\` there, and the instance is moved.`;
    },
  },
  'prune-empty': {
    help: 'The environment has no definition at all, so that prune deletes nothing: that is more often a mistake.',
    say: ({ leftOverFrom, onlyIn }) =>
      `${sayOrigin(leftOverFrom, onlyIn)} It is kept although prune is on, because the environment has no definition at all.`,
    next: ({ onlyIn }) =>
      `${onlyIn === undefined ? 'Restore the definition' : 'Add this environment to its `environments`'}. If the last instances are to go too, delete them on the platform.`,
  },
  'orphan-wanted': {
    help: 'The definition of the instance is gone, and a definition in conflict, or one that is blocked, may refer to it.',
    say: ({ leftOverFrom, wantedBy }) =>
      `${sayOrigin(leftOverFrom)} It may be the instance of ${joinWords(wantedBy, 'and')}, so it is not deleted.`,
    next: ({ wantedBy }) => `Resolve what stops ${joinWords(wantedBy, 'and')} first.`,
  },
  'orphan-name-planned': {
    help: 'The definition is gone, and the plan creates an instance with the connector and name of another one that is live.',
    say: ({ leftOverFrom, creates }) =>
      `${sayOrigin(leftOverFrom)} It is not deleted while ${joinWords(creates, 'and')} would be created with the connector and name of a live instance.`,
    next: () => 'Apply without it first. If the next plan still wants to delete it, it is safe to do so.',
  },
  'orphan-same-key': {
    help: 'The definition is gone, and several instances carry its key.',
    say: ({ leftOverFrom, instances }) => `${sayOrigin(leftOverFrom)} ${saySameKey(instances)}`,
    next: sayWhichStays,
  },
  'orphan-ambiguous-owner': {
    help: 'The definition is gone, and its key is also on an instance whose tags name other owners too.',
    say: ({ leftOverFrom, instances }) => `${sayOrigin(leftOverFrom)} ${saySameKey(instances)}`,
    next: () => 'Remove the connectorctl tags from those that are not meant.',
  },
  'successor-missing': {
    help: 'A replace was stopped: the old instance is kept until the new one exists.',
    say: ({ leftOverFrom, successor }) =>
      `${sayOrigin(leftOverFrom)} The new instance of ${successor} does not exist yet, so the old one is not deleted.`,
    next: ({ successor }) => `Apply ${successor} first.`,
  },
  protected: {
    help: 'The definition of the instance is gone, and the instance is protected.',
    say: ({ leftOverFrom }) => `${sayOrigin(leftOverFrom)} ${keptWords.protected}`,
    next: () => 'Restore the definition with `protect: false` and apply; then remove it.',
  },
  'protection-unknown': {
    help: 'The definition of the instance is gone, and it is not known whether the instance is protected.',
    say: ({ leftOverFrom }) => `${sayOrigin(leftOverFrom)} ${keptWords['protection-unknown']}`,
    next: (_, { key }) =>
      `Restore the definition and apply it, which writes the tags again; then remove it.\nconnectorctl apply --only ${quoteWord(key)}`,
  },
};

/** Where each missing value is set, as the beginning of a sentence. */
function sayToSet(references: Reason<'reference-unset'>['references']): readonly string[] {
  const names = (kind: 'secrets' | 'vars') => [
    ...new Set(references.filter((one) => one.kind === kind).map(({ name }) => name)),
  ];
  const [secrets, vars] = [names('secrets').map(secretVariable), names('vars')];
  return [
    ...(secrets.length === 0 ? [] : [`Set ${joinWords(secrets, 'and')} where connectorctl runs`]),
    ...(vars.length === 0
      ? []
      : [
          `${secrets.length === 0 ? 'Add' : 'add'} ${joinWords(vars, 'and')} to the vars of the environment in the workspace file`,
        ]),
  ];
}

/** `secrets.CODE` as what has to be set: `CONNECTORCTL_SECRET_CODE`. */
function toVariable(reference: string): string {
  return reference.startsWith('vars.') ? reference : secretVariable(reference.replace(/^secrets\./, ''));
}

function sayOrigin(leftOverFrom: string | null, onlyIn?: readonly string[]): string {
  if (onlyIn !== undefined) return `Its definition is for ${joinWords(onlyIn, 'and')} only.`;
  return leftOverFrom === null ? 'No definition has its key.' : `It is left over from a replace of ${leftOverFrom}.`;
}

function saySameKey(instances: readonly string[]): string {
  return `${nameInstances(instances)} have the same key, so none of them is deleted.`;
}

function sayReplace(from: string, to: string): string {
  return `The connector changes from ${from} to ${to}, which requires a new instance.`;
}

const goneWords: Readonly<Record<Reason<'login-gone'>['why'], string>> = {
  disabled: 'The platform holds the instance as disabled, as it does after five failed token refreshes.',
  invalid: "The platform's own check of the instance failed.",
  'ping-failed': 'The provider does not accept the login of the instance any more.',
};

function authorizeCommand(key: string): string {
  return `connectorctl authorize ${quoteWord(key)}`;
}

const consent = 'Log in at the provider and give consent';

function sayConsent(key: string): string {
  return `${consent}:\n${authorizeCommand(key)}`;
}

/** Names the references, never their values. */
function sayMissing(references: readonly string[]): string {
  if (references.length === 0) return 'It needs a grant that only a person can give, by consent at the provider.';
  return `It needs a grant that only a person can give: ${joinWords(references, 'and')} ${references.length === 1 ? 'is' : 'are'} not set.`;
}

/** Where several instances carry one key: a command for each that may stay. */
function sayWhichStays({ instances, mayStay }: Pick<Reason<'same-key'>, 'instances' | 'mayStay'>): string {
  if (mayStay.length === 0) {
    return 'They are protected, or may be, so none of them is deleted. Find out which one is in use, and delete the others on the platform or remove their connectorctl tags.';
  }
  const commands = mayStay.map((kept) => {
    const others = instances.filter((id) => id !== kept);
    return `connectorctl apply --delete-duplicate ${others.map(quoteWord).join(' ')}`;
  });
  const others = instances.length === 2 ? 'the other one' : 'the others';
  return [`Find out which one is in use, and have ${others} deleted:`, ...commands].join('\n');
}

function lower(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}

function code(text: string): string {
  return `\`${text}\``;
}
