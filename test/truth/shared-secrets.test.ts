import { describe, expect, it } from 'vitest';
import type { DesiredInstance, DesiredValue } from '../../src/model/desired.ts';
import type { OwnedInstance } from '../../src/model/live.ts';
import type { Coded, NoteArguments, RiskArguments } from '../../src/model/plan-codes.ts';
import type { Definition } from '../../src/model/definition.ts';
import type { Environment } from '../../src/model/environment.ts';
import { joinSecrets } from '../../src/model/secret.ts';
import { listElsewhere } from '../../src/definition/list-elsewhere.ts';
import { buildPlan } from '../../src/plan/build-plan.ts';
import { aDesired, aLive, aSecret, environment, workspace } from '../support/builders.ts';
import { anInput, appliedBy, planTools } from '../plan/tools.ts';

type Values = Readonly<Record<string, DesiredValue>>;

const staging: Environment = {
  name: 'staging',
  platform: 'remote',
  vars: {},
  prune: false,
  limits: { maxDelete: 5, maxDeletePercent: 30, maxChangePercent: 100, maxTagLength: 255 },
};

const ours = 'https://crm.example';
const evil = 'https://evil.example';
const secret = (text = 'p', name = 'CRM'): DesiredValue => aSecret(text, name);

const define = (key: string, configuration: Values): DesiredInstance => aDesired({ key, name: key, configuration });

/** The instance as an apply of the definition left it: the platform masks its secrets. */
function applied(desired: DesiredInstance, id: string): OwnedInstance {
  const shown = [...desired.configuration].map(
    ([key, value]) => [key, typeof value === 'string' ? value : '********'] as const,
  );
  const live = aLive({
    id,
    name: desired.name,
    owner: { workspace, environment, key: desired.key },
    configuration: Object.fromEntries(shown),
  });
  return { ...live, applied: appliedBy(desired, id) };
}

interface Found {
  readonly risks: readonly Coded<RiskArguments>[];
  readonly notes: readonly Coded<NoteArguments>[];
}

/** What the plan says of the definition `mine`, after an apply of `before`. */
function planOf(before: readonly DesiredInstance[], after: readonly DesiredInstance[]): Found {
  const live = before.map((one, index) => applied(one, String(index + 1)));
  const { plan } = buildPlan(anInput({ desired: after, live }), planTools());
  const mine = plan.changes.find(({ key }) => key === 'mine');
  return { risks: mine?.risks ?? [], notes: mine?.notes ?? [] };
}

const crm = define('crm', { 'base.url': ours, password: secret() });
const sent = {
  code: 'secret-sent-elsewhere',
  key: 'password',
  definitions: ['crm'],
  more: 0,
  environments: [],
  line: 11,
};
const used = { code: 'secret-used-elsewhere', key: 'password', definitions: ['crm'], more: 0, environments: [] };

describe('F5: a secret that goes with another host', () => {
  it.each<readonly [string, Values]>([
    ['to another key', { 'base.url': evil, token: secret() }],
    ['to two other keys', { 'base.url': evil, token: secret(), 'oauth.api.secret': secret() }],
    ['to another key, under another name', { 'base.url': evil, token: secret('p', 'OTHER') }],
  ])('is a risk where it moves %s of its definition', (_how, after) => {
    const { risks } = planOf([define('mine', { 'base.url': ours, password: secret() })], [define('mine', after)]);
    expect(risks).toMatchObject([{ code: 'endpoint-changed-secret-kept', secrets: expect.arrayContaining(['token']) }]);
  });

  it.each<readonly [string, Values, Values]>([
    ['in the place of its own', { password: secret('q', 'MINE') }, { password: secret() }],
    ['besides its own', { token: secret('q', 'MINE') }, { token: secret('q', 'MINE'), password: secret() }],
    ['for a value in clear', { password: 'none' }, { password: secret() }],
  ])('is a risk where an instance elsewhere gets it %s', (_how, before, after) => {
    const [was, is] = [before, after].map((one) => define('mine', { 'base.url': evil, ...one }));
    if (was === undefined || is === undefined) throw new Error('Both are there.');
    const { risks } = planOf([crm, was], [crm, is]);
    expect(risks.map(({ code }) => code)).toEqual(['secret-sent-elsewhere']);
  });

  it('is a risk where the address moves with it', () => {
    const before = define('mine', { 'base.url': ours, password: secret('q', 'MINE') });
    const after = define('mine', { 'base.url': evil, password: secret() });
    expect(planOf([crm, before], [crm, after]).risks).toEqual([sent]);
  });

  it('is none where the address is the same', () => {
    const before = define('mine', { 'base.url': `${ours}/v1`, password: secret('q', 'MINE') });
    const after = define('mine', { 'base.url': `${ours}/v2`, password: secret() });
    expect(planOf([crm, before], [crm, after]).risks).toEqual([]);
  });

  it('is none where it was rotated in all that share it', () => {
    const [before, after] = ['old', 'new'].map((value) => [
      define('crm', { 'base.url': ours, password: secret(value) }),
      define('mine', { 'base.url': evil, password: secret(value) }),
    ]);
    expect(planOf(before ?? [], after ?? []).risks).toEqual([]);
  });

  it('is none where host and secret are replaced by new ones', () => {
    const before = define('mine', { 'base.url': ours, password: secret('p', 'MINE') });
    const after = define('mine', { 'base.url': evil, password: secret('new', 'MINE_NEW') });
    expect(planOf([crm, before], [crm, after]).risks).toEqual([]);
  });
});

