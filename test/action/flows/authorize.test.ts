import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { StepEnd } from '../../support/fake-runner.ts';
import { findLeaks } from '../../support/leaks.ts';
import { commits, type FlowFixture, type FlowOptions, openFlow, type Options } from './open-flow.ts';

const callback = 'https://app.example.com/oauth';

const app = {
  CONNECTORCTL_SECRET_APP_ID: 'client-of-acme',
  CONNECTORCTL_SECRET_APP_SECRET: 'canary-of-the-app-secret',
};

function definition(name: string, apiKey = "'client-of-acme'"): string {
  return `connector: sharefile
name: ${name}
configuration:
  oauth.api.key: ${apiKey}
  oauth.api.secret: \${{ secrets.APP_SECRET }}
  oauth.callback.url: ${callback}
  sharefile.subdomain: acme
  document.root.folder.name: /top
`;
}

const files = {
  'instances/one.yaml': definition('One'),
  '.github/workflows/authorize.yaml': 'name: connectorctl authorize\n',
};

function withApp(given: Options = {}): Options {
  return { ...given, env: { ...app, ...given.env } };
}

async function open(options: FlowOptions = {}): Promise<FlowFixture> {
  const fixture = await openFlow({ ...options, files: { ...files, ...options.files } });
  return {
    ...fixture,
    plan: (given) => fixture.plan(withApp(given)),
    apply: (given) => fixture.apply(withApp(given)),
    run: (given) => fixture.run({ ...given, env: { ...app, ...given.env } }),
  };
}

/** The links to providers in the newest text of ours on the pull request. */
function linksIn(body = ''): readonly string[] {
  return [...body.matchAll(/\*\*\[log in at [^\]]*\]\(([^)]*)\)/g)].map(([, url = '']) => url.replaceAll('&amp;', '&'));
}

async function agree(link = '', decision = 'allow'): Promise<string> {
  const answer = await fetch(link, { method: 'POST', body: new URLSearchParams({ decision }), redirect: 'manual' });
  expect(answer.status).toBe(303);
  return answer.headers.get('location') ?? '';
}

/** Another letter of the same alphabet. */
function flip(letter: string): string {
  return letter === 'A' ? 'Q' : 'A';
}

interface Dispatch extends Options {
  readonly instance?: string;
  readonly issue?: string;
}

function authorize(
  fixture: FlowFixture,
  redirect: string,
  { instance = 'one', issue = '5', ...options }: Dispatch = {},
) {
  return fixture.run({
    on: 'workflow_dispatch',
    sha: commits.merged,
    inputs: { command: 'authorize' },
    event: { repository: { default_branch: 'main' }, inputs: { environment: 'test', instance, redirect, issue } },
    ...options,
  });
}

/** Fails when a code, a token or an app secret stands anywhere that somebody reads. */
function expectQuiet(fixture: FlowFixture, end: StepEnd, redirect = ''): void {
  const codes = [...redirect.matchAll(/[?&](?:code|oauth_verifier)=([^&]*)/g)].flatMap(([, code = '']) => [
    code,
    decodeURIComponent(code),
  ]);
  const tokens = fixture.platform.sandbox.instances().map(({ token }) => token);
  const canaries = [redirect, ...codes, ...tokens, app.CONNECTORCTL_SECRET_APP_SECRET].filter((one) => one !== '');
  const unmasked = end.raw.replaceAll(/^::add-mask::.*\n/gm, '');
  const told = [unmasked, JSON.stringify(end.log.commands), JSON.stringify(end.outputs), end.summary, fixture.sent()];
  expect(findLeaks(told.join('\n'), Object.fromEntries(canaries.map((one, at) => [`canary ${at}`, one])))).toEqual([]);
}

