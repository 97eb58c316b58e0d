import { describe, expect, it } from 'vitest';
import type { Imported } from '../../../src/definition/import/import-options.ts';
import type { OwnedInstance } from '../../../src/model/live.ts';
import { aLive, aSecret } from '../../support/builders.ts';
import type { LiveOptions } from '../../support/builders.ts';
import { anEnvironment } from '../../validation/check-text.ts';
import { importLive, resolveText } from './round-trip.ts';

const text = `# ShareFile of the contracts team
connector: sharefile
name: Contracts   # as on the door
tags: [legal, '\${{ vars.stage }}']
configuration:
  # who we are
  oauth.api.secret: \${{ secrets.SHAREFILE_CLIENT_SECRET }}
  oauth.callback.url: https://\${{ vars.host }}/back
  sharefile.subdomain: "acme"   # theirs

  event.notification.enabled: true
  event.poller.refresh_interval: 15 # minutes
  event.poller.configuration:
    files:
      url: /files?host=\${{ vars.host }}   # where
      idField: Id
      pageSize: 100
overrides:
  production:
    configuration: { sharefile.subdomain: acme-live } # the real one
  staging:
    name: Contracts of staging
`;

const environment = anEnvironment('production', { host: 'app.example.com', stage: 'live' });
const secrets = new Map([['SHAREFILE_CLIENT_SECRET', aSecret('hush')]]);
const desired = resolveText(text, { environment, secrets });
const asWritten = {
  'base.url': 'https://{sharefile.subdomain}.files.example',
  'oauth.api.secret': '********',
  'sharefile.callback.url': 'https://app.example.com/back',
  'sharefile.subdomain': 'acme-live',
  'event.notification.enabled': 'true',
  'event.poller.refresh_interval': '15',
  'event.poller.configuration': '{"files":{"idField":"Id","url":"/files?host=app.example.com","pageSize":100}}',
};

function over(changes: LiveOptions = {}): Imported {
  const live: OwnedInstance = aLive({
    id: '77',
    name: 'Contracts',
    userTags: ['live', 'legal'],
    ...changes,
    configuration: { ...asWritten, ...changes.configuration },
  });
  return importLive(live, { adopt: false, existing: { text, index: 0, desired } });
}

/** Lines that are not in the file any more, and lines that are new. */
function difference(after: string): readonly string[] {
  const [old, now] = [text.split('\n'), after.split('\n')];
  return [
    ...old.filter((line) => !now.includes(line)).map((line) => `- ${line}`),
    ...now.filter((line) => !old.includes(line)).map((line) => `+ ${line}`),
  ];
}

