import { describe, expect, it } from 'vitest';
import { connectorFile } from '../../src/model/environment.ts';
import { expectGolden } from '../support/golden.ts';
import { openRig } from '../support/rig.ts';

const pulled = (key: string, configuration: readonly object[]): string =>
  JSON.stringify({ id: 7, key, name: 'Ours', hub: 'general', authentication: { type: 'basic' }, configuration });

const workspace = 'version: 1\nworkspace: acme\nenvironments:\n  sandbox: { platform: sandbox }\n';

describe('connectorctl explain', () => {
  it('says what can be configured, with a first definition, in no workspace', async () => {
    const { stdout, code } = await openRig().run(['explain', 'sharefile']);
    expect(code).toBe(0);
    expectGolden('explain/sharefile.txt', stdout);
    expect(Math.max(...stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(120);
  });

  it('says what one key is, also one that the console hides, with its whole default', async () => {
    const { stdout } = await openRig().run(['explain', 'sharefile.event.poller.configuration']);
    expect(stdout).toContain('What is polled');
    expect(stdout).toContain('"updatedDateField": "CreationDate"');
    expect((await openRig().run(['explain', 'sharefile.oauth.user.token'])).stdout).toContain('secret');
  });

  it('lists connectors, all or those with a word', async () => {
    const all = (await openRig().run(['explain', '--list'])).stdout.trim().split('\n');
    expect(all).toHaveLength(166);
    const some = (await openRig().run(['explain', '--list', 'HELPDESK'])).stdout;
    expect(some).toMatch(/^zendesk +Zendesk +helpdesk$/m);
    expect((await openRig().run(['explain', '--list', 'zzz'])).stdout).toContain('zzz');
  });

  it('lists those that were pulled too, with what the platform calls them', async () => {
    const rig = openRig({ 'connectorctl.yaml': workspace, [connectorFile('acme(x)')]: pulled('acme(x)', []) });
    expect((await rig.run(['explain', '--list', 'acme'])).stdout).toBe('acme(x)  Ours  general\n');
    expect((await rig.run(['explain', '--list'])).stdout.trim().split('\n')).toHaveLength(167);
    expect((await rig.run(['explain', 'acme(x).nothing'])).stderr).toContain("connectorctl explain 'acme(x)'");
  });

  it('tells what the vendor keeps under a name that says something else', async () => {
    const { stdout } = await openRig().run(['explain', 'closeio.username']);
    expect(stdout).toContain('API Key. User at the provider');
  });

  it.each([
    ['salesforce', 'Did you mean `sfdc` or'],
    ['closeo', 'Did you mean `closeio`?'],
    ['sharefile.oauth.user.tokn', 'Did you mean `oauth.user.token`?'],
    ['nothing-like-it', 'connectorctl explain --list'],
    ['own-crm.username', 'connectorctl catalog pull own-crm'],
  ])('says what was meant with %s', async (subject, hint) => {
    const { code, stderr, stdout } = await openRig().run(['explain', subject]);
    expect({ code, stdout }).toEqual({ code: 3, stdout: '' });
    expect(stderr).toContain(hint);
  });

  it('asks for a connector', async () => {
    const { code, stderr } = await openRig().run(['explain']);
    expect(code).toBe(3);
    expect(stderr).toContain('connectorctl explain --list');
  });

  it('believes what was pulled, before what is built in', async () => {
    const entry = { key: 'own.key', name: 'Own \u001B[31mkey', type: 'TEXTFIELD_32', required: true };
    const rig = openRig({
      'connectorctl.yaml': workspace,
      [connectorFile('sharefile')]: pulled('sharefile', [entry]),
      'instances/one.yaml': 'connector: sharefile\nname: One\nconfiguration:\n  own.kye: x\n',
    });
    const { stdout } = await rig.run(['explain', 'sharefile']);
    expect(stdout).toContain('own.key  required, text');
    expect(stdout).toContain('As your platform describes it');
    expect(stdout).not.toContain('\u001B');
    const { code, stdout: said } = await rig.run(['validate']);
    expect(code).toBe(3);
    expect(said).toContain('Did you mean `own.key`?');
  });

  it('finds connectors whose keys hold what a file name may not', async () => {
    const key = 'netsuiteerp2018release1(proxy)/a.b';
    const rig = openRig({
      'connectorctl.yaml': workspace,
      [connectorFile(key)]: pulled(key, [{ key: 'x.y', name: 'X', type: 'PASSWORD', required: true }]),
    });
    expect((await rig.run(['explain', key])).stdout).toContain('x.y  required, secret');
    expect((await rig.run(['explain', `${key}.x.y`])).code).toBe(0);
  });

  it.each([
    ['not JSON', '{', 'it is not JSON'],
    ['of another connector', pulled('closeio', []), 'it is about the connector `closeio`'],
    ['without entries', '{"key":"sharefile"}', 'no list `configuration`'],
  ])('names a file that is %s, in validate too', async (_, text, why) => {
    const rig = openRig({
      'connectorctl.yaml': workspace,
      [connectorFile('sharefile')]: text,
      'instances/one.yaml': 'connector: sharefile\nname: One\nconfiguration: {}\n',
    });
    const { code, stdout, stderr } = await rig.run(['validate']);
    const said = stdout + stderr;
    expect(code).toBe(3);
    expect(said).toContain('schema/connectors/sharefile.json:1:1');
    expect(said).toContain(why);
    expect(said).toContain('connectorctl catalog pull');
  });
});
