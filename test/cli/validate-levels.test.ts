import { describe, expect, it } from 'vitest';
import { openRig } from '../support/rig.ts';

const workspace = 'version: 1\nworkspace: acme\nenvironments:\n  sandbox: { platform: sandbox }\n';
const events = (comment = ''): string =>
  `connector: sharefile\nname: A\nconfiguration:\n  oauth.callback.url: https://a.example.com\n  oauth.api.key: \${{ secrets.A }}\n  oauth.api.secret: \${{ secrets.B }}\n  sharefile.subdomain: acme\n  document.root.folder.name: /top\n  event.notification.enabled: true${comment}\n`;
const reason = ' # connectorctl-ignore events-without-callback: only formulas';

function rigOf(text: string, rules = '') {
  return openRig({ 'connectorctl.yaml': `${workspace}${rules}`, 'instances/a.yaml': text });
}

describe('how much warnings count', () => {
  it('is nothing, or with --strict as much as errors, in every format and before anything is planned', async () => {
    const rig = rigOf(events());
    expect((await rig.run(['validate'])).code).toBe(0);
    const strict = await rig.run(['validate', '--strict']);
    expect(strict.code).toBe(3);
    expect(strict.stdout).toContain('error events-without-callback');
    const json = await rig.run(['validate', '--strict', '--format', 'json']);
    expect(JSON.parse(json.stdout)).toMatchObject({ exitCode: 3, diagnostics: [{ severity: 'error' }] });
    expect((await rig.run(['plan', '--strict'])).code).toBe(3);
    expect((await rigOf(events(reason)).run(['validate', '--strict'])).code).toBe(0);
  });

  it('is for the workspace to say, but for rules that keep secrets safe', async () => {
    const rules = 'rules: { events-without-callback: error }\n';
    expect((await rigOf(events(), rules).run(['validate'])).code).toBe(3);
    expect((await rigOf(events(), rules.replace('error', 'off')).run(['validate', '--strict'])).code).toBe(0);
    const host = 'environments:\n  live: { baseUrl: https://my.openconnectors.eu10.ext.hana.ondemand.com }\n';
    const other = rigOf(events());
    other.write('connectorctl.yaml', `version: 1\nworkspace: acme\n${host}`);
    const named = await other.run(['validate', 'instances/a.yaml', '--env', 'live']);
    expect(named.stdout).toContain('connectorctl.yaml:4:');
    expect(named.code).toBe(3);
    const refused = await rigOf(events(), 'rules: { literal-secret: off }\n').run(['validate', 'instances/a.yaml']);
    expect(refused.code).toBe(3);
    expect(refused.stdout).toContain('cannot be set to `off`');
  });
});

describe('the files that are named', () => {
  it('may be the workspace file too, which is checked and no definition', async () => {
    const rig = rigOf(events(reason));
    const named = ['validate', 'connectorctl.yaml', 'instances/a.yaml'];
    expect(await rig.run(named)).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^2 files checked, no problems/),
    });
    expect(await rig.run(named.slice(0, 2))).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^1 file checked, no problems/),
    });
    rig.write('connectorctl.yaml', `${workspace}defaultEnvironment: no-such\n`);
    expect((await rig.run(named)).code).toBe(3);
  });
});

describe('what comments silence', () => {
  it('is counted by a plan as well, with the way to see it', async () => {
    const rig = rigOf(events(reason));
    const { stderr } = await rig.run(['plan']);
    expect(stderr).toContain('1 problem is silenced by comments in the definitions.');
    expect(stderr).toContain('connectorctl validate --show-silenced');
    const { stdout } = await rig.run(['plan', '--format', 'json']);
    expect(JSON.parse(stdout)).toMatchObject({ silenced: [{ code: 'events-without-callback', line: 9 }] });
    expect((await rigOf(events()).run(['plan'])).stderr).not.toContain('silenced');
  });

  it('is counted, listed with its reason on request, and in JSON', async () => {
    const rig = rigOf(events(reason));
    expect((await rig.run(['validate'])).stdout).toBe('1 file checked, no problems, 1 silenced.\n');
    const listed = (await rig.run(['validate', '--show-silenced'])).stdout;
    expect(listed).toContain('instances/a.yaml:9:3 silenced events-without-callback');
    expect(listed).toContain('reason: only formulas');
    const { stdout } = await rig.run(['validate', '--format', 'json']);
    expect(JSON.parse(stdout)).toMatchObject({
      diagnostics: [],
      silenced: [{ code: 'events-without-callback', line: 9, reason: 'only formulas' }],
    });
  });
});