describe('F5: a host that moves in the pull request after', () => {
  const mine = (host: string, values: Values): DesiredInstance => define('mine', { 'base.url': host, ...values });
  const wrapped = joinSecrets(['x', aSecret('p', 'CRM')]);

  it.each<readonly [string, Values, Values]>([
    ['unwrapped again', { password: wrapped }, { password: secret() }],
    ['left wrapped', { password: wrapped }, { password: wrapped }],
    ['wrapped otherwise', { password: wrapped }, { password: joinSecrets([aSecret('p', 'CRM'), 'y']) }],
    ['unwrapped under another key', { token: wrapped }, { password: secret() }],
  ])('is a risk where the secret was wrapped before and is %s', (_how, before, after) => {
    const { risks } = planOf([mine(ours, before)], [mine(evil, after)]);
    expect(risks.map(({ code }) => code)).toEqual(['endpoint-changed-secret-kept']);
  });

  it.each<readonly [string, DesiredValue]>([
    ['text in front of it', wrapped],
    ['a blank behind it', joinSecrets([aSecret('p', 'CRM'), ' '])],
    ['itself once more', joinSecrets([aSecret('p', 'CRM'), aSecret('p', 'CRM')])],
  ])('is a risk where the secret gets %s at the same time', (_what, after) => {
    const { risks } = planOf([mine(ours, { password: secret() })], [mine(evil, { password: after })]);
    expect(risks.map(({ code }) => code)).toEqual(['endpoint-changed-secret-kept']);
  });

  it('is none where the host stays', () => {
    expect(planOf([mine(ours, { password: wrapped })], [mine(ours, { password: secret() })]).risks).toEqual([]);
  });
});

describe('F5: a replace by another connector', () => {
  const replaced = (host: string | undefined, value: DesiredValue): Found => {
    const before = define('mine', { 'base.url': ours, password: secret() });
    const address: Values = host === undefined ? {} : { 'base.url': host };
    return planOf(
      [before],
      [aDesired({ key: 'mine', name: 'mine', connector: 'other', configuration: { ...address, password: value } })],
    );
  };

  it.each([
    ['to another host', evil, ['identity-will-change', 'endpoint-changed-secret-kept']],
    ['to where that connector leads', undefined, ['identity-will-change', 'endpoint-changed-secret-kept']],
    ['to the same host', ours, ['identity-will-change']],
  ])('that sends its secret %s says so', (_where, host, codes) => {
    expect(replaced(host, secret()).risks.map(({ code }) => code)).toEqual(codes);
  });

  it('that sends a new secret is no more than a replace', () => {
    expect(replaced(evil, secret('new', 'NEW')).risks.map(({ code }) => code)).toEqual(['identity-will-change']);
  });
});

describe('F5: a new instance', () => {
  it.each<readonly [string, Values, readonly object[]]>([
    ['is noted at another address', { 'base.url': evil }, [used]],
    ['is noted at another part of an address', { 'sharefile.subdomain': 'evil' }, [used]],
    ['is noted with one of several addresses', { 'base.url': ours, 'token.url': evil }, [used]],
    ['is not noted at the same address', { 'base.url': ours }, []],
    ['is not noted where the connector decides', { 'pagination.max': '5' }, []],
    ['is not noted for a callback', { 'oauth.callback.url': evil }, []],
  ])('that sends a secret of another definition %s', (_where, address, notes) => {
    const mine = define('mine', { ...address, password: secret() });
    expect(planOf([crm], [crm, mine])).toEqual({ risks: [], notes });
  });

  it('is not noted for a secret that nobody sends yet', () => {
    expect(planOf([], [crm, define('mine', { 'base.url': evil, password: secret() })]).notes).toEqual([]);
  });

  it('names the first of many', () => {
    const many = [1, 2, 3, 4, 5].map((one) => define(`c${one}`, { 'base.url': ours, password: secret() }));
    const mine = define('mine', { 'base.url': evil, password: aSecret('p', 'CRM') });
    expect(planOf(many, [...many, mine]).notes).toEqual([{ ...used, definitions: ['c1', 'c2', 'c3'], more: 2 }]);
  });
});

