import * as fc from 'fast-check';
import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { canonicalDesired, isSame } from '../../src/model/canonical-value.ts';
import type { DesiredInstance, DesiredValue } from '../../src/model/desired.ts';
import type { OwnedInstance } from '../../src/model/live.ts';
import type { Change, Plan } from '../../src/model/plan.ts';
import { fromPointer } from '../../src/model/position.ts';
import { joinSecrets, nameSecret, quoteSecret, reveal, Secret, withheldSecret } from '../../src/model/secret.ts';
import { buildPlan } from '../../src/plan/build-plan.ts';
import { isIdle } from '../../src/plan/change.ts';
import { createContext } from '../../src/plan/plan-context.ts';
import { firstApplied } from '../../src/plan/record-applied.ts';
import { aConnector, aDesired, aLive, anEntry } from '../support/builders.ts';
import { seed, times } from '../support/seed.ts';
import { event, manglingOf, revision, text } from './arbitraries.ts';
import { createManglingPlatform } from './mangling-platform.ts';
import { anInput, planTools } from './tools.ts';

const tools = planTools();
const withheldTools = { ...tools, isWithheld: true };
const connectors = new Map([
  ['sharefile', aConnector('sharefile', [anEntry({ key: 'base.url', defaultValue: 'https://default.example' })])],
]);
/** Keys under which the platform may show what came from a secret. */
const shownDrift = fc.record({
  id: fc.constantFrom('1', '2'),
  key: fc.constantFrom('username', 'account', 'oauth.callback.url'),
  value: text,
  forgets: fc.constant(false),
});
const rounds = fc.array(
  fc.record({
    desired: revision,
    events: fc.array(fc.oneof(event, shownDrift), { maxLength: 3 }),
    prune: fc.boolean(),
    isKept: fc.boolean(),
  }),
  { minLength: 1, maxLength: 4 },
);

describe('a plan without the values of the secrets', () => {
  it('has every change that the plan with the values has, where no secret was rotated, and no other that could be told', () => {
    const seen = { changes: 0, secrets: 0, undecided: 0 };
    fc.assert(
      fc.property(manglingOf, rounds, (mangle, all) => {
        const platform = createManglingPlatform(mangle, tools);
        let desired: readonly DesiredInstance[] = [];
        for (const { desired: given, events, prune, isKept } of all) {
          desired = isKept && desired.length > 0 ? desired : given.map(nameByValue);
          for (const { id, key, value, forgets } of events) {
            if (forgets) platform.forget(id);
            else platform.drift(id, key, value);
          }
          const input = anInput({ desired, connectors, prune, allowReplace: true, live: platform.list() });
          const full = buildPlan(input, tools);
          const withheld = buildPlan({ ...input, desired: desired.map(withhold) }, withheldTools);

          expect(withheld.work).toEqual([]);
          expect(JSON.stringify(withheld.plan)).not.toContain('Canary');
          for (const { key, id } of [...full.plan.changes, ...withheld.plan.changes]) {
            const [one, other] = [full.plan, withheld.plan].map((plan) => find(plan, { key, id }));
            const undecided = compareBoth(one, other, { desired, live: platform.list() });
            seen.undecided += undecided;
            seen.changes += 1;
            seen.secrets += one?.fields.filter(({ secret }) => secret).length ?? 0;
          }
          platform.apply(full.work, desired);
          const again = { ...input, desired: desired.map(withhold), live: platform.list() };
          expect(buildPlan(again, withheldTools).plan.changes.filter((change) => !isIdle(change))).toEqual([]);
        }
      }),
      { ...times(25), seed },
    );
    expect(seen.changes).toBeGreaterThan(150);
    expect(seen.secrets).toBeGreaterThan(60);
    expect(seen.undecided).toBeLessThan(seen.secrets);
  });
});

/** A secret with text around it, whose host nobody sees. */
const address = (name: string, host: string): Secret =>
  joinSecrets(['https://', new Secret(host, `secrets.${name}`), '.example/x']);
