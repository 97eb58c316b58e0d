import { onTestFinished } from 'vitest';
import { type GithubClient, type GithubOptions, openGithub } from '../../../src/action/github/client.ts';
import { Secret } from '../../../src/model/secret.ts';
import { openKnownSecrets } from '../../../src/operation/operation-ports.ts';
import { jobToken, repository } from '../../support/fake-github.ts';

/** A client and the pauses that it would have made. */
export interface TestClient {
  readonly client: GithubClient;
  readonly pauses: readonly number[];
}

/** Opens a client of a server of the test, on a clock that goes on only in pauses. */
export function openClient(origin: string, options: Partial<GithubOptions> = {}, token = jobToken): TestClient {
  const pauses: number[] = [];
  let clock = 0;
  const known = openKnownSecrets();
  const secret = new Secret(token, 'test');
  known.learn(secret);
  const client = openGithub({
    apiUrl: origin,
    graphqlUrl: `${origin}/graphql`,
    repository,
    token: secret,
    userAgent: 'connectorctl/test',
    redact: (text) => known.redact(text),
    env: {},
    sleep: (milliseconds) => {
      pauses.push(milliseconds);
      clock += milliseconds;
      return Promise.resolve();
    },
    now: () => clock,
    ...options,
  });
  onTestFinished(() => client.close());
  return { client, pauses };
}