describe('an instance that waits for a person', () => {
  it('goes from the link in the comment over consent to a live instance', async () => {
    const fixture = await open();
    const planned = await fixture.plan();
    expect(planned.code).toBe(0);
    const [proposed = ''] = fixture.bodies();
    expect(linksIn(proposed)).toHaveLength(1);
    expect(proposed).toContain('**After the merge**');
    expect(proposed).toContain(
      "gh workflow run authorize.yaml --ref main -f 'environment=test' -f 'instance=one' -f 'issue=5'",
    );
    expect(fixture.platform.writes()).toEqual([]);
    expectQuiet(fixture, planned);

    fixture.merge();
    const applied = await fixture.apply();
    expect(applied.code).toBe(0);
    const asked = fixture.bodies().at(-1) ?? '';
    expect(asked).toContain('connectorctl apply');
    expect(asked).toContain("-f 'environment=test' -f 'instance=one' -f 'issue=5' -F redirect=@-");
    expect(asked).not.toContain('After the merge');
    const [link = ''] = linksIn(asked);
    expect(link).not.toContain(app.CONNECTORCTL_SECRET_APP_SECRET);

    const redirect = await agree(link);
    const end = await authorize(fixture, redirect);
    expect(end.log.text).toContain('connectorctl authorize in test: Applied: 1 created');
    expect(end).toMatchObject({ code: 0, outputs: { 'exit-code': '0' } });
    const [instance] = fixture.platform.sandbox.instances();
    expect(instance).toMatchObject({ connector: 'sharefile', name: 'One' });
    expect(instance?.tags).toContain('connectorctl/acme/test/one');
    expect(fixture.bodies().at(-1)).toContain('connectorctl authorize: test');
    expect(fixture.bodies().at(-1)).toContain('Applied: 1 created');
    expectQuiet(fixture, end, redirect);

    const after = await fixture.plan();
    expect(after.log.text).toContain('No changes');
    expect(linksIn(fixture.bodies()[0])).toEqual([]);
  });

  it('masks the address before it prints anything', async () => {
    const fixture = await open();
    const redirect = `${callback}?code=a%2Fb-c0de-of-a-person&state=x`;
    const end = await authorize(fixture, redirect);
    expect(end.code).toBe(6);
    const printed = end.raw.split('\n').findIndex((line) => !line.startsWith('::add-mask::'));
    const masked = end.raw.split('\n').slice(0, printed).join('\n');
    for (const form of [redirect.replaceAll('%', '%25'), 'a%252Fb-c0de-of-a-person', 'a/b-c0de-of-a-person']) {
      expect(masked).toContain(`::add-mask::${form}`);
    }
    expectQuiet(fixture, end, redirect);
  });

  it('shows no secret in a link before the merge, as nobody has reviewed what stands in it', async () => {
    const fixture = await open({ files: { 'instances/one.yaml': definition('One', '${{ secrets.APP_ID }}') } });
    await fixture.plan();
    const [proposed = ''] = fixture.bodies();
    expect(linksIn(proposed)).toEqual([]);
    expect(proposed).toContain('The link for one comes after the merge');
    expect(fixture.sent()).not.toContain('client-of-acme');
    expect(fixture.platform.requests.filter(({ path }) => path.includes('/oauth/'))).toEqual([]);
    fixture.merge();
    await fixture.apply();
    expect(linksIn(fixture.bodies().at(-1))).toHaveLength(1);
  });

  it('gets no link on the pull request of a fork', async () => {
    const fixture = await open();
    const event = {
      action: 'synchronize',
      repository: { default_branch: 'main' },
      pull_request: {
        number: 5,
        head: { sha: commits.head, repo: { id: 2 } },
        base: { sha: commits.base, repo: { id: 1 } },
        user: { login: 'mallory' },
      },
    };
    await fixture.plan({ event });
    expect(fixture.sent()).not.toContain('/provider/');
    expect(fixture.platform.requests).toEqual([]);
  });

  it('gets no link where no workflow could take the answer', async () => {
    const fixture = await open();
    rmSync(join(fixture.rig.directory, '.github/workflows/authorize.yaml'));
    await fixture.plan();
    expect(linksIn(fixture.bodies()[0])).toEqual([]);
  });

  it('says that OAuth 1 needs a terminal, and asks no provider for a token', async () => {
    const shop = definition('Shop')
      .replace('sharefile\n', 'magento\n')
      .replace('sharefile.subdomain: acme', 'store.url: https://shop.example.com')
      .replace('  document.root.folder.name: /top\n', '');
    const fixture = await open({ files: { 'instances/one.yaml': shop } });
    await fixture.plan();
    expect(linksIn(fixture.bodies()[0])).toEqual([]);
    expect(fixture.bodies()[0]).toContain('connectorctl authorize');
    expect(fixture.platform.requests.filter(({ path }) => path.includes('/oauth/'))).toEqual([]);
  });
});