const password = new Secret('hunter2', 'secrets.PASSWORD');

/** A value from the secret of that name beside a password. */
function beside(key: string, name: string): Readonly<Record<string, Secret>> {
  return { [key]: new Secret('https://a.example', `secrets.${name}`), password };
}

/** How the plan without values sees a change from what was applied to what is wanted. */
function planWithheld(
  applied: Readonly<Record<string, DesiredValue>>,
  wanted: Readonly<Record<string, DesiredValue>>,
  shown: Readonly<Record<string, string>> = {},
): Change {
  const [before, after] = [applied, wanted].map((configuration) => aDesired({ configuration }));
  const memory = before && firstApplied(before, createContext(tools), '1');
  const live = aLive({ configuration: { ...mapAll(applied), ...shown }, ...(memory && { applied: memory }) });
  const input = anInput({ desired: after ? [withhold(after)] : [], live: [live] });
  const [change] = buildPlan(input, withheldTools).plan.changes;
  return change ?? { ...noChange };
}

const noChange: Change = {
  key: 'sharefile',
  action: 'unchanged',
  connector: 'sharefile',
  name: 'ShareFile',
  fields: [],
  risks: [],
  notes: [],
  digest: '',
};

function mapAll(values: Readonly<Record<string, DesiredValue>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.keys(values).map((key) => [key, '********']));
}

function causesOf({ fields }: Change): unknown {
  return Object.fromEntries(fields.map(({ field, cause, secret }) => [fromPointer(field)[1], [cause, secret]]));
}

describe('a value that is withheld', () => {
  it('is as it was applied when its reference is, whatever the secret is now', () => {
    const rotated = new Secret('hunter3', 'secrets.PASSWORD');
    expect(planWithheld({ password }, { password: rotated }).action).toBe('unchanged');
  });

  it('is a change of ours when another reference stands there, or the same one with other text around it', () => {
    const other = new Secret('hunter2', 'secrets.OTHER');
    expect(causesOf(planWithheld({ password }, { password: other }))).toEqual({ password: ['definition', true] });
    const around = joinSecrets([password, '!']);
    expect(causesOf(planWithheld({ password }, { password: around }))).toEqual({ password: ['definition', true] });
    expect(causesOf(planWithheld({ password: 'a' }, { password }))).toEqual({ password: ['definition', true] });
  });

  it('drifted when the platform shows something else than was applied, and not when it shows that', () => {
    const url = address('HOST', 'a');
    const [same, other] = ['https://a.example/x', 'https://evil.example/x'];
    expect(planWithheld({ 'base.url': url }, { 'base.url': url }, { 'base.url': same }).action).toBe('unchanged');
    const drifted = planWithheld({ 'base.url': url }, { 'base.url': url }, { 'base.url': other });
    expect(causesOf(drifted)).toEqual({ 'base.url': ['drift', true] });
    expect(JSON.stringify(drifted)).not.toContain('evil');
    const both = planWithheld({ 'base.url': url }, { 'base.url': address('NEW', 'b') }, { 'base.url': other });
    expect(causesOf(both)).toEqual({ 'base.url': ['conflict', true] });
  });

  it.each(['base.url', 'odd.key'])('is another address, and so a risk, when its reference is another: %s', (key) => {
    const { risks } = planWithheld(beside(key, 'A'), beside(key, 'B'));
    expect(risks).toMatchObject([{ code: 'endpoint-changed-secret-kept', key, secrets: ['password'] }]);
  });

  it('is the same secret by its name, so that it is a risk where it moves beside another host', () => {
    const before = { 'base.url': 'https://a.example', password };
    const after = { 'base.url': 'https://evil.example', token: password };
    expect(planWithheld(before, after).risks.map(({ code }) => code)).toContain('endpoint-changed-secret-kept');
  });

  it('is no address under the key of a credential or a person', () => {
    expect(planWithheld(beside('username', 'A'), beside('username', 'B')).risks).toEqual([]);
  });

  it('cannot be opened, equals nothing, and says the same however it is printed', () => {
    const one = joinSecrets(['https://', withheldSecret('secrets.HOST')]);
    expect(() => reveal(one)).toThrow(/withheld/);
    expect(() => reveal(quoteSecret(one))).toThrow(/withheld/);
    expect([one.equals(''), one.equals(one), one.matches(/.*/), one.isEmpty]).toEqual([false, false, false, false]);
    expect([String(one), JSON.stringify(one)]).toEqual(['(secret)', '"(secret)"']);
  });

  it('has one reference for one text, and another one for any other', () => {
    const [a, b] = [new Secret('x', 'secrets.A'), new Secret('x', 'secrets.B')];
    const all = [[a], [b], ['x', a], [a, 'x'], ['x', b], [a, b], [b, a], ['x', 'y', a], ['x","y', a]].map(joinSecrets);
    expect(new Set([...all, quoteSecret(a)].map(({ reference }) => reference)).size).toBe(all.length + 1);
    expect(joinSecrets(['xy', a]).reference).toBe(joinSecrets(['x', '', 'y', a]).reference);
  });
});

