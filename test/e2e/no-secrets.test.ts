import { existsSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { startProxy } from '../support/connect-proxy.ts';
import type { Answer, ReceivedRequest } from '../support/http-server.ts';
import { findLeaks, secretForms } from '../support/leaks.ts';
import { remoteWorkspace, startPlatform, type TestPlatform } from '../support/platform.ts';
import { type Ended, openRig, type Rig } from '../support/rig.ts';

/** Secrets of all kinds. Those of the account may hold whatever can stand in a header. */
const secrets = {
  userSecret: String.raw`us3r"\/+=<&>'canary`,
  organizationSecret: `0rg-canary/${'abcDEF0123456789+/'.repeat(30)}==`,
  clientSecret: String.raw`cli3nt "\/+= pässwörd 😀 <&>'`,
  shortSecret: 'x7Qp9z',
  keyInPem: '-----BEGIN KEY-----\nMIIcanaryMIIcanaryMIIcanary\nabcdefcanaryabcdef==\n-----END KEY-----\n',
  grantCode: 'sandbox-c0de/+="canary"',
  fingerprintKey: 'fingerprint+k3y/canary/of+256+bits+or+even+more=',
} as const;

const env = {
  CONNECTORCTL_USER_SECRET: secrets.userSecret,
  CONNECTORCTL_ORGANIZATION_SECRET: secrets.organizationSecret,
  CONNECTORCTL_FINGERPRINT_KEY: secrets.fingerprintKey,
  CONNECTORCTL_SECRET_CLIENT: secrets.clientSecret,
  CONNECTORCTL_SECRET_SHORT: secrets.shortSecret,
  CONNECTORCTL_SECRET_PEM: secrets.keyInPem,
  CONNECTORCTL_SECRET_CODE: secrets.grantCode,
} as const;

/** Secrets alone, inside of text, inside of a structure, and under keys that do not look like it: the sandbox shows the latter in clear. */
const definition = `connector: sharefile
name: Files
tags: [Docs]
configuration:
  oauth.api.key: \${{ secrets.SHORT }}
  oauth.api.secret: \${{ secrets.CLIENT }}
  oauth.callback.url: https://app.example.com/\${{ secrets.SHORT }}/back
  document.root.folder.name: \${{ secrets.PEM }}
  sharefile.subdomain: acme
  event.notification.enabled: true
  event.vendor.type: polling
  event.notification.callback.url: https://app.example.com/events
  event.poller.refresh_interval: 15
  event.poller.configuration:
    documents:
      url: /hubs/documents?key=\${{ secrets.SHORT }}
      idField: Id
providerData:
  code: \${{ secrets.CODE }}
`;

/** The two tags by which an instance belongs to a definition. */
function tagOf(key: string): readonly string[] {
  return ['connectorctl/acme/test', `connectorctl/acme/test/${key}`];
}

function expectNoLeak(ended: Ended, ...more: readonly string[]): void {
  expect(findLeaks([ended.stdout, ended.stderr, ...more].join('\n'), secrets)).toEqual([]);
}

interface Scene {
  readonly rig: Rig;
  readonly platform: TestPlatform;
  readonly run: (words: readonly string[]) => Promise<Ended>;
}

async function openScene(before?: (request: ReceivedRequest) => Answer | undefined): Promise<Scene> {
  const { userSecret, organizationSecret } = secrets;
  const platform = await startPlatform({ userSecret, organizationSecret, ...(before === undefined ? {} : { before }) });
  const rig = openRig({ 'connectorctl.yaml': remoteWorkspace(platform.origin), 'instances/files.yaml': definition });
  return { rig, platform, run: (words) => rig.run(words, { env }) };
}

/** Everything that a server knows, in every form, as it would put it into its answers. */
const told = Object.entries(secrets)
  .filter(([name]) => name !== 'fingerprintKey')
  .map(([, secret]) => [...secretForms(secret).values()].join(' '));

/** Repeats the request itself, also as a whole encoded in the ways in which gateways do. */
function echo({ headers, body }: ReceivedRequest): string {
  const text = `${headers.authorization} ${body}`;
  const forms = [
    text,
    Buffer.from(text).toString('base64'),
    Buffer.from(` ${text}`).toString('base64url'),
    encodeURIComponent(text),
    JSON.stringify(text),
  ];
  return forms.join(' ');
}

/** An error that repeats all of it: each text is cut where it is shown, so each secret comes first in one of them. */
function tellTale(request: ReceivedRequest, index: number): Answer {
  const turned = [...told.slice(index % told.length), ...told.slice(0, index % told.length)].join(' ');
  return {
    status: 400,
    headers: { 'elements-request-id': encodeURIComponent(secrets.userSecret) },
    json: { message: turned, providerMessage: echo(request), requestId: secrets.shortSecret },
  };
}

describe('the search for leaks', () => {
  it('finds every form of every secret, also broken over lines and in Markdown', () => {
    for (const [name, secret] of Object.entries(secrets)) {
      for (const [how, form] of secretForms(secret)) {
        const text = `before ${form} behind`;
        expect(findLeaks(text, secrets)).toContain(`${name} as ${how}`);
        const wrapped = text.replaceAll(/(.{7})/gu, '$1\n    ');
        expect(findLeaks(wrapped, secrets)).toContain(`${name} as ${how}`);
      }
    }
    expect(findLeaks('us3r"\\/+=&#60;&#38;&#62;\'can&#8203;ary', secrets)).toEqual(['userSecret as plain']);
    expect(findLeaks('Plan: 1 to create. (secret)', secrets)).toEqual([]);
  });
});

describe('no secret stands in what is printed', () => {
  it('by validate, in any format', async () => {
    const { run, rig } = await openScene();
    const formats = ['text', 'json', 'github', 'sarif', 'junit'];
    for (const ended of await Promise.all(
      formats.map((format) => run(['validate', '--verbose', '--format', format])),
    )) {
      expect(ended.code).toBe(0);
      expectNoLeak(ended);
    }
    // A mistake on the line of each secret, so that the line is shown.
    rig.write('instances/files.yaml', definition.replaceAll(/: (.*\$\{\{ secrets.*)/g, ': "$1'));
    expectNoLeak(await run(['validate']));
  });

  it('by validate about secrets that were written into a definition', async () => {
    const { run, rig } = await openScene();
    const literal = definition
      .replace('${{ secrets.CLIENT }}', JSON.stringify(secrets.clientSecret))
      .replace('${{ secrets.CODE }}', `${JSON.stringify(secrets.grantCode)} ]`);
    rig.write('instances/files.yaml', literal);
    rig.write('instances/other.yaml', literal.replace(' ]', '').replace('name: Files', 'name: Other\ncolour: red'));
    const formats = ['text', 'json', 'github', 'sarif', 'junit'];
    for (const ended of await Promise.all(formats.map((format) => run(['validate', '--format', format])))) {
      expect(ended.code).toBe(3);
      expectNoLeak(ended);
    }
  });

  it('by plan and apply, in any format, from the first create to a rotated secret', async () => {
    const { run, rig, platform } = await openScene();
    const planAll = async (): Promise<void> => {
      const formats = ['text', 'json', 'markdown'];
      const all = await Promise.all(
        formats.map((format) => run(['plan', '--verbose', '--format', format, '--out', `${format}.json`])),
      );
      for (const [index, ended] of all.entries()) {
        expect(ended.code).toBe(0);
        expectNoLeak(ended, rig.read(`${formats[index]}.json`));
      }
    };
    await planAll();
    const applied = await run(['apply', '--yes', '--verbose']);
    expect(applied.code).toBe(0);
    expectNoLeak(applied);
    expect(platform.sandbox.instances()[0]?.configuration['oauth.api.secret']).toBe(secrets.clientSecret);

    // Each secret where another one was, and two more values that changed, so that there is something to show.
    const swapped = definition.replaceAll('secrets.SHORT', 'secrets.NEW').replaceAll('secrets.PEM', 'secrets.SHORT');
    rig.write('instances/files.yaml', swapped.replace('secrets.NEW', 'secrets.CLIENT').replace('acme', 'other'));
    const rotated = { ...env, CONNECTORCTL_SECRET_NEW: secrets.keyInPem };
    const formats = ['text', 'json', 'markdown'];
    const runs = formats.map((format) => rig.run(['plan', '--format', format], { env: rotated }));
    for (const ended of await Promise.all(runs)) {
      expect(ended.stdout).toContain('sharefile.subdomain');
      expectNoLeak(ended);
    }
    const drifted = await run(['apply', '--yes', '--format', 'json']);
    expectNoLeak(drifted);
  });

  it.each(['plan', 'apply --yes'])('by %s when the server repeats what it was sent in its errors', async (command) => {
    const isApply = command.startsWith('apply');
    const runs = ['text', 'json', 'markdown'].map(async (format, index) => {
      const { run } = await openScene((request) =>
        isApply && request.method === 'GET' ? undefined : tellTale(request, index),
      );
      return run([...command.split(' '), '--verbose', '--format', format]);
    });
    for (const ended of await Promise.all(runs)) {
      expect(ended.code).toBe(1);
      expect(ended.stdout + ended.stderr).toContain('(secret)');
      expectNoLeak(ended);
    }
  });

  it('when the server repeats what it was sent in pages, redirections and texts that are no JSON', async () => {
    const texts: readonly Answer[] = [
      { status: 403, body: `<html><title>${told.join(' ')}</title></html>` },
      { status: 403, body: told.toReversed().join(' ') },
      { status: 200, body: told.join(' ') },
      { status: 200, json: [{ id: 1, name: told.join(' ') }] },
      {
        status: 302,
        headers: { location: `https://${Buffer.from(secrets.shortSecret).toString('base64url')}.example.com/` },
      },
      {
        status: 302,
        headers: { location: `https://platform.example.com/${encodeURIComponent(secrets.clientSecret)}` },
      },
    ];
    const runs = texts.map(async (answer) => (await openScene(() => answer)).run(['plan', '--verbose']));
    for (const ended of await Promise.all(runs)) {
      expect(ended.code).toBe(1);
      expectNoLeak(ended);
    }
  });

  it('when the server repeats what it was sent in names, tags, values and the account', async () => {
    const forms = told.flatMap((text) => text.split(' '));
    const values = Object.fromEntries(forms.map((form, index) => [`value.${index}`, form]));
    const live = (id: number | string, more: object) => ({
      id,
      element: { key: 'sharefile' },
      name: told.join(' '),
      tags: [...forms, ...tagOf('files')],
      configuration: { ...values, 'sharefile.subdomain': told.join(' '), 'oauth.callback.url': forms.join('/') },
      ...more,
    });
    const lists: readonly (readonly object[])[] = [
      [live(1, {})],
      // One that nobody wants any more, one of the same name, one that says its id in a strange way, and one in use twice.
      [
        live(1, { tags: [...forms, ...tagOf('gone')] }),
        live(2, { name: 'Files', tags: forms }),
        live(secrets.shortSecret, { name: 'Files', tags: ['connectorctl/acme/test', ...forms] }),
      ],
      [live(1, {}), live(2, {})],
    ];
    const hostile =
      (list: readonly object[]) =>
      ({ path: asked, method }: ReceivedRequest) => {
        if (method !== 'GET') return undefined;
        if (asked.endsWith('/organizations/me')) return { json: { id: 1, name: told.join(' ') } };
        if (asked.endsWith('/instances')) return { json: list };
        if (!asked.includes('/elements/sharefile')) return undefined;
        const entry = { key: told.join(' '), name: told.join(' '), type: 'PASSWORD', defaultValue: told.join(' ') };
        return { json: { id: 1, key: 'sharefile', name: told.join(' '), configuration: [entry] } };
      };
    for (const list of lists) {
      const runs = ['text', 'json', 'markdown'].map(async (format) => {
        const { run, rig } = await openScene(hostile(list));
        const ended = await run(['plan', '--verbose', '--format', format, '--out', 'plan.json']);
        return { ended, file: rig.read('plan.json') };
      });
      for (const { ended, file } of await Promise.all(runs)) {
        expect([0, 6]).toContain(ended.code);
        expectNoLeak(ended, file);
      }
    }
  });

  it('when the answer to a create repeats what it was sent', async () => {
    const { run } = await openScene(({ method, body }) => {
      if (method !== 'POST') return undefined;
      const sent: object = JSON.parse(body);
      return { json: { ...sent, id: 1, name: told.join(' '), tags: told } };
    });
    const ended = await run(['apply', '--yes', '--verbose']);
    expect(ended.code).toBe(1);
    expectNoLeak(ended);
  });

  it('when the server repeats what it was sent in the names of formulas that use an instance', async () => {
    const { run, rig, platform } = await openScene();
    rig.write('instances/gone.yaml', definition.replace('name: Files', 'name: Gone'));
    expect(await run(['apply', '--yes'])).toMatchObject({ code: 0 });
    const gone = platform.sandbox.instances().find(({ name }) => name === 'Gone')?.id ?? 0;
    const formula = { id: 7, formulaId: 1, formulaName: 'Copy', active: true };
    const configuration = { 'files.instance.id': String(gone) };
    platform.sandbox.seedFormulaInstance({ ...formula, name: told.join(' '), configuration });
    rmSync(path.join(rig.directory, 'instances/gone.yaml'));
    const formats = ['text', 'json', 'markdown'];
    const runs = formats.map((format) =>
      run(['apply', '--yes', '--verbose', '--lock-timeout', '1m', '--format', format]),
    );
    for (const ended of await Promise.all(runs)) {
      expect(ended.code).toBe(1);
      expect(ended.stdout).toContain(`Formula instances use instance ${gone}`);
      expectNoLeak(ended);
    }
    expect(platform.sandbox.instance(gone)).toBeDefined();
  });

  it('by a client that cannot use the credentials', async () => {
    const { rig } = await openScene();
    for (const bad of [secrets.clientSecret, `${secrets.userSecret}\n`, `${secrets.userSecret},x`]) {
      const ended = await rig.run(['plan'], { env: { ...env, CONNECTORCTL_USER_SECRET: bad } });
      expect(ended.code).toBe(3);
      expectNoLeak(ended);
    }
  });

  it('by a client whose proxy has a password', async () => {
    const proxy = await startProxy(407);
    const rig = openRig({
      'connectorctl.yaml': remoteWorkspace('https://api.cloud-elements.com'),
      'instances/files.yaml': definition,
    });
    const password = encodeURIComponent(secrets.userSecret);
    for (const address of [`http://me:${password}@127.0.0.1:${proxy.port}`, `http://me:${password}@127.0.0.1:port`]) {
      const ended = await rig.run(['plan', '--verbose'], { env: { ...env, HTTPS_PROXY: address } });
      expect([1, 3]).toContain(ended.code);
      expectNoLeak(ended);
    }
    expect([...new Set(proxy.tunnels.map(({ to }) => to))]).toEqual(['api.cloud-elements.com:443']);
  });
});

describe('no secret of a body stands in what convert prints or writes', () => {
  const body = JSON.stringify(
    {
      element: { key: 'sharefile' },
      providerData: { code: secrets.grantCode },
      configuration: {
        'oauth.api.key': secrets.shortSecret,
        'oauth.api.secret': secrets.clientSecret,
        'event.notification.signature.key': secrets.keyInPem,
        password: secrets.fingerprintKey,
      },
      name: 'Files',
    },
    undefined,
    2,
  );
  const command = `curl -X POST https://api.cloud-elements.com/elements/api-v2/instances -u 'me:${secrets.shortSecret}' \\
  -H 'Authorization: User ${secrets.organizationSecret}, Organization ${secrets.fingerprintKey}' -d '${body.replaceAll("'", String.raw`'\''`)}'`;

  it.each([
    ['a body', body, 0],
    ['a command', command, 0],
    ['a body that breaks off', body.slice(0, body.indexOf('password')), 3],
    ['a body with a mistake behind each secret', body.replaceAll(/",$/gm, '" x,'), 3],
    ['a body on one line, with a mistake', JSON.stringify(JSON.parse(body)).replace('"name"', 'name"'), 3],
    [
      'a body of which a secret has no quotation mark at its end',
      body.replace(`${secrets.shortSecret}"`, secrets.shortSecret),
      3,
    ],
  ])('%s', async (_name, text, code) => {
    const rig = openRig({ 'body.txt': text });
    const forms = [[], ['--format', 'json'], ['--out', 'made', '--verbose']];
    for (const ended of await Promise.all(forms.map((words) => rig.run(['convert', 'body.txt', ...words])))) {
      expect(ended.code).toBe(code);
      expectNoLeak(ended);
    }
    const made = path.join(rig.directory, 'made/sharefile/files.yaml');
    expect(existsSync(made)).toBe(code === 0);
    expect(findLeaks(code === 0 ? readFileSync(made, 'utf8') : '', secrets)).toEqual([]);
  });
});
