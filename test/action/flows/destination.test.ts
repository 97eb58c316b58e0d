import { describe, expect, it } from 'vitest';
import { git } from '../../support/git.ts';
import { startPlatform } from '../../support/platform.ts';
import { commitCheckout, commits, type FlowFixture, openFlow, pullEvent } from './open-flow.ts';

/** Plans the pull request that changes the workspace file so. */
async function planChanged(fixture: FlowFixture, change: (text: string) => string) {
  const base = commitCheckout(fixture);
  fixture.rig.write('connectorctl.yaml', change(fixture.rig.read('connectorctl.yaml')));
  commitCheckout(fixture);
  return fixture.plan({ event: pullEvent(undefined, {}, base) });
}

describe('a pull request that changes the workspace file', () => {
  it('gets no credentials sent to its own address, although that host is allowed: an offline plan and a red box', async () => {
    const fixture = await openFlow();
    const canary = await startPlatform();
    const end = await planChanged(fixture, (text) => text.replace(fixture.platform.origin, canary.origin));
    expect([canary.requests, fixture.platform.requests]).toEqual([[], []]);
    expect(end.code).toBe(0);
    const [comment = ''] = fixture.bodies();
    expect(comment).toMatch(
      /^<!-- .* -->\n### connectorctl plan: test\n\n> \[!CAUTION\]\n> \*\*This pull request changes/,
    );
    expect(comment).toContain('Credentials go only there');
    expect(comment).toContain(canary.origin.replace('http://', ''));
    expect(comment).not.toContain('connectorctl:review');
  });

  it('shows limits, prune and rules at the top although the plan is online', async () => {
    const fixture = await openFlow();
    const end = await planChanged(fixture, (text) =>
      text
        .replace('"maxDelete":100', '"maxDelete":9999')
        .replace('"prune":true', '"prune":false')
        .replace(/^\{/, '{"rules":{"duplicate-name":"off"},'),
    );
    expect(end.code).toBe(0);
    expect(fixture.platform.requests.length).toBeGreaterThan(0);
    const [comment = ''] = fixture.bodies();
    expect(comment).toContain('> [!CAUTION]\n> **This pull request changes');
    expect(comment).toMatch(/limits\.maxDelete.*100.*9999/);
    expect(comment).toMatch(/prune.*true.*false/);
    expect(comment).toMatch(/rules\.duplicate-name.*\(not set\).*off/);
    expect(comment.indexOf('[!CAUTION]')).toBeLessThan(comment.indexOf('to create'));
  });

  it('says at the top that another name of the workspace makes everything once more', async () => {
    const fixture = await openFlow();
    const end = await planChanged(fixture, (text) => text.replace('"workspace":"acme"', '"workspace":"acme2"'));
    expect(end.code).toBe(0);
    expect(fixture.platform.requests.length).toBeGreaterThan(0);
    expect(fixture.bodies()[0]).toContain('> [!CAUTION]\n> **This pull request changes');
    expect(fixture.bodies()[0]).toMatch(/\[!CAUTION\](\n>.*)*acme2/);
  });

  it('has no secrets read where it says, but an offline plan and a red box', async () => {
    const fixture = await openFlow();
    const folder = JSON.stringify({ directory: fixture.rig.directory });
    fixture.rig.write('TOKEN', 'canary-of-the-machine');
    const end = await planChanged(fixture, (text) => text.replace('"prune":true', `"prune":true,"secrets":${folder}`));
    expect(end.code).toBe(0);
    expect(fixture.platform.requests).toEqual([]);
    const [comment = ''] = fixture.bodies();
    expect(comment).toContain('> [!CAUTION]\n> **This pull request changes');
    expect(comment).toContain('Secrets come from another place');
    expect(comment).toMatch(/secrets\.directory/);
    expect(comment).not.toContain('connectorctl:review');
  });

  it('is planned as ever where it changes neither', async () => {
    const fixture = await openFlow();
    await planChanged(fixture, (text) => text);
    expect(fixture.platform.requests.length).toBeGreaterThan(0);
    expect(fixture.bodies()[0]).not.toContain('This pull request changes');
  });

  it('has an address of its own where the base has no workspace file: it is not asked', async () => {
    const fixture = await openFlow();
    const text = fixture.rig.read('connectorctl.yaml');
    fixture.rig.write(
      'connectorctl.yaml',
      'version: 1\nworkspace: acme\nenvironments: { old: { platform: sandbox } }\n',
    );
    await planChanged(fixture, () => text);
    expect(fixture.platform.requests).toEqual([]);
    expect(fixture.bodies()[0]).toContain('Credentials go only there');
  });

  it.each(['its base is not in the clone', 'git cannot read the checkout', 'there is no git'])(
    'gets no credentials sent anywhere where %s, as nobody knows what it changed',
    async (where) => {
      const fixture = await openFlow();
      const canary = await startPlatform();
      const base = commitCheckout(fixture);
      const text = fixture.rig.read('connectorctl.yaml');
      fixture.rig.write('connectorctl.yaml', text.replace(fixture.platform.origin, canary.origin));
      commitCheckout(fixture);
      if (where.startsWith('git')) fixture.rig.write('.git/config', '[core]\nrepositoryformatversion = 99\n');
      const event = pullEvent(undefined, {}, where.startsWith('its') ? commits.base : base);
      const env = where.startsWith('there') ? { PATH: '' } : {};
      const end = await fixture.plan({ event, env });
      expect([canary.requests, fixture.platform.requests]).toEqual([[], []]);
      expect(end.code).not.toBe(0);
      expect(fixture.bodies()[0]).toContain('Credentials go only there, so none were sent.');
      expect(fixture.bodies()[0]).not.toContain('connectorctl:review');
    },
  );
});

/** Plans a group of a queue that goes into the branch that the checkout knows as `origin/main`. */
async function planQueued(fixture: FlowFixture, change: (text: string) => string) {
  const base = commitCheckout(fixture);
  git(fixture.rig.directory, 'update-ref', 'refs/remotes/origin/main', base);
  fixture.rig.write('connectorctl.yaml', change(fixture.rig.read('connectorctl.yaml')));
  const sha = commitCheckout(fixture);
  // Whoever may push may push a tag with the name that git would take first.
  git(fixture.rig.directory, 'tag', 'origin/main', sha);
  const event = {
    repository: { default_branch: 'main' },
    // Of a queue of several, the base is the group before this one, which is not merged either.
    merge_group: { base_sha: sha, base_ref: 'refs/heads/main' },
  };
  return fixture.run({ on: 'merge_group', ref: 'refs/heads/gh-readonly-queue/main/pr-5', sha, event });
}

describe('a merge queue', () => {
  it('sends no credentials to an address that its branch does not name yet', async () => {
    const fixture = await openFlow();
    const canary = await startPlatform();
    const end = await planQueued(fixture, (text) => text.replace(fixture.platform.origin, canary.origin));
    expect([canary.requests, fixture.platform.requests]).toEqual([[], []]);
    expect(end.code).toBe(0);
    expect(end.summary).toContain('Credentials go only there');
  });

  it('is planned as ever where it changes nothing of that', async () => {
    const fixture = await openFlow();
    expect(await planQueued(fixture, (text) => text)).toMatchObject({ code: 0, outputs: { create: '1' } });
    expect(fixture.platform.requests.length).toBeGreaterThan(0);
  });
});
