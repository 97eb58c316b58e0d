import { expect } from 'vitest';
import { Secret } from '../../src/model/secret.ts';
import { completeAuthorization, type CompleteOptions } from '../../src/operation/authorize-complete.ts';
import { type ConsentRequest, type ConsentRequests, consentRequests } from '../../src/operation/authorize-request.ts';
import type { OperationResult } from '../../src/operation/result.ts';
import { appSecret, consentAt, type Decision, sharefileOf } from './consent.ts';
import { type Did, type HostileWorld, type HostileWorldOptions, openHostile, type Seat } from './hostile-world.ts';

export function openConsent(options: Partial<HostileWorldOptions> = {}): Promise<HostileWorld> {
  return openHostile({
    files: { 'docs.yaml': sharefileOf('Docs') },
    ...options,
    env: { ...appSecret, ...options.env },
  });
}

/** The requests that an environment has, with everything closed. */
export async function ask(seat: Seat, options: Parameters<typeof consentRequests>[2] = {}): Promise<ConsentRequests> {
  const seen: { asked?: ConsentRequests } = {};
  await seat.run(async (ports): Promise<OperationResult> => {
    const asked = await consentRequests(ports, {}, options);
    if ('result' in asked) return asked.result;
    await asked.close();
    seen.asked = asked;
    return { kind: 'asked', ...asked };
  });
  if (seen.asked === undefined) throw new Error('nothing was asked');
  return seen.asked;
}

export async function askOne(
  seat: Seat,
  key = 'docs',
  { allowReplace }: Pick<CompleteOptions, 'allowReplace'> = {},
): Promise<ConsentRequest> {
  const { requests, unasked } = await ask(seat, { keys: [key], allowReplace });
  expect(unasked).toEqual([]);
  const [request] = requests;
  if (request === undefined) throw new Error('nothing was asked');
  return request;
}

export function complete(seat: Seat, address: URL | string, more: Partial<CompleteOptions> = {}): Promise<Did> {
  const redirectAddress = new Secret(String(address), 'test');
  return seat.run((ports) => completeAuthorization(ports, {}, { key: 'docs', redirectAddress, ...more }));
}

export async function authorize(
  seat: Seat,
  { decision = 'allow', key = 'docs', ...more }: Partial<CompleteOptions> & { readonly decision?: Decision } = {},
): Promise<Did> {
  const { url, nonce, requestToken } = await askOne(seat, key, more);
  return complete(seat, await consentAt(url, decision), { key, nonce, requestToken, ...more });
}

export function liveOf({ platform }: HostileWorld) {
  const [live, ...others] = platform.sandbox.instances();
  expect(others).toEqual([]);
  if (live === undefined) throw new Error('there is no instance');
  return live;
}

export function stoppedBy({ result }: Did): string | undefined {
  return result.kind === 'stopped' ? result.error.code : result.kind;
}
