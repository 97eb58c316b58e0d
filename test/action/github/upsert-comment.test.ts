import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hasMarker, renderMarker } from '../../../src/action/github/authorship.ts';
import {
  commentLimits,
  findComment,
  upsertComment,
  type UpsertedComment,
} from '../../../src/action/github/comments.ts';
import {
  type FakeGithub,
  type FakeGithubOptions,
  type Holder,
  jobHolder,
  startGithub,
  stranger,
} from '../../support/fake-github.ts';
import type { Answer } from '../../support/http-server.ts';
import { openClient, type TestClient } from './open-client.ts';

const marker = renderMarker({ kind: 'plan', environment: 'production' });
const place = { issue: 5, marker };

interface Fixture extends TestClient {
  readonly github: FakeGithub;
  readonly upsert: (body: string, author?: string) => Promise<UpsertedComment>;
}

async function open(options: FakeGithubOptions = {}, token?: string): Promise<Fixture> {
  const github = await startGithub(options);
  github.issues.push({ number: 5, title: '', body: '', state: 'open', labels: [], by: stranger });
  const test = openClient(github.server.origin, {}, token);
  return { github, ...test, upsert: (body, author) => upsertComment(test.client, { ...place, author }, body) };
}

const bodies = ({ github }: Fixture): readonly string[] => github.comments.map((comment) => comment.body);

describe('the comment of an environment', () => {
  it('is made once and then kept up to date', async () => {
    const fixture = await open();
    const first = await fixture.upsert('one');
    expect(first).toMatchObject({ ok: true, how: 'created' });
    const second = await fixture.upsert('two');
    expect(second).toEqual({ ...first, how: 'updated' });
    expect(bodies(fixture)).toEqual([`${marker}\ntwo`]);
  });

  it('is one for each environment and folder', async () => {
    const fixture = await open();
    const other = renderMarker({ kind: 'plan', environment: 'production', directory: 'apps/crm' });
    await fixture.upsert('one');
    await upsertComment(fixture.client, { issue: 5, marker: other }, 'two');
    await fixture.upsert('three');
    expect(bodies(fixture)).toEqual([`${marker}\nthree`, `${other}\ntwo`]);
  });

  it('is found among two hundred and fifty, on the last page', async () => {
    const fixture = await open();
    for (let index = 0; index < 249; index += 1) fixture.github.addComment(5, `comment ${index}`, stranger);
    fixture.github.addComment(5, `${marker}\nold`);
    expect(await fixture.upsert('new')).toMatchObject({ ok: true, how: 'updated' });
    expect(bodies(fixture)).toHaveLength(250);
    expect(bodies(fixture).at(-1)).toBe(`${marker}\nnew`);
  });

  it.each<readonly [string, Holder]>([
    ['a person', stranger],
    ['a person of nearly that name', { ...stranger, login: 'github-actions' }],
    ['another app', { ...jobHolder, login: 'other[bot]', app: 'other' }],
    ['somebody who says to be a bot', { ...stranger, login: 'github-actions[bot]' }],
    ['an app in the name of a bot', { ...jobHolder, app: 'other' }],
  ])('is not the forged one by %s', async (_, by) => {
    const fixture = await open();
    const forged = fixture.github.addComment(5, `${marker}\nforged`, by);
    expect(await findComment(fixture.client, place)).toBeUndefined();
    expect(await fixture.upsert('ours')).toMatchObject({ ok: true, how: 'created' });
    expect(forged.body).toBe(`${marker}\nforged`);
    expect((await findComment(fixture.client, place))?.body).toBe(`${marker}\nours`);
  });

  it('is not one of ours that only speaks of it', async () => {
    const fixture = await open();
    fixture.github.addComment(5, `quoted:\n${marker}\nx`);
    fixture.github.addComment(5, `${marker} and more\nx`);
    expect(await fixture.upsert('ours')).toMatchObject({ how: 'created' });
    expect(bodies(fixture)).toHaveLength(3);
  });

  it('is written over when somebody edited it, with whatever line breaks', async () => {
    const fixture = await open();
    fixture.github.addComment(5, `${marker}\r\nLGTM, nothing will be deleted`);
    expect(await fixture.upsert('truth')).toMatchObject({ how: 'updated' });
    expect(bodies(fixture)).toEqual([`${marker}\ntruth`]);
  });

  it('is the oldest of several, and the others go, as they show plans that are no more', async () => {
    const fixture = await open();
    for (const body of ['first', 'second', 'third']) fixture.github.addComment(5, `${marker}\n${body}`);
    const [oldest] = fixture.github.comments;
    expect(await fixture.upsert('new')).toMatchObject({
      ok: true,
      url: expect.stringContaining(`-${oldest?.id}`),
    });
    expect(bodies(fixture)).toEqual([`${marker}\nnew`]);
  });

  it('is made anew when it is deleted between being found and being written', async () => {
    const fixture = await open({
      before: ({ method }, index) => {
        if (method === 'PATCH' && index > 0) fixture.github.comments.length = 0;
        return undefined;
      },
    });
    fixture.github.addComment(5, `${marker}\nold`);
    expect(await fixture.upsert('new')).toMatchObject({ ok: true, how: 'created' });
    expect(bodies(fixture)).toEqual([`${marker}\nnew`]);
  });

  it('is not made twice when the answer to the first attempt is lost', async () => {
    const lose = { left: 1 };
    const fixture = await open({
      after: ({ method, path }) =>
        method === 'POST' && path.endsWith('/comments') && (lose.left -= 1) >= 0 ? { fault: 'reset' } : undefined,
    });
    expect(await fixture.upsert('one')).toMatchObject({ ok: true, how: 'created' });
    expect(bodies(fixture)).toEqual([`${marker}\none`]);
  });

  it('is sent a second time when the first attempt did not arrive', async () => {
    const fail = { left: 1 };
    const fixture = await open({
      before: ({ method, path }) =>
        method === 'POST' && path.endsWith('/comments') && (fail.left -= 1) >= 0 ? { fault: 'reset' } : undefined,
    });
    expect(await fixture.upsert('one')).toMatchObject({ ok: true });
    expect(bodies(fixture)).toEqual([`${marker}\none`]);
  });

  it.each<readonly [string, Answer]>([
    ['forbidden', { status: 403, json: { message: 'Resource not accessible by integration' } }],
    ['not-found', { status: 404, json: { message: 'Not Found' } }],
    ['too-long', { status: 413, body: '' }],
    ['rate-limit', { status: 429, headers: { 'retry-after': '600' }, json: {} }],
    ['failed', { status: 401, json: { message: 'Bad credentials' } }],
    ['failed', { status: 500, body: '' }],
  ])('says that it could not be written: %s', async (why, answer) => {
    const fixture = await open({ before: ({ path }) => (path.endsWith('/comments') ? answer : undefined) });
    const end = await fixture.upsert('one');
    expect(end).toMatchObject({ ok: false, why, message: expect.stringContaining(String(answer.status)) });
  });

  it('is refused to a token that may only read, and says what it needs', async () => {
    const fixture = await open();
    fixture.github.holders.set('weak', { ...jobHolder, permissions: { issues: 'read' } });
    const weak = openClient(fixture.github.server.origin, {}, 'weak').client;
    expect(await upsertComment(weak, place, 'one')).toMatchObject({
      ok: false,
      why: 'forbidden',
      hint: expect.stringContaining('issues=write; pull_requests=write'),
    });
  });

  it('has as much room as GitHub gives', async () => {
    const fixture = await open();
    const room = commentLimits(marker).maxCharacters;
    expect(await fixture.upsert('😀'.repeat(room))).toMatchObject({ ok: true });
    expect(await fixture.upsert('x'.repeat(room + 1))).toMatchObject({ ok: false, why: 'too-long' });
  });
});

