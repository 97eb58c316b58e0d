import fc from 'fast-check';
import type { Sandbox } from '../../src/sandbox/sandbox.ts';
import type { Answer, ReceivedRequest } from './http-server.ts';
import { forward, startPlatform } from './platform.ts';

/** What becomes of a request; `done` ones are carried out before their answer is lost or replaced. */
const fates = [
  'fine',
  'refused',
  'rate limited',
  'failed',
  'failed and done',
  'unavailable',
  'unavailable and done',
  'reset',
  'reset and done',
  'truncated and done',
  'blocked',
  'blocked and done',
] as const;

type Fate = (typeof fates)[number];

/** Fates of requests in the order in which they come, begun anew at the end; half of them are fine. Shrinks towards a sound platform. */
export const fateLists: fc.Arbitrary<readonly Fate[]> = fc.array(
  fc.oneof(fc.constant('fine' as const), fc.constantFrom(...fates)),
  { minLength: 1, maxLength: 12 },
);

export interface FaultyPlatform {
  readonly sandbox: Sandbox;
  readonly origin: string;
  /** From now on requests meet these fates; undefined ends it. */
  setFates(writes: readonly Fate[] | undefined, reads?: readonly Fate[]): void;
}

/** A platform that fails as it is told to. It ends with the test that started it. */
export async function startFaultyPlatform(): Promise<FaultyPlatform> {
  let writes: Iterator<Fate> | undefined;
  let reads: Iterator<Fate> | undefined;
  const platform = await startPlatform({
    before: async (request) => {
      const fate = (request.method === 'GET' ? reads : writes)?.next().value ?? 'fine';
      return fate === 'fine' ? undefined : meet(fate, request, platform.sandbox.port);
    },
  });
  const { sandbox, origin } = platform;
  return {
    sandbox,
    origin,
    setFates: (forWrites, forReads) => {
      writes = forWrites && repeat(forWrites);
      reads = forReads && repeat(forReads);
    },
  };
}

function* repeat(all: readonly Fate[]): Generator<Fate> {
  for (;;) yield* all;
}

async function meet(fate: Exclude<Fate, 'fine'>, request: ReceivedRequest, port: number): Promise<Answer> {
  const answer = fate.endsWith('and done') ? await forward(request, port) : {};
  switch (fate) {
    case 'refused':
      return { status: 400, json: { message: 'The provider says no', requestId: 'r-400' } };
    case 'rate limited':
      return { status: 429, json: { message: 'Slow down', requestId: 'r-429' } };
    case 'failed':
    case 'failed and done':
      return { status: 500, json: { message: 'Internal error', requestId: 'r-500' } };
    case 'unavailable':
    case 'unavailable and done':
      return { status: 503, body: 'Service Unavailable' };
    case 'reset':
    case 'reset and done':
      return { fault: 'reset' };
    case 'truncated and done':
      return { ...answer, fault: 'truncate' };
    case 'blocked':
    case 'blocked and done':
      return { status: 403, body: '<html><title>Blocked</title></html>' };
    default:
      return fate satisfies never;
  }
}
