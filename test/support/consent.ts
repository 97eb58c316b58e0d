import { expect } from 'vitest';
import { type Answer, startServer } from './http-server.ts';

/** What a person clicks on the page of a provider. */
export type Decision = 'allow' | 'deny';

/** What the browser does when a person clicks on the consent page of the sandbox; answers where it is sent. */
export async function consentAt(url: string, decision: Decision = 'allow'): Promise<URL> {
  const response = await fetch(url, { method: 'POST', body: new URLSearchParams({ decision }), redirect: 'manual' });
  expect(response.status).toBe(303);
  return new URL(response.headers.get('location') ?? '');
}

/** A port that was free a moment ago. */
export async function freePort(): Promise<number> {
  const server = await startServer((): Answer => ({ status: 200 }));
  await server.close();
  return Number(new URL(server.origin).port);
}

/** The documented ShareFile definition, as far as consent needs it. */
export function sharefileOf(name: string, more = '', callback = 'https://app.example.com/oauth'): string {
  return `connector: sharefile
name: ${name}
configuration:
  oauth.api.key: our-app
  oauth.api.secret: \${{ secrets.APP_SECRET }}
  oauth.callback.url: ${callback}
  sharefile.subdomain: acme
  document.root.folder.name: /top
${more}`;
}

/** Process environment with the secret of the app. */
export const appSecret = { CONNECTORCTL_SECRET_APP_SECRET: 'the secret of our app' } as const;
