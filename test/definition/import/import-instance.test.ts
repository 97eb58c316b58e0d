import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { createNameGiver, nameWithLabel } from '../../../src/definition/convert/reference-names.ts';
import { aConnector, aLive, anEntry, aSecret } from '../../support/builders.ts';
import { anAnswer, answers } from './answers.ts';
import { findErrors, importLive, planAdoption, readAnswer, resolveText, secretsOf } from './round-trip.ts';

/** Answers of one's own platform, one a file, as `{CONNECTORCTL_RESPONSES}/*.json`. */
const folder = process.env['CONNECTORCTL_RESPONSES'];
const ownAnswers =
  folder === undefined
    ? []
    : readdirSync(folder)
        .filter((file) => file.endsWith('.json'))
        .toSorted();
const read = (file: string): unknown => JSON.parse(readFileSync(path.join(folder ?? '', file), 'utf8'));
const instances = ownAnswers.map((file) => [file, read(file)] as const).filter(([, answer]) => !Array.isArray(answer));

function leftOutOf(yaml: ReturnType<typeof importLive>): Readonly<Record<string, string>> {
  return Object.fromEntries(yaml.leftOut.map(({ key, why }) => [key, why]));
}

describe('importInstance, to a new definition', () => {
  it.each([...Object.entries(answers), ...instances])(
    'gives a definition that validates, and whose adoption changes no configuration: %s',
    (_, answer) => {
      const live = readAnswer(answer);
      const { yaml, secrets } = importLive(live);
      expect(findErrors(yaml)).toEqual([]);
      const change = planAdoption(live, yaml);
      expect(change).toMatchObject({ action: 'adopt', id: live.id });
      expect(change?.fields).toEqual([]);
      expect([...secretsOf(live, yaml).keys()].toSorted()).toEqual([...secrets].toSorted());
      for (const word of ['of ours', 'hush', '****']) expect(yaml).not.toContain(word);
    },
  );

  it('never writes a name that shows a secret, not even one that reads as a reference', () => {
    const known = { shows: (text: string) => text.includes('c4nary'), nameOf: () => undefined };
    for (const name of ['c4nary', 'c4nary ${{ secrets.P }}', '${{ c4nary']) {
      const { yaml } = importLive(aLive({ connector: 'jira', name, configuration: {} }), { known });
      expect(yaml).not.toContain('c4nary');
      expect(yaml).toMatch(/^name: \$\{\{ vars\./m);
    }
  });

  it('takes a user name for the secret that it is when the instance has no other credential', () => {
    const configuration = { subdomain: 'acme', username: 'k3y-of-the-api' };
    const imported = importLive(aLive({ connector: 'freshdeskv2', configuration }));
    expect(imported.yaml).toContain('username: ${{ secrets.FRESHDESKV2_USERNAME }}');
    expect(imported.yaml).not.toContain('k3y-of-the-api');
  });

  it('writes what a person set, in the usual order, and leaves the rest to the platform', () => {
    const live = readAnswer(answers['OAuth 2 with tokens, templates and an alias']);
    const imported = importLive(live, { schemaPath: '../../schema/instance.schema.json' });
    expect(imported.yaml).toBe(`# yaml-language-server: $schema=../../schema/instance.schema.json
connector: sharefile
name: Contracts (EU)
adopt: 4711
configuration:
  document.root.folder.name: /contracts
  oauth.api.key: \${{ secrets.SHAREFILE_CLIENT_ID }}
  oauth.api.secret: \${{ secrets.SHAREFILE_CLIENT_SECRET }}
  oauth.callback.url: https://app.example.com/back
  sharefile.subdomain: acme
`);
    expect(imported.key).toBe('sharefile/contracts-eu');
    expect(imported.secrets).toEqual(['SHAREFILE_CLIENT_ID', 'SHAREFILE_CLIENT_SECRET']);
    expect(imported.diagnostics).toEqual([]);
    expect(leftOutOf(imported)).toEqual({
      'base.url': 'default',
      'event.notification.callback.url': 'null',
      'event.notification.enabled': 'default',
      'event.notification.signature.key': 'null',
      'event.notification.subscription.id': 'null',
      'event.poller.refresh_interval': 'default',
      'event.poller.urls': 'default',
      'event.vendor.type': 'default',
      'oauth.user.refresh_time': 'volatile',
      'oauth.user.refresh_token': 'volatile',
      'oauth.user.token': 'volatile',
      'pagination.max': 'default',
      'pagination.type': 'null',
      'sharefile.auth.url': 'default',
      'sharefile.token.url': 'default',
    });
  });

  it('writes polled resources as a map, and booleans and quantities as such', () => {
    const { yaml } = importLive(readAnswer(answers['polling with an object as text']));
    expect(yaml).toContain('event.notification.enabled: true\n');
    expect(yaml).toContain('event.poller.refresh_interval: 15\n');
    expect(yaml).toContain('  event.poller.configuration:\n    tickets:\n      url: ');
    expect(yaml).toContain('password: ${{ secrets.FRESHDESKV2_PASSWORD }}\n');
    expect(yaml).toContain('username: robot@example.com\n');
  });

  it('keeps text that only looks like a number', () => {
    const { configuration } = resolveText(
      importLive(readAnswer(answers['a login name that looks like a number, and JSON of the connector'])).yaml,
      {
        secrets: new Map([['QUICKBASE_PASSWORD', aSecret('x')]]),
      },
    );
    expect(Object.fromEntries(configuration)).toMatchObject({
      'quickbase.username': '0012',
      'quickbase.api.version': '1.10',
      'quickbase.objects': '[{"name":"orders","id":"b1"}]',
    });
  });

  it('says that an instance is switched off, and nothing of one that is on', () => {
    expect(importLive(readAnswer(answers['switched off, without any tag'])).yaml).toContain('\nenabled: false\n');
    expect(importLive(aLive()).yaml).not.toContain('enabled');
  });

  it('writes tags but the one that the platform makes of the name, and none of ours', () => {
    expect(importLive(aLive({ name: 'A', userTags: ['A'] })).yaml).not.toContain('tags');
    expect(importLive(aLive({ name: 'A', userTags: ['A', 'b', 'b'] })).yaml).toContain('tags: [A, b]\n');
    expect(importLive(aLive({ name: 'A', userTags: [] })).yaml).not.toContain('connectorctl/');
  });

  it('writes adopt only when asked', () => {
    expect(importLive(aLive({ id: '123' }), { adopt: false }).yaml).not.toContain('adopt');
    expect(importLive(aLive({ id: '99999999999999999999' })).yaml).toContain('adopt: "99999999999999999999"\n');
  });

  it('leaves out what the catalogue gives as default, and keeps what differs from it', () => {
    const connector = aConnector('sharefile', [
      anEntry({ key: 'base.url', defaultValue: 'https://a.example' }),
      anEntry({ key: 'pagination.max', defaultValue: '100' }),
      anEntry({ key: 'event.poller.configuration', defaultValue: '{"a": {"url": "/a", "idField": "id"}}' }),
      anEntry({ key: 'pin', type: 'PASSWORD' }),
    ]);
    const configuration = {
      'base.url': 'https://a.example',
      'pagination.max': '50',
      'event.poller.configuration': '{ "a":{"idField":"id","url":"/a"} }',
      pin: '1234',
    };
    const imported = importLive(aLive({ configuration }), { connector });
    expect(leftOutOf(imported)).toEqual({ 'base.url': 'default', 'event.poller.configuration': 'default' });
    expect(imported.yaml).toContain('pagination.max: 50\n  pin: ${{ secrets.SHAREFILE_PIN }}\n');
  });

  it('asks for no secret of a kind of authentication that is not used', () => {
    const options = [{ value: 'basic' }, { value: 'custom' }];
    const connector = aConnector('shop', [
      anEntry({ key: 'authentication.type', groupControl: true, options, defaultValue: 'basic' }),
      anEntry({ key: 'password', groupName: 'basic' }),
      anEntry({ key: 'oauth.api.secret', groupName: 'custom' }),
      anEntry({ key: 'oauth.user.token.x', groupName: 'custom' }),
    ]);
    const configuration = { password: '********', 'oauth.api.secret': '********', 'oauth.user.token.x': aSecret('x') };
    const imported = importLive(aLive({ connector: 'shop', configuration }), { connector });
    expect(imported.secrets).toEqual(['SHOP_PASSWORD']);
    expect(leftOutOf(imported)).toEqual({ 'oauth.api.secret': 'masked', 'oauth.user.token.x': 'secret' });
  });

  it('never loses a subdomain, a site, a user name or a callback URL', () => {
    const configuration = {
      subdomain: 'acme',
      'site.address': 'acme.example',
      username: 'robot',
      password: '********',
      'oauth.callback.url': 'https://app.example.com/back',
      'event.notification.callback.url': 'https://hooks.example.com',
      'base.url': 'https://acme.example/api',
      baseUrl: 'acme.example',
    };
    const { yaml } = importLive(aLive({ connector: 'shop', configuration }));
    const { password: _masked, ...shown } = configuration;
    for (const [key, value] of Object.entries(shown)) expect(yaml).toContain(`  ${key}: ${value}\n`);
  });

  it('leaves out what reads as a placeholder or a reference, and warns', () => {
    const configuration = {
      site: '<SITE_ADDRESS>',
      note: '${{ vars.note }}',
      'event.poller.urls': 'a|/a?where=n<5 and m>3',
    };
    const imported = importLive(
      aLive({ connector: 'shop', configuration: { ...configuration, 'event.notification.enabled': 'true' } }),
    );
    expect(leftOutOf(imported)).toEqual({ site: 'placeholder', note: 'placeholder' });
    expect(imported.diagnostics.map(({ code, severity }) => `${severity} ${code}`)).toEqual([
      'warning placeholder-on-platform',
      'warning placeholder-on-platform',
    ]);
  });

  it('makes a variable of a name that reads as a placeholder, as a definition needs one and an apply would write over it', () => {
    const { yaml, diagnostics } = importLive(aLive({ id: '7', connector: 'shop', name: 'your-company' }));
    expect(yaml).toContain('name: ${{ vars.shop7Name }} # on the platform: your-company\n');
    expect(diagnostics.map(({ code }) => code)).toEqual(['placeholder-on-platform']);
  });

  it('leaves out tags of which one cannot be written, as those on the platform then stay', () => {
    for (const tag of ['<ADD_A_TAG>', '***', ' ', 'connectorctl-like']) {
      const { yaml, diagnostics } = importLive(aLive({ userTags: ['Docs', tag] }));
      expect(yaml).not.toContain('tags');
      expect(diagnostics.map(({ code }) => code)).toEqual(['placeholder-on-platform']);
    }
  });

  it('gives secrets of different instances different names', () => {
    const nameSecret = createNameGiver();
    nameSecret('SHAREFILE_PASSWORD', 'in use');
    const names = ['1', '2'].map(
      (id) => importLive(aLive({ id, configuration: { password: '********' } }), { nameSecret }).secrets,
    );
    expect(names).toEqual([['SHAREFILE_PASSWORD_2'], ['SHAREFILE_PASSWORD_3']]);
  });

  it('names a secret that is one of several after its connection, and numbers it last', () => {
    const nameSecret = createNameGiver();
    const nameOf = (label: string, value: string) => {
      const wanted = 'AUTO_TASK_CLIENT_SECRET';
      return nameSecret(wanted, value, nameWithLabel(wanted, 'auto-task', label));
    };
    expect(
      ['a', 'finance-team', 'finance-team', '..', 'x'.repeat(50)].map((label, at) => nameOf(label, `${at}`)),
    ).toEqual([
      'AUTO_TASK_CLIENT_SECRET',
      'AUTO_TASK_FINANCE_TEAM_CLIENT_SECRET',
      'AUTO_TASK_FINANCE_TEAM_CLIENT_SECRET_2',
      'AUTO_TASK_CLIENT_SECRET_2',
      `AUTO_TASK_${'X'.repeat(40)}_CLIENT_SECRET`,
    ]);
    // Known to be the same, it is the same.
    expect(nameOf('other', '0')).toBe('AUTO_TASK_CLIENT_SECRET');
  });

  it('keeps both keys where ShareFile answers both', () => {
    const live = readAnswer(
      anAnswer('sharefile', 'A', {
        'oauth.callback.url': 'https://a.example',
        'sharefile.callback.url': 'https://b.example',
      }),
    );
    expect(importLive(live).yaml).toContain(
      '  oauth.callback.url: https://a.example\n  sharefile.callback.url: https://b.example\n',
    );
  });
});
