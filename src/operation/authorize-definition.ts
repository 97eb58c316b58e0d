import { findApp, type FoundApp } from '../consent/app.ts';
import { findConsentKind } from '../consent/grant.ts';
import type { ConsentPlace } from '../consent/state.ts';
import type { Connector } from '../model/connector.ts';
import type { ConsentKind } from '../model/consent.ts';
import type { DesiredInstance } from '../model/desired.ts';
import { Secret } from '../model/secret.ts';
import { UserError } from '../model/user-error.ts';
import type { OperationPorts } from './operation-ports.ts';
import type { BeforeReading } from './plan.ts';

/** A definition that a person can consent for, with all that the question is made of. */
export interface AskingDefinition {
  readonly desired: DesiredInstance;
  readonly kind: ConsentKind;
  readonly app: Extract<FoundApp, { ok: true }>['app'];
  /** Where the provider sends the person back to; undefined where that is a secret. */
  readonly callback: string | undefined;
  /** What an answer is bound to. */
  readonly place: ConsentPlace;
}

/**
 * What a definition has to ask a person, or why it cannot: a UserError of kind `invalid`. The platform says how its connector authenticates, and where it does not,
 * what is known without it.
 */
export async function openAsking(
  desired: DesiredInstance,
  { connection, source, ours }: Pick<BeforeReading, 'connection' | 'source' | 'ours'>,
  { words }: Pick<OperationPorts, 'words'>,
): Promise<AskingDefinition> {
  const { key, connector: name } = desired;
  if (desired.unset !== undefined) throw unset(desired);
  await connection.facts.load([name]);
  const { known } = await source.readAll([name]);
  const connector = known.get(name) ?? connection.facts.find(name);
  const kind = findConsentKind(desired, connector);
  if (kind === undefined) throw needsNobody(desired, connector, words);
  const found = findApp(desired, connector);
  if (!found.ok) throw incomplete(desired, found.missing);
  const { app } = found;
  const { signer, host } = connection.consent;
  const settings = signer.settings(name, kind, app);
  const { workspace, environment } = ours;
  return {
    desired,
    kind,
    app,
    callback: app.callbackUrl instanceof Secret ? undefined : app.callbackUrl,
    place: { workspace, environment, host, key, settings },
  };
}

function unset({ key, unset: references = [] }: DesiredInstance): UserError {
  const names = [...new Set(references.map(({ kind, name }) => `${kind}.${name}`))];
  return new UserError('reference-unset', `${key} cannot be authorized: ${names.join(', ')} must be set first.`, {
    kind: 'invalid',
    hint: 'Nothing was asked of the provider. Its own app asks for consent, so its secrets are needed.',
  });
}

function needsNobody(
  { key, connector: name }: DesiredInstance,
  connector: Connector | undefined,
  words: OperationPorts['words'],
): UserError {
  const why =
    connector === undefined
      ? `nothing is known of the connector ${name}, neither on the platform nor without it.`
      : `its connector ${name} logs in without a person (${connector.authentication ?? 'no OAuth'}), as the definition has it.`;
  return new UserError('no-consent-needed', `${key} cannot be authorized: ${why}`, {
    kind: 'invalid',
    hint: `Nothing was sent. Give its credentials in the definition, and apply it:\n${words.command('apply', '--only', key)}`,
  });
}

function incomplete({ key, source: { file, line, column } }: DesiredInstance, missing: readonly string[]): UserError {
  const at = `${file}:${line}:${column}`;
  return new UserError(
    'app-incomplete',
    `${at}: ${key} cannot be authorized: ${missing.join(', ')} ${missing.length === 1 ? 'has' : 'have'} no value, and the app that asks for consent needs ${missing.length === 1 ? 'it' : 'them'}.`,
    {
      kind: 'invalid',
      hint: `Nothing was asked of the provider. Add ${missing.length === 1 ? 'it' : 'them'} to \`configuration\` of the definition.`,
    },
  );
}