describe('importInstance, over a definition', () => {
  it('changes no byte when the platform agrees, and adds no key', () => {
    expect(over()).toEqual({ key: desired.key, yaml: text, secrets: [], leftOut: [], diagnostics: [] });
  });

  it('writes only the line that differs, with its type, quotes and comment', () => {
    expect(difference(over({ configuration: { 'event.poller.refresh_interval': '5' } }).yaml)).toEqual([
      '-   event.poller.refresh_interval: 15 # minutes',
      '+   event.poller.refresh_interval: 5 # minutes',
    ]);
    expect(difference(over({ name: 'Contracts 2' }).yaml)).toEqual([
      '- name: Contracts   # as on the door',
      '+ name: Contracts 2   # as on the door',
    ]);
    expect(difference(over({ configuration: { 'event.notification.enabled': 'false' } }).yaml)).toEqual([
      '-   event.notification.enabled: true',
      '+   event.notification.enabled: false',
    ]);
  });

  it('writes into the override where the value is from there', () => {
    expect(difference(over({ configuration: { 'sharefile.subdomain': 'acme-2' } }).yaml)).toEqual([
      '-     configuration: { sharefile.subdomain: acme-live } # the real one',
      '+     configuration: { sharefile.subdomain: acme-2 } # the real one',
    ]);
  });

  it('changes only the part of a map that differs, and keeps references in the others', () => {
    const poller =
      '{"files":{"url":"/files?host=app.example.com","idField":"Key","pageSize":100},"folders":{"url":"/f"}}';
    expect(difference(over({ configuration: { 'event.poller.configuration': poller } }).yaml)).toEqual([
      '-       idField: Id',
      '+       idField: Key',
      '+     folders:',
      '+       url: /f',
    ]);
  });

  it('writes over a reference to a variable, and says so', () => {
    const { yaml, diagnostics } = over({ configuration: { 'sharefile.callback.url': 'https://other.example.com' } });
    expect(difference(yaml)).toEqual([
      '-   oauth.callback.url: https://${{ vars.host }}/back',
      '+   oauth.callback.url: https://other.example.com',
    ]);
    expect(diagnostics).toMatchObject([{ code: 'reference-replaced', severity: 'warning', at: { line: 8 } }]);
  });

  it('keeps the tags that stay as they are written', () => {
    expect(difference(over({ userTags: ['live', 'new'] }).yaml)).toEqual([
      "- tags: [legal, '${{ vars.stage }}']",
      "+ tags: ['${{ vars.stage }}', new]",
    ]);
  });

  it('leaves secrets alone, and warns when the platform shows another one', () => {
    expect(over({ configuration: { 'oauth.api.secret': aSecret('hush') } }).diagnostics).toEqual([]);
    const { yaml, diagnostics } = over({ configuration: { 'oauth.api.secret': aSecret('rotated') } });
    expect(yaml).toBe(text);
    expect(diagnostics).toMatchObject([{ code: 'secret-differs', at: { line: 7 } }]);
    expect(JSON.stringify(diagnostics)).not.toContain('rotated');
  });

  it('never writes what would read as a reference or a placeholder', () => {
    const { yaml, diagnostics } = over({
      name: 'A ${{ vars.host }}',
      userTags: ['${{ secrets.X }}'],
      configuration: { 'sharefile.subdomain': '<SUBDOMAIN>' },
    });
    expect(yaml).toBe(text);
    expect(diagnostics.map(({ code }) => code)).toEqual(Array.from({ length: 3 }, () => 'placeholder-on-platform'));
  });

  it('takes a value away that the platform does not have, or empties it', () => {
    const { yaml } = over({
      configuration: { 'event.poller.refresh_interval': null, 'event.poller.configuration': '{ }' },
    });
    expect(difference(yaml)).toContain('-   event.poller.refresh_interval: 15 # minutes');
    expect(yaml).toContain('  event.poller.configuration: {}\noverrides:');
    expect(over({ configuration: { 'sharefile.subdomain': '' } }).yaml).toContain(
      '{ sharefile.subdomain: "" } # the real one',
    );
  });

  it('turns a secret that stands in the clear into a reference when it differs', () => {
    const clear = 'connector: sharefile\nname: A\nconfiguration:\n  password: old # change\n';
    const live = aLive({ name: 'A', configuration: { password: aSecret('new one') } });
    const { yaml, secrets: made } = importLive(live, {
      adopt: false,
      existing: { text: clear, index: 0, desired: resolveText(clear) },
    });
    expect(yaml).toBe(clear.replace('old', '${{ secrets.SHAREFILE_PASSWORD }}'));
    expect(made).toEqual(['SHAREFILE_PASSWORD']);
  });

  it('says what it could not write', () => {
    const anchored = 'connector: sharefile\nname: A\nconfiguration:\n  a: &x one\n  b: *x\n';
    const live = aLive({ name: 'A', configuration: { a: 'two', b: 'one' } });
    const { yaml, diagnostics } = importLive(live, {
      adopt: false,
      existing: { text: anchored, index: 0, desired: resolveText(anchored) },
    });
    expect(yaml).toBe(anchored);
    expect(diagnostics).toMatchObject([
      { code: 'not-written', at: { line: 4 }, detail: expect.stringContaining('anchor') },
    ]);
  });

  it('leaves ignored keys alone, and switches as the platform does only where the definition says it', () => {
    const ignoring =
      'connector: sharefile\nname: A\nenabled: true\nignore: [configuration.a]\nconfiguration: { a: one, b: one }\n';
    const live = aLive({ name: 'A', disabled: true, configuration: { a: 'two', b: 'two' } });
    const { yaml } = importLive(live, {
      adopt: false,
      existing: { text: ignoring, index: 0, desired: resolveText(ignoring) },
    });
    expect(yaml).toBe(ignoring.replace('enabled: true', 'enabled: false').replace('b: one', 'b: two'));
    expect(over({ disabled: true }).yaml).toBe(text);
  });

  it('adds adopt when asked, and corrects another id', () => {
    const live = aLive({ id: '77', name: 'A' });
    const bare = 'connector: sharefile\nname: A\nconfiguration: {}';
    const adopting = (before: string) =>
      importLive(live, { existing: { text: before, index: 0, desired: resolveText(before) } }).yaml;
    expect(adopting(bare)).toBe(`${bare}\nadopt: 77`);
    expect(adopting(`${bare}\nadopt: "5" # old\n`)).toBe(`${bare}\nadopt: 77 # old\n`);
    expect(adopting(`${bare}\nadopt: 77\n`)).toBe(`${bare}\nadopt: 77\n`);
  });

  it('edits its own document of the file only', () => {
    const two =
      'key: one\nconnector: sharefile\nname: A\nconfiguration: {a: 1}\n---\nkey: two\nconnector: sharefile\nname: B\nconfiguration: {a: 1}\n';
    const second = resolveText('key: two\nconnector: sharefile\nname: B\nconfiguration: {a: 1}\n');
    const live = aLive({ name: 'C', configuration: { a: '2' } });
    const { yaml, key } = importLive(live, { adopt: false, existing: { text: two, index: 1, desired: second } });
    expect(key).toBe('two');
    expect(yaml).toBe(two.replace('name: B\nconfiguration: {a: 1}', 'name: C\nconfiguration: {a: 2}'));
  });
});