/** Both say the same, but for values that the platform shows: without the value nobody can tell that it stands there already. Returns how many these are. */
function compareBoth(
  full: Change | undefined,
  withheld: Change | undefined,
  around: { readonly desired: readonly DesiredInstance[]; readonly live: readonly OwnedInstance[] },
): number {
  const lacking = withheld?.fields.filter(({ field }) => !full?.fields.some((one) => one.field === field)) ?? [];
  for (const { field } of lacking) expect(standsThere(field, withheld, around)).toBe(true);
  const rest = withheld?.fields.filter((field) => !lacking.includes(field));
  expect(describeFields(rest)).toEqual(describeFields(full?.fields));
  const isMore = lacking.length > 0 && ['unchanged', 'authorize'].includes(actionOf(full));
  expect(isMore ? 'update' : actionOf(withheld)).toBe(isMore ? actionOf(withheld) : actionOf(full));
  return lacking.length;
}

function standsThere(
  pointer: string,
  change: Change | undefined,
  { desired, live }: { readonly desired: readonly DesiredInstance[]; readonly live: readonly OwnedInstance[] },
): boolean {
  const key = fromPointer(pointer)[1] ?? '';
  const wanted = desired.find((one) => one.key === change?.key)?.configuration.get(key);
  const found = live.find(({ id }) => id === change?.id)?.configuration.get(key);
  return (
    wanted instanceof Secret &&
    (typeof found === 'string' || found instanceof Secret) &&
    isSame(canonicalDesired(key, wanted), found)
  );
}

function describeFields(fields: Change['fields'] | undefined): unknown {
  return fields?.map(({ line: _line, meaning: _meaning, ...field }) => field) ?? [];
}

/** That a reference is remembered anew is no change. */
function actionOf(change: Change | undefined): string {
  return change === undefined || change.action === 'remember' ? 'unchanged' : change.action;
}

function find(
  { changes }: Plan,
  { key, id }: { readonly key: string; readonly id: string | undefined },
): Change | undefined {
  return changes.find((one) => one.key === key && one.id === id);
}

/** As in a store where nothing was rotated: each name has one value, and each value one name. */
function nameByValue(desired: DesiredInstance): DesiredInstance {
  return mapSecrets(desired, (secret) => {
    const name = createHash('sha256').update(reveal(secret)).digest('hex').slice(0, 12);
    return nameSecret(new Secret(reveal(secret), `secrets.S${name}`), `secrets.S${name}`);
  });
}

function withhold(desired: DesiredInstance): DesiredInstance {
  return mapSecrets(desired, ({ origin, ...one }) => new Secret(undefined, origin, one));
}

function mapSecrets(desired: DesiredInstance, change: (secret: Secret) => Secret): DesiredInstance {
  const values = [...desired.configuration].map(([key, value]): [string, DesiredValue] => [
    key,
    value instanceof Secret ? change(value) : value,
  ]);
  return { ...desired, configuration: new Map(values) };
}
