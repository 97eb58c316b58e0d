import { describe, expect, it } from 'vitest';
import { findLeaks } from '../support/leaks.ts';
import type { JobEnd } from '../support/workflow-runner/run-job.ts';
import {
  dispatch,
  node24,
  openScene,
  pullRequest,
  push,
  type Scene,
  secrets,
  tellOfPull,
} from '../support/workflow-runner/scenes.ts';

const further = { APP_SECRET: 'canary-of-the-app-secret' };

const polling = `connector: sharefile
name: ShareFile polling
tags: [Docs]
configuration:
  oauth.api.key: client-of-acme
  oauth.api.secret: \${{ secrets.APP_SECRET }}
  oauth.callback.url: https://app.example.com/oauth
  document.root.folder.name: /top
  sharefile.subdomain: cloud-elements
  event.notification.enabled: true
  event.vendor.type: polling
  event.notification.callback.url: https://app.example.com/events
  event.poller.refresh_interval: 15
`;

/** The address behind the link of a comment. */
function linkIn(body = ''): string {
  return (/\*\*\[log in at [^\]]*\]\(([^)]*)\)/.exec(body)?.[1] ?? '').replaceAll('&amp;', '&');
}

/** What the person who agrees ends at. */
async function agree(link: string): Promise<string> {
  const page = await (await fetch(link)).text();
  expect(page).toContain('The app <b>client-of-acme</b> asks to act for you in');
  const answer = await fetch(link, {
    method: 'POST',
    body: new URLSearchParams({ decision: 'allow' }),
    redirect: 'manual',
  });
  return answer.headers.get('location') ?? '';
}

function expectQuiet({ github, platform }: Scene, redirect: string, ...jobs: readonly (JobEnd | undefined)[]): void {
  const code = new URL(redirect).searchParams.get('code') ?? '';
  const tokens = platform.sandbox.instances().map(({ token }, index) => [`token ${index}`, token] as const);
  const hidden = { ...secrets, ...further, redirect, code, ...Object.fromEntries(tokens) };
  const shown = jobs
    .flatMap((job) => job?.steps ?? [])
    .map(({ log, commands, outputs, summary }) => [log, commands, outputs, summary]);
  expect(findLeaks(JSON.stringify(shown), hidden)).toEqual([]);
  expect(findLeaks(JSON.stringify(github.server.requests.map(({ path, body }) => [path, body])), hidden)).toEqual([]);
}

describe.skipIf('missing' in node24)('without a terminal', () => {
  it('an instance goes from the pull request over the consent of a person to a live one', async () => {
    const scene = await openScene({ further, definitions: { 'instances/two.yaml': polling } });
    const { remote, main, platform, github } = scene;
    const bodies = (): readonly string[] => github.comments.filter(({ issue }) => issue === 5).map(({ body }) => body);

    // The pull request: its plan holds no secret, and without that of the app the platform makes no link.
    const changed = polling.replace('tags: [Docs]', 'tags: [Documents]');
    const head = remote.commit({ 'instances/two.yaml': changed }, main);
    const proposed = pullRequest(remote, { base: main, head });
    tellOfPull(scene, proposed, 'open');
    const plan = (await scene.run('plan', proposed))?.get('plan-production');
    expect(plan?.result).toBe('success');
    expect(bodies()[0]).toContain('The link comes after the merge');
    expect(platform.writes()).toEqual([]);

    // The merge: the other instance fails, so that there is an issue about it.
    tellOfPull(scene, proposed, 'merged');
    platform.sandbox.setFaults([{ kind: 'error', status: 400, on: { methods: ['POST'] } }]);
    const apply = (await scene.run('apply', push(proposed.sha)))?.get('apply-production');
    platform.sandbox.setFaults([]);
    expect(apply?.result).toBe('failure');
    const [issue] = github.issues;
    expect(linkIn(issue?.body)).toContain('/provider/sharefile/authorize?');
    const asked = bodies().at(-1) ?? '';
    expect(asked).toContain("-f 'environment=production' -f 'instance=two' -f 'issue=5' -F redirect=@-");

    // Consent, and the workflow with the address that the browser ended at.
    const redirect = await agree(linkIn(asked));
    const inputs = { environment: 'production', instance: 'two', redirect, issue: '5' };
    const topic = (await scene.run('authorize', dispatch(proposed.sha, 'refs/heads/topic', inputs)))?.get('authorize');
    expect(topic?.result).toBe('failure');
    expect(topic?.steps[1]).toMatchObject({ id: 'authorize', outputs: { 'exit-code': '6' } });
    const other = await scene.run(
      'authorize',
      dispatch(proposed.sha, undefined, { ...inputs, environment: 'staging' }),
    );
    expect(other?.get('authorize')?.result).toBe('failure');
    expect(platform.sandbox.instances()).toEqual([]);

    const authorize = (await scene.run('authorize', dispatch(proposed.sha, undefined, inputs)))?.get('authorize');
    expect(authorize).toMatchObject({
      result: 'success',
      environment: 'production',
      permissions: { contents: 'read', 'pull-requests': 'write', issues: 'write' },
      concurrency: { group: 'connectorctl-apply-production', 'cancel-in-progress': false, queue: 'max' },
    });
    expect(platform.sandbox.instances()).toMatchObject([
      {
        name: 'ShareFile polling',
        tags: expect.arrayContaining(['Documents', expect.stringMatching(/^connectorctl\/.*\/production\/two$/)]),
      },
    ]);
    expect(bodies().at(-1)).toContain('### connectorctl authorize: production');
    expect(bodies().at(-1)).toContain('**Applied: 1 created');
    const onIssue = github.comments.findLast((one) => one.issue === issue?.number)?.body;
    expect(onIssue).toContain('is authorized');
    expect(issue?.state).toBe('open');

    expectQuiet(scene, redirect, plan, apply, topic, authorize);

    // All is well: nothing waits, and the issue is closed.
    const last = (await scene.run('apply', push(proposed.sha)))?.get('apply-production');
    expect(last?.result).toBe('success');
    expect(issue?.state).toBe('closed');
    expect(platform.sandbox.instances()).toHaveLength(2);
  });
});