async function waiting(more: FlowOptions['files'] = {}): Promise<{ fixture: FlowFixture; link: string }> {
  const fixture = await open({ files: more });
  fixture.merge();
  await fixture.apply();
  const links = linksIn(fixture.bodies().at(-1));
  return { fixture, link: links[0] ?? '' };
}

describe('an answer', () => {
  it('is refused by name when it is of another definition', async () => {
    const { fixture, link } = await waiting({ 'instances/two.yaml': definition('Two') });
    const redirect = await agree(link);
    const end = await authorize(fixture, redirect, { instance: 'two' });
    expect(end.code).toBe(6);
    expect(end.summary).toContain('It answers a request for another definition');
    expect(fixture.bodies().at(-1)).toContain('It answers a request for another definition');
    expect(fixture.platform.sandbox.instances()).toEqual([]);
    expectQuiet(fixture, end, redirect);
  });

  const changes: readonly (readonly [string, (url: URL) => void, number, string])[] = [
    [
      'a state that was changed',
      (url) => url.searchParams.set('state', (url.searchParams.get('state') ?? '').replace(/[^.]$/, flip)),
      6,
      'Its state was changed',
    ],
    ['no state', (url) => url.searchParams.delete('state'), 6, 'It holds no state'],
    ['two codes', (url) => url.searchParams.append('code', 'another'), 3, 'more than once'],
    ['another place', (url) => void (url.hostname = 'evil.example.com'), 3, 'as callback'],
    ['no code', (url) => url.searchParams.delete('code'), 3, 'holds no code'],
  ];

  const elsewhere: readonly (readonly [Dispatch, number, string])[] = [
    [{ ref: 'refs/heads/topic' }, 6, 'only on the default branch'],
    [{ on: 'push' }, 6, 'a workflow that a person starts'],
    [{ on: 'schedule' }, 6, 'a workflow that a person starts'],
    [{ instance: '' }, 3, 'The input `instance` of the workflow is empty'],
    [{ instance: 'o*' }, 3, 'is a pattern'],
    [{ instance: 'none' }, 3, 'none'],
  ];

  it('is refused by name when it is of another environment', async () => {
    const { fixture, link } = await waiting();
    const redirect = await agree(link);
    const workspace = JSON.parse(fixture.rig.read('connectorctl.yaml'));
    workspace.environments.production = workspace.environments.test;
    fixture.rig.write('connectorctl.yaml', JSON.stringify(workspace));
    const end = await authorize(fixture, redirect, { inputs: { command: 'authorize', environment: 'production' } });
    expect(end).toMatchObject({ code: 6, summary: expect.stringContaining('a request of another environment') });
    expect(fixture.platform.sandbox.instances()).toEqual([]);
    expectQuiet(fixture, end, redirect);
  });

  it('is refused by name when something is wrong with it, and the true one still works afterwards', async () => {
    const { fixture, link } = await waiting();
    const redirect = await agree(link);
    for (const [what, change, code, words] of changes) {
      const changed = new URL(redirect);
      change(changed);
      const end = await authorize(fixture, changed.href);
      expect({ what, ...end }).toMatchObject({ what, code, summary: expect.stringContaining(words) });
      expectQuiet(fixture, end, redirect);
    }
    for (const [options, code, words] of elsewhere) {
      const asked = fixture.platform.requests.length;
      const end = await authorize(fixture, redirect, options);
      const said = JSON.stringify(end.log.commands);
      const isAsked = fixture.platform.requests.length > asked;
      expect({ options, code: end.code, said, isAsked: code === 6 && isAsked }).toEqual({
        options,
        code,
        said: expect.stringContaining(words),
        isAsked: false,
      });
      expectQuiet(fixture, end, redirect);
    }
    expect(fixture.platform.sandbox.instances()).toEqual([]);
    expect((await authorize(fixture, redirect)).code).toBe(0);
    const again = await authorize(fixture, redirect);
    expect(again.code).toBe(6);
    expect(again.summary).toContain('the link was used before');
    expect(fixture.platform.sandbox.instances()).toHaveLength(1);
    expectQuiet(fixture, again, redirect);
  });

  it('is refused when the app of the definition changed since it was asked for', async () => {
    const { fixture, link } = await waiting();
    const redirect = await agree(link);
    fixture.rig.write('instances/one.yaml', definition('One', "'another-app'"));
    const end = await authorize(fixture, redirect);
    expect(end.code).toBe(6);
    expect(end.summary).toContain('changed since consent was asked for');
    expect(fixture.platform.sandbox.instances()).toEqual([]);
  });

  it('that is a refusal is told in the words of the provider', async () => {
    const { fixture, link } = await waiting();
    const end = await authorize(fixture, await agree(link, 'deny'));
    expect(end.code).toBe(1);
    expect(end.summary).toContain('The user did not allow the access');
  });

  it('logs a live instance in again, which keeps id and token', async () => {
    const { fixture, link } = await waiting();
    expect((await authorize(fixture, await agree(link))).code).toBe(0);
    const { sandbox } = fixture.platform;
    const [before] = sandbox.instances();
    sandbox.withdrawConsent(before?.id ?? 0, 5);
    await fixture.plan();
    // The link of the new instance was used: only the newer one is for an instance that lives.
    expect((await authorize(fixture, await agree(link))).code).toBe(6);
    const again = fixture
      .bodies()
      .flatMap((body) => linksIn(body))
      .find((one) => one !== link);
    const end = await authorize(fixture, await agree(again));
    expect(end.log.text).toContain('connectorctl authorize in test: Applied: 1');
    expect(end.code).toBe(0);
    expect(sandbox.instances()).toMatchObject([{ id: before?.id, token: before?.token, disabled: false }]);
  });

  it('is recorded as an apply is, and shown by history', async () => {
    const { fixture, link } = await waiting();
    const redirect = await agree(link);
    const inputs = { command: 'authorize', record: 'kept/record.jsonl' };
    expect((await authorize(fixture, redirect, { inputs })).code).toBe(0);
    const record = fixture.rig.read('kept/record.jsonl');
    expect(record).toMatch(/"event":"outcome","key":"one",.*"status":"succeeded"/);
    expect(findLeaks(record, { code: new URL(redirect).searchParams.get('code') ?? '' })).toEqual([]);
  });
});

