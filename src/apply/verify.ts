import type { Failure } from '../model/apply.ts';
import type { Secret } from '../model/secret.ts';
import type { ApplyPorts } from './apply-ports.ts';
import { toFailure } from './failure.ts';

/**
 * Asks the provider through a changed instance whether it works: some connectors are created with wrong credentials (platform-api §3, Errors).
 * Undefined when it does.
 */
export async function verify(id: string, token: Secret, { platform }: ApplyPorts): Promise<Failure | undefined> {
  try {
    const ping = await platform.ping(token);
    if (ping.ok) return undefined;
    return {
      code: 'ping-failed',
      message: `Instance ${id} was written, and the provider does not answer through it. ${ping.message}`,
      hint: 'Check its credentials and addresses, and apply again. --no-verify leaves this question out.',
      ...(ping.requestId === undefined ? {} : { requestId: ping.requestId }),
    };
  } catch (error) {
    return toFailure(error);
  }
}