describe('who we are', () => {
  const app: Holder = { ...jobHolder, login: 'My-App[bot]', app: 'my-app' };
  const person: Holder = { ...jobHolder, login: 'Ada', type: 'User' };

  it.each([app, person])('is whoever the token belongs to: $login', async (holder) => {
    const fixture = await open({}, 'other');
    fixture.github.holders.set('other', holder);
    await fixture.upsert('one');
    expect(await fixture.upsert('two')).toMatchObject({ ok: true, how: 'updated' });
    fixture.github.addComment(5, `${marker}\nx`);
    expect(await fixture.upsert('three')).toMatchObject({ how: 'updated' });
    expect(bodies(fixture)).toEqual([`${marker}\nthree`, `${marker}\nx`]);
  });

  it('is what the input says, without asking', async () => {
    const fixture = await open({}, 'other');
    fixture.github.holders.set('other', app);
    await fixture.upsert('one', 'my-app[bot]');
    expect(await fixture.upsert('two', 'MY-APP[bot]')).toMatchObject({ how: 'updated' });
    expect(fixture.github.server.requests.map(({ path }) => path)).not.toContain('/graphql');
  });

  it('is the bot of jobs where GraphQL is switched off, and a comment by somebody else is told', async () => {
    const off: FakeGithubOptions = {
      before: ({ path }) => (path === '/graphql' ? { status: 404, json: {} } : undefined),
    };
    const fixture = await open(off);
    expect(await fixture.upsert('one')).toEqual({ ok: true, how: 'created', url: expect.any(String) });
    fixture.github.holders.set('other', app);
    const other = openClient(fixture.github.server.origin, {}, 'other').client;
    fixture.github.comments.length = 0;
    expect(await upsertComment(other, place, 'two')).toMatchObject({ ok: true, unexpectedAuthor: 'my-app[bot]' });
  });
});

describe('a marker', () => {
  const subject = fc.record(
    { environment: fc.string({ unit: 'binary' }), directory: fc.string({ unit: 'binary' }) },
    { requiredKeys: [] },
  );

  it('is one line and one HTML comment, whatever the environment is called', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('-->', '--!>', 'a\nb', 'x -- y')),
        (environment) => {
          const line = renderMarker({ kind: 'plan', environment });
          expect(line).toMatch(/^<!-- connectorctl:plan:v1 environment=[\w.!~*'()%-]* -->$/);
          expect(line.slice(4, -3)).not.toContain('--');
          expect(hasMarker(`${line}\nbody`, line)).toBe(true);
        },
      ),
    );
  });

  it('is another one for every other subject', () => {
    fc.assert(
      fc.property(subject, subject, (one, other) => {
        const same = one.environment === other.environment && (one.directory ?? '.') === (other.directory ?? '.');
        expect(renderMarker({ kind: 'plan', ...one }) === renderMarker({ kind: 'plan', ...other })).toBe(same);
        expect(renderMarker({ kind: 'plan', ...one })).not.toBe(renderMarker({ kind: 'drift', ...one }));
      }),
    );
  });
});