async function loggedOut() {
  const { fixture, link } = await waiting();
  expect((await authorize(fixture, await agree(link))).code).toBe(0);
  const { sandbox } = fixture.platform;
  sandbox.withdrawConsent(sandbox.instances()[0]?.id ?? 0, 5);
  const end = await fixture.drift(withApp());
  const body = fixture.github.issues.find((one) => one.body.includes('connectorctl:drift'))?.body ?? '';
  return { fixture, end, body };
}

describe('the issue about drift', () => {
  it('asks to log in again by a link that works, and offers no apply that would do nothing', async () => {
    const { fixture, end, body } = await loggedOut();
    expect(end).toMatchObject({ code: 0, outputs: { drift: 'true' } });
    const [link = ''] = linksIn(body);
    expect(body).toContain(
      "gh workflow run authorize.yaml --ref main -f 'environment=test' -f 'instance=one' -F redirect=@-",
    );
    expect(body).not.toContain('After the merge');
    expect(body).not.toContain('connectorctl apply');
    expect(body).toContain('connectorctl authorize --env test one');
    expectQuiet(fixture, end);
    const redirect = await agree(link);
    expect((await authorize(fixture, redirect, { issue: '' })).log.text).toContain('Applied: 1 reauthorized');
    expect(fixture.platform.sandbox.instances()).toMatchObject([{ disabled: false }]);
    expect((await fixture.drift(withApp())).outputs).toMatchObject({ drift: 'false' });
  });
});
