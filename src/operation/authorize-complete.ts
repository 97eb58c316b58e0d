import { setMaxListeners } from 'node:events';
import { readConsentAnswer } from '../consent/answer.ts';
import { readState, type StateClaims } from '../consent/state.ts';
import type { ApplyEvent } from '../model/apply.ts';
import type { GrantParameters, RequestToken } from '../model/consent.ts';
import type { Plan } from '../model/plan.ts';
import { Secret } from '../model/secret.ts';
import { visibleExcerpt } from '../model/visible.ts';
import type { WorkItem } from '../model/work.ts';
import { createApplyLock } from './apply-lock.ts';
import { workersOf } from './apply-ports.ts';
import { applyWork } from './apply-work.ts';
import { type AskingDefinition, openAsking } from './authorize-definition.ts';
import { findLive, mustBeCompletable } from './authorize-request.ts';
import { refuseByLimits } from './guard-plan.ts';
import type { OperationPorts, OperationTarget } from './operation-ports.ts';
import { type BeforeReading, type ConsentedGrant, type PreparedPlan, preparePlan } from './plan.ts';
import { recordRun } from './record-run.ts';
import {
  refuseAnswer,
  refuseDenied,
  refuseForeignToken,
  refuseOther,
  refuseState,
  refuseUsed,
  type Refusing,
  unused,
} from './refuse-answer.ts';
import type { OperationResult, Refusal } from './result.ts';

export interface CompleteOptions {
  /** Key of the definition that consent was asked for. */
  readonly key: string;
  /** The whole address at which the browser ended. It holds a grant: never an argument of a command, which process lists show. */
  readonly redirectAddress: Secret;
  /** The one request whose answer is taken; any of ours for this definition that is not too old when absent. */
  readonly nonce?: string | undefined;
  /** Of OAuth 1: what the request was made with. */
  readonly requestToken?: RequestToken | undefined;
  readonly allowReplace?: boolean | undefined;
  /** Whole digest of the one plan that may make the instance although none of those that there were can be seen. */
  readonly allowLimits?: string | undefined;
  /** False: the instance is not asked whether it works. */
  readonly verify?: boolean | undefined;
  /** Absolute path of the file that what happens is appended to. */
  readonly record?: string | undefined;
  /** How long to wait for an apply of this folder, in milliseconds; 0 when absent. */
  readonly lockTimeout?: number | undefined;
  /** Called when the work begins, and for each event of it. */
  readonly begin?: ((plan: Plan, work: readonly WorkItem[]) => void) | undefined;
  readonly onEvent?: ((event: ApplyEvent) => void) | undefined;
}

/**
 * Takes what a provider answered, and makes the instance or logs the live one in again:
 *
 * 1. read the definition, and keep any apply of the same folder out until this has ended
 * 2. take the address apart: it has to lead to the callback of the app
 * 3. check the state: signed by us, for this definition of this environment, fresh, and asked with the app that the definition has now
 * 4. where the provider refused, say so in its own words
 * 5. plan the definition with what the provider gave, all of it; whoever opens the link of a new instance once more is refused
 * 6. carry that out as an apply does: a create happens exactly once, a live instance keeps id, token and configuration and comes on again
 *
 * Whatever ends it before 6 has sent nothing but reads, and the grant is unused. Throws the UserError of it.
 */
export function completeAuthorization(
  ports: OperationPorts,
  target: OperationTarget,
  options: CompleteOptions,
): Promise<OperationResult> {
  return recordRun(options.record, ports, async (recorded) => {
    const waiting = ports.words.command('authorize', options.key, '--lock-timeout', '5m');
    const lock = createApplyLock(recorded, { timeout: options.lockTimeout, waiting });
    const answered: { claims?: StateClaims | undefined } = {};
    try {
      const start = await preparePlan(recorded, target, {
        only: [options.key],
        allowReplace: options.allowReplace,
        beforeReading: lock.take,
        consented: async (about) => {
          const { claims, ...grant } = await readConsent(about, recorded, options);
          answered.claims = claims;
          return grant;
        },
      });
      if ('result' in start) return start.result;
      const { prepared } = start;
      try {
        return await carryOut(prepared, recorded, { options, lost: lock.lost, claims: answered.claims });
      } finally {
        await prepared.connection.close();
      }
    } finally {
      lock.release();
    }
  });
}

