import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { readContext } from '../../../src/action/runner/read-context.ts';
import { decodeEvent, readEvent } from '../../../src/action/runner/read-event.ts';
import { openRig } from '../../support/rig.ts';

const env = {
  GITHUB_EVENT_NAME: 'push',
  GITHUB_REPOSITORY: 'acme/integrations',
  GITHUB_SHA: 'a'.repeat(40),
  GITHUB_REF: 'refs/heads/main',
  GITHUB_RUN_ID: '42',
  GITHUB_RUN_ATTEMPT: '3',
};

describe('where a step runs', () => {
  it('is github.com unless the runner says otherwise', () => {
    expect(readContext(env)).toMatchObject({
      apiUrl: 'https://api.github.com',
      graphqlUrl: 'https://api.github.com/graphql',
      runUrl: 'https://github.com/acme/integrations/actions/runs/42/attempts/3',
    });
    const own = { GITHUB_SERVER_URL: 'https://git.acme.example', GITHUB_API_URL: 'https://git.acme.example/api/v3/' };
    expect(readContext({ ...env, ...own })).toMatchObject({
      apiUrl: 'https://git.acme.example/api/v3',
      graphqlUrl: 'https://git.acme.example/api/graphql',
      runUrl: 'https://git.acme.example/acme/integrations/actions/runs/42/attempts/3',
    });
  });

  it.each([
    ['GITHUB_EVENT_NAME', ''],
    ['GITHUB_REPOSITORY', 'acme'],
    ['GITHUB_REPOSITORY', 'acme/../x?y'],
    ['GITHUB_SHA', 'main'],
    ['GITHUB_API_URL', 'http://api.github.com'],
    ['GITHUB_API_URL', 'https://user:password@api.github.com'],
    ['GITHUB_API_URL', 'nothing'],
    ['GITHUB_RUN_ID', '1/../../x'],
  ])('is refused when %s is "%s"', (name, value) => {
    expect(() => readContext({ ...env, [name]: value })).toThrow(name);
  });
});

describe('the event', () => {
  it('is whatever a stranger sends: nothing in it is believed to be there', () => {
    const shapes: readonly unknown[] = [
      null,
      1,
      'x',
      [],
      {},
      { pull_request: null },
      { pull_request: { number: '5' } },
    ];
    for (const shape of shapes) expect(decodeEvent(shape)).toEqual({ isDeletion: false });
    expect(decodeEvent(JSON.parse('{"__proto__":{"action":"closed"},"pull_request":{"number":5}}'))).toEqual({
      isDeletion: false,
      pull: { number: 5, headSha: '', baseSha: '', isFork: true, author: '' },
    });
  });

  it('is refused when it is empty, too large or no JSON', () => {
    const rig = openRig({ 'empty.json': '', 'broken.json': '{', 'large.json': ' '.repeat(32 * 1024 * 1024 + 1) });
    for (const name of ['empty.json', 'broken.json', 'large.json', 'gone.json']) {
      expect(() => readEvent(path.join(rig.directory, name))).toThrow('The event of this run cannot be read.');
    }
    expect(readEvent(undefined)).toEqual({ isDeletion: false });
  });
});
