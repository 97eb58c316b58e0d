import { lstatSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { canaryForms, searchFor } from '../support/canaries.ts';
import { runHosted } from '../support/cli-host.ts';
import type { Answer, ReceivedRequest } from '../support/http-server.ts';
import { oneEnvironment, tagsOf } from '../support/managed.ts';
import { startPlatform, type TestPlatform } from '../support/platform.ts';
import { makeRig, type Rig } from '../support/rig.ts';

/** Secrets of every kind that a process may hold. */
export const canaries = {
  password: `Kq7vX2mR9tLw4bNz"/+='&<8cJh5pFd3sGy6TuV1aQe`,
  retired: 'Zr4hW8kP1yMj6dCx3nVb9gTf2sLq5uEa7iOo0XeY',
  pem: '-----BEGIN KEY-----\nMIIEvQIBADANBgkqQm7xT2wZr8pLk3Hj5VnFy9Sd\ncXa1GbUo4eIq6Rt0MzWv8KhYp2JlDf5NsCg7Bx3A==\n-----END KEY-----\n',
  user: 'u5ErS3cr3tQwX7zPm2LkVb9NhTy4RgJf8DcAa1Ss',
  organization: '0rgS3cr3tYt6Hb3NvK8wRm1ZpXq4LdJg7FcUe2Ii',
  fingerprint: '9f3c1b7ae84d265f0b8c7d3e1a964f52c8b7d0e3f6a1495c2d8e7b0f3a6c9d12',
} as const;

export const environment = {
  CONNECTORCTL_ALLOWED_HOSTS: '127.0.0.1',
  CONNECTORCTL_USER_SECRET: canaries.user,
  CONNECTORCTL_ORGANIZATION_SECRET: canaries.organization,
  CONNECTORCTL_FINGERPRINT_KEY: canaries.fingerprint,
  CONNECTORCTL_SECRET_PASSWORD: canaries.password,
  CONNECTORCTL_SECRET_RETIRED: canaries.retired,
  CONNECTORCTL_SECRET_PEM: canaries.pem,
} as const;

/** The first and the last line of a key are no secret. */
export const findCanaries = searchFor({ ...canaries, pem: canaries.pem.replaceAll(/-----.*-----\n/g, '') });

/** What a server can know: all but the key of the fingerprints, which goes nowhere. */
const told = [canaries.password, canaries.retired, canaries.pem, canaries.user, canaries.organization];

/** Every secret in one form. Each comes first in turn, as what is long is cut. */
export function tell(how: string, turn = 0): string {
  const encode = canaryForms[how] ?? String;
  const first = turn % told.length;
  return [...told.slice(first), ...told.slice(0, first)].map(encode).join(' ');
}

export const definition = (name: string): string => `connector: actessentials
name: ${name}
configuration:
  username: ${name.toLowerCase()}
  password: \${{ secrets.PASSWORD }}
  certificate: \${{ secrets.PEM }}
`;

/** How a platform hands back what it knows. */
export type Telling = (request: ReceivedRequest, turn: number) => Answer | undefined;

/** Every request is refused, with all that there is for words. */
export const refusals = (how: string): Telling => {
  const statuses = [400, 401, 403, 404, 409];
  return (_request, turn) => ({
    status: statuses[turn % statuses.length] ?? 400,
    headers: { 'elements-request-id': encodeURIComponent(tell(how, turn + 1)).slice(0, 1000) },
    json: { message: tell(how, turn), providerMessage: tell(how, turn + 2), requestId: tell(how, turn + 3) },
  });
};

/** Pages, redirections and texts that are no answers. */
export const pages = (how: string): Telling => {
  return (_request, turn) => {
    const text = tell(how, turn);
    const answers: readonly Answer[] = [
      { status: 403, body: `<html><title>${text}</title></html>` },
      { status: 405, body: text },
      { status: 200, body: text },
      { status: 302, headers: { location: `https://example.com/${encodeURIComponent(text).slice(0, 2000)}` } },
      { status: 200, json: { message: text, [text]: text } },
    ];
    return answers[turn % answers.length];
  };
};

/** Reads go through to instances that carry all of it: one of ours, an orphan, strangers, two with one owner. Writes are refused. */
export const instances = (how: string): Telling => {
  const text = tell(how);
  const forms = told.map((secret) => (canaryForms[how] ?? String)(secret));
  const row = (id: number, more: object): object => ({
    id,
    element: { key: 'actessentials' },
    name: text,
    tags: forms,
    configuration: Object.fromEntries(forms.map((form, index) => [`value.${index}`, form])),
    ...more,
  });
  const entry = { key: text, name: text, type: 'PASSWORD', defaultValue: text, description: text, options: forms };
  const listed = [
    row(1, { tags: [...forms, ...tagsOf('one')], configuration: { username: text, [forms[0] ?? '']: text } }),
    row(2, {
      tags: [...forms, ...tagsOf('gone')],
      configuration: { username: forms[1] ?? '', 'base.url': `https://x.example/${text}` },
    }),
    row(3, { name: 'Two', element: { key: 'actessentials' } }),
    row(4, { configuration: Object.fromEntries(forms.map((form, index) => [form, forms[index + 1] ?? 'x'])) }),
    row(5, { tags: [...tagsOf('three'), ...forms] }),
    row(6, { tags: [...tagsOf('three'), ...forms] }),
    row(7, { element: { key: forms[0] ?? '' } }),
    { ...row(0, {}), id: forms[1] ?? '' },
    row(8, { configuration: { username: forms[2] ?? '', password: '********' } }),
  ];
  return ({ method, path: asked }) => {
    if (method !== 'GET') return { status: 400, json: { message: text, providerMessage: text, requestId: 'r-1' } };
    if (asked.endsWith('/organizations/me')) return { json: { id: 1, name: text } };
    if (asked.endsWith('/instances') && asked.includes('formulas')) {
      return {
        json: [{ id: 9, name: text, formulaId: 1, formula: { id: 1, name: text }, configuration: { x: '1', y: '2' } }],
      };
    }
    if (asked.endsWith('/instances')) return { json: listed };
    const id = /\/instances\/(\d+)$/.exec(asked)?.[1];
    const found = listed.find((one) => 'id' in one && String(one.id) === id);
    if (found !== undefined) return { json: found };
    if (!asked.includes('/elements/')) return { json: [] };
    return { json: { id: 1, key: 'actessentials', name: text, hub: text, configuration: [entry] } };
  };
};

/** The platform is as it should be, and says in the answer to each write what it was told. */
export const echoes = (how: string): Telling => {
  return ({ method, body, path: asked }) => {
    if (method === 'GET') return undefined;
    const sent: object = body.startsWith('{') ? JSON.parse(body) : {};
    const id = Number(/\d+$/.exec(asked)?.[0] ?? 1);
    return {
      headers: { 'elements-error': encodeURIComponent(tell(how)).slice(0, 2000) },
      json: {
        ...sent,
        id,
        element: { key: 'actessentials' },
        name: tell(how),
        tags: told.map((one) => (canaryForms[how] ?? String)(one)),
      },
    };
  };
};

export const tellings: Readonly<Record<string, (how: string) => Telling>> = { refusals, pages, instances, echoes };

/** Starts a platform that tells. It ends with the test. */
export function openTelling(telling: Telling | undefined): Promise<TestPlatform> {
  let turn = 0;
  const { user: userSecret, organization: organizationSecret } = canaries;
  return startPlatform({
    userSecret,
    organizationSecret,
    before: (request) => {
      turn += 1;
      return telling?.(request, turn);
    },
  });
}

export interface Shown {
  readonly code: number;
  /** Both outputs, and every file that was written. */
  readonly text: string;
}

/** Runs command lines one after the other in a folder of their own, and answers all that came out. */
export async function runIn(
  platform: TestPlatform,
  lines: readonly (readonly string[])[],
  {
    files = {},
    isWatched = false,
  }: { readonly files?: Readonly<Record<string, string>>; readonly isWatched?: boolean } = {},
): Promise<Shown> {
  const given = {
    'connectorctl.yaml': oneEnvironment(platform.origin, { limits: { maxDelete: 100, maxDeletePercent: 100 } }),
    ...Object.fromEntries(
      ['One', 'Two', 'Three'].map((name) => [`instances/${name.toLowerCase()}.yaml`, definition(name)]),
    ),
    ...files,
  };
  const rig = makeRig(given);
  try {
    const texts: string[] = [];
    let code = 0;
    for (const words of lines) {
      const env = { PATH: process.env['PATH'] ?? '', ...environment, ...(isWatched ? { FORCE_COLOR: '1' } : {}) };
      const ended = await runHosted(words, { cwd: rig.directory, env, isWatched });
      texts.push(ended.stdout, ended.stderr);
      code = ended.code;
    }
    return { code, text: [...texts, ...writtenIn(rig, given)].join('\n') };
  } finally {
    rig.remove();
  }
}

/** Names and texts of all files that are not as the test wrote them. */
function writtenIn({ directory }: Rig, given: Readonly<Record<string, string>>): readonly string[] {
  const names = readdirSync(directory, { recursive: true, encoding: 'utf8' });
  return names.flatMap((name) => {
    if (!lstatSync(path.join(directory, name)).isFile()) return [name];
    const text = readFileSync(path.join(directory, name), 'utf8');
    return text === given[name] ? [] : [`${name}\n${text}`];
  });
}