/** Steps 2 to 4. */
async function readConsent(
  about: BeforeReading,
  ports: OperationPorts,
  { key, redirectAddress, nonce, requestToken }: CompleteOptions,
): Promise<ConsentedGrant & { readonly claims: StateClaims | undefined }> {
  const desired = about.desired.find((one) => one.key === key);
  if (desired === undefined) throw new Error(`${key} was not selected`);
  const asking = await openAsking(desired, about, ports);
  const { kind, callback, place } = asking;
  const refusing: Refusing = { key, words: ports.words };
  const answer = readConsentAnswer(redirectAddress, { kind, callback });
  if (answer.kind === 'unusable') throw refuseAnswer(answer.fault, refusing);

  const now = ports.date().getTime();
  const { signer } = about.connection.consent;
  const state = readState(answer.state, { place, now, signer });
  // OAuth 1 has no state of its own, and a provider need not give it back: there the request token tells which request is answered.
  const isBound = kind === 'oauth1' && !state.ok && state.fault === 'missing' && requestToken !== undefined;
  if (!state.ok && !isBound && !(answer.kind === 'denied' && state.fault === 'missing')) {
    throw refuseState(state.fault, refusing, about.ours.environment);
  }
  if (state.ok && nonce !== undefined && state.claims.nonce !== nonce) throw refuseOther(refusing);
  if (answer.kind === 'denied')
    throw refuseDenied(refusing, answer, (text) => visibleExcerpt(about.redactor.redact(text)));

  for (const secret of answer.grant.values()) {
    about.redactor.add(secret);
    ports.secretRead?.(secret);
  }
  const providerData = mergeGrant(asking, answer.grant, { state: answer.state, requestToken, refusing });
  return { key, providerData, claims: state.ok ? state.claims : undefined };
}

/** What a definition says itself, a `realmId` for one, is kept where the provider says nothing else; a former code never is. */
function mergeGrant(
  { desired, kind }: AskingDefinition,
  grant: GrantParameters,
  {
    state,
    requestToken,
    refusing,
  }: {
    readonly state: string | undefined;
    readonly requestToken: RequestToken | undefined;
    readonly refusing: Refusing;
  },
): ConsentedGrant['providerData'] {
  if (kind === 'oauth2') return new Map([...withoutGrant(desired.providerData), ...grant]);
  if (requestToken === undefined) throw refuseForeignToken(refusing);
  const token = grant.get('oauth_token');
  if (token === undefined || !token.equals(requestToken.token)) throw refuseForeignToken(refusing);
  const bound: ReadonlyMap<string, Secret | string> = state === undefined ? new Map() : new Map([['state', state]]);
  return new Map([...withoutGrant(desired.providerData), ...grant, ...bound, ['secret', requestToken.secret]]);
}

const grantNames: ReadonlySet<string> = new Set(['code', 'oauth_token', 'oauth_verifier', 'secret']);

function withoutGrant(providerData: ConsentedGrant['providerData']): readonly (readonly [string, Secret | string])[] {
  return [...providerData].filter(([name]) => !grantNames.has(name));
}

/** Steps 5 and 6. */
async function carryOut(
  prepared: PreparedPlan,
  ports: OperationPorts,
  {
    options,
    lost,
    claims,
  }: { readonly options: CompleteOptions; readonly lost: AbortSignal; readonly claims: StateClaims | undefined },
): Promise<OperationResult> {
  const { key, verify = true, begin, onEvent } = options;
  const { plan, diagnostics, directory, redactor } = prepared;
  const change = plan.changes.find((one) => one.key === key);
  mustBeCompletable(key, change, ports);
  const live = findLive(key, change, prepared);
  if (claims?.isFor(live?.id) === false) throw refuseUsed({ key, words: ports.words }, live?.id);
  const work = prepared.work.filter((item) => item.key === key || item.successor === key);
  const isSending = work.some(({ create, grant }) => create !== undefined || grant !== undefined);
  if (!isSending) throw new Error(`nothing would be sent to authorize ${key}`);
  const refusal = refuseUnseen({ ...prepared, work }, options, ports);
  if (refusal !== undefined) return { kind: 'declined', plan, diagnostics, ...refusal };
  ports.recorder?.begin(plan, redactor);
  begin?.(plan, work);
  const signal = ports.signal === undefined ? lost : AbortSignal.any([ports.signal, lost]);
  setMaxListeners(0, signal);
  const applied = await applyWork(work, prepared, ports, {
    concurrency: workersOf(prepared),
    onEvent: (event) => {
      ports.recorder?.recordEvent(event);
      onEvent?.(event);
    },
    verify,
    signal,
  });
  return { kind: 'applied', plan, diagnostics, directory, applied };
}

/**
 * One instance that a person asked for breaks no limit of changes. But where none is seen of those that there were, the one that is asked for
 * may be among them.
 */
function refuseUnseen(
  prepared: PreparedPlan,
  { key, allowLimits }: CompleteOptions,
  { words }: OperationPorts,
): Refusal | undefined {
  if (prepared.vanished === 0) return undefined;
  const refusal = refuseByLimits(prepared, allowLimits);
  if (refusal === undefined) return undefined;
  const command = words.command('authorize', key, '--allow-limits', prepared.plan.digest);
  return {
    ...refusal,
    hint: `${unused} Check that the credentials are those of the user and the account that own them. If they are gone and this is intended, allow this plan and no other:\n  ${command}`,
  };
}
