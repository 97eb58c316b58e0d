import type { Answer } from './http-server.ts';
import type { PlatformOptions, TestPlatform } from './platform.ts';
import { credentials, remoteWorkspace, startPlatform } from './platform.ts';
import { openRig, type Rig } from './rig.ts';

/** A workspace of three definitions and the platform that it is for. */
export interface World {
  readonly rig: Rig;
  readonly platform: TestPlatform;
  /** Process environment in which everything is set. */
  readonly env: Readonly<Record<string, string>>;
}

export interface WorldOptions extends PlatformOptions {
  /** Written over the three definitions and the workspace file; undefined takes a file away. */
  readonly files?: Readonly<Record<string, string | undefined>>;
}

/** An instance that needs no grant: made by a plain POST. */
export function definitionOf(name: string): string {
  return `connector: actessentials
name: ${name}
configuration:
  username: ${name.toLowerCase()}
  password: \${{ secrets.PASSWORD }}
`;
}

const threeDefinitions = {
  'instances/one.yaml': definitionOf('One'),
  'instances/two.yaml': definitionOf('Two'),
  'instances/three.yaml': definitionOf('Three'),
};

/** Opens a world that ends with the test. */
export async function openWorld({ files = {}, ...options }: WorldOptions = {}): Promise<World> {
  const platform = await startPlatform(options);
  const all = { 'connectorctl.yaml': remoteWorkspace(platform.origin), ...threeDefinitions, ...files };
  const kept = Object.entries(all).flatMap(([file, text]) => (text === undefined ? [] : [[file, text] as const]));
  const rig = openRig(Object.fromEntries(kept));
  return { rig, platform, env: { ...credentials, CONNECTORCTL_SECRET_PASSWORD: 'pa55 word' } };
}

/** Refuses to make instances of these names, as a platform does whose provider turns the log-in down. */
export function refusing(...names: readonly string[]): NonNullable<PlatformOptions['before']> {
  return ({ method, body }): Answer | undefined => {
    if (method !== 'POST') return undefined;
    const { name }: { readonly name: string } = JSON.parse(body);
    return names.includes(name) ? { status: 400, json: { message: 'Login failed', requestId: 'r1' } } : undefined;
  };
}

/** A definition that takes over a grant which somebody gave elsewhere: its refresh token is sent once (platform-facts D6). */
export function grantedOf(name: string): string {
  return `connector: actessentialsoauth
name: ${name}
externalAuthentication: initial
configuration:
  oauth.api.key: our app
  oauth.api.secret: \${{ secrets.PASSWORD }}
  oauth.callback.url: https://app.example.com
  oauth.user.refresh_token: \${{ secrets.RT }}
`;
}