const crmOf = (parts: Partial<Definition>): Definition => ({
  ...parts,
  key: parts.key ?? 'crm',
  file: 'crm.yaml',
  connector: 'http',
  name: 'crm',
  configuration: parts.configuration ?? {},
  at: () => ({ file: 'crm.yaml', line: 1, column: 1 }),
});

describe('F5: a secret that stands in a definition for another environment', () => {
  const production: Environment = { ...staging, name: 'production' };
  const own = { 'base.url': evil, password: '${{ secrets.OWN }}' };
  const theirs = { 'base.url': ours, password: '${{ secrets.CRM }}' };
  const inProduction = { environments: ['production', 'staging'], configuration: own };

  /** What the plan for staging says of `mine`, which sends the secret after an apply of what it was. */
  function planFor(before: Values | undefined, definitions: readonly Definition[], host = evil): Found {
    const resolve = {
      environment: staging,
      secrets: new Map([['CRM', aSecret('p', 'CRM')]]),
      describeSecret: () => '',
    };
    const elsewhere = listElsewhere(definitions, [staging, production], resolve);
    const live = before === undefined ? [] : [applied(define('mine', { 'base.url': host, ...before }), '1')];
    const desired = [define('mine', { 'base.url': host, password: secret() })];
    const { plan } = buildPlan(anInput({ environment: 'production', desired, live, elsewhere }), planTools());
    const change = plan.changes.find(({ key }) => key === 'mine');
    return { risks: change?.risks ?? [], notes: change?.notes ?? [] };
  }

  it.each<readonly [string, Definition, readonly string[]]>([
    ['an override', crmOf({ ...inProduction, overrides: { production: { configuration: theirs } } }), ['production']],
    [
      'a definition that is for that one only',
      crmOf({ environments: ['production'], configuration: theirs }),
      ['production'],
    ],
    [
      'what this one overrides',
      crmOf({ configuration: theirs, overrides: { staging: { configuration: own } } }),
      ['production'],
    ],
    [
      'what all of them override',
      crmOf({
        configuration: theirs,
        overrides: { staging: { configuration: own }, production: { configuration: own } },
      }),
      [],
    ],
    [
      'the login of a definition for that one',
      crmOf({ environments: ['production'], providerData: { code: '${{ secrets.CRM }}' } }),
      ['production'],
    ],
    [
      'another override of the same definition',
      crmOf({
        key: 'mine',
        overrides: {
          production: { configuration: theirs },
          staging: { configuration: { ...theirs, 'base.url': evil } },
        },
      }),
      ['production'],
    ],
  ])('counts where it stands in %s', (_where, definition, environments) => {
    const { key } = definition;
    const before = { password: secret('q', 'MINE') };
    expect(planFor(before, [definition]).risks).toEqual([{ ...sent, definitions: [key], environments }]);
    expect(planFor(undefined, [definition]).notes).toEqual([{ ...used, definitions: [key], environments }]);
    const same = definition.providerData === undefined ? planFor(before, [definition], ours) : { risks: [] };
    expect(same.risks).toEqual([]);
  });

  it.each<readonly [string, Definition]>([
    [
      'the line is that of all environments',
      crmOf({ key: 'mine', configuration: theirs, overrides: { staging: { configuration: { 'base.url': evil } } } }),
    ],
    ['it is another secret', crmOf({ environments: ['production'], configuration: own })],
  ])('is none where %s', (_where, definition) => {
    expect(planFor({ password: secret('q', 'MINE') }, [definition]).risks).toEqual([]);
    expect(planFor(undefined, [definition]).notes).toEqual([]);
  });
});

describe('F5: a secret that no definition names any more', () => {
  /** The instance holds a password that the definition does not declare, now or ever. */
  function risksOf(shown: Readonly<Record<string, string>>, before: Values, after: Values): readonly unknown[] {
    const was = define('mine', before);
    const live = applied(was, '1');
    const configuration = new Map([...live.configuration, ...Object.entries(shown)]);
    const { plan } = buildPlan(
      anInput({ desired: [define('mine', after)], live: [{ ...live, configuration }] }),
      planTools(),
    );
    return plan.changes.flatMap(({ risks }) => risks);
  }

  it.each<readonly [string, Readonly<Record<string, string>>, Values]>([
    ['left the definition at the same time', {}, { 'base.url': ours, password: secret() }],
    ['stands on the platform alone', { password: '********' }, { 'base.url': ours }],
    ['is the token of a login', { 'oauth.user.token': '********' }, { 'base.url': ours }],
    ['is masked under a key that says nothing', { note: '********' }, { 'base.url': ours }],
  ])('is a risk where the host moves and it %s', (_how, shown, before) => {
    expect(risksOf(shown, before, { 'base.url': evil })).toMatchObject([{ code: 'endpoint-changed-secret-kept' }]);
  });

  it('is none where there is no secret', () => {
    expect(risksOf({ note: 'text' }, { 'base.url': ours }, { 'base.url': evil })).toEqual([]);
  });
});
