import { describe, expect, it } from 'vitest';
import { openManaged } from '../support/managed.ts';
import { definitionOf } from '../support/world.ts';

const file = 'plan.json';

interface AnyObject {
  [member: string]: unknown;
}
interface AnyChange extends AnyObject {
  fields: AnyObject[];
}
interface AnyPlan extends AnyObject {
  changes: AnyChange[];
  summary: AnyObject;
}

/** A plan that changes a value of `one` and `two`, where `two` also moves credentials to another host. */
async function openReviewed() {
  const two = definitionOf('Two').replace('configuration:', 'configuration:\n  base.url: https://two.example.com');
  const world = await openManaged({ files: { 'instances/one.yaml': definitionOf('One'), 'instances/two.yaml': two } });
  await world.apply();
  world.rig.write('instances/one.yaml', definitionOf('One').replace(/username: .*/, 'username: new'));
  world.rig.write('instances/two.yaml', two.replace('two.example.com', 'other.example.com'));
  expect((await world.run(['plan', '--out', file])).code).toBe(0);
  return world;
}

/** What of `two` a person sees in the file, each made to look otherwise, and the words by which it is refused. */
const alterations: readonly (readonly [what: string, alter: (change: AnyChange) => void, words: string])[] = [
  [
    'the value before',
    (change) => void Object.assign(urlOf(change), { before: 'https://x.example.com' }),
    'base.url on the platform is',
  ],
  [
    'the value after',
    (change) => void Object.assign(urlOf(change), { after: 'https://x.example.com' }),
    'base.url in the definition is',
  ],
  ['no value after', (change) => void delete urlOf(change)['after'], 'base.url in the definition is'],
  ['the cause', (change) => void Object.assign(urlOf(change), { cause: 'drift' }), 'the cause of base.url is'],
  ['the line of a field', (change) => void Object.assign(urlOf(change), { line: 99 }), 'the line of base.url is'],
  [
    'the meaning of a field',
    (change) => void Object.assign(urlOf(change), { meaning: { code: 'x' } }),
    'the meaning of base.url',
  ],
  ['a field that is a secret', (change) => void Object.assign(urlOf(change), { secret: true }), 'base.url'],
  ['a field less', (change) => void (change.fields = []), 'base.url was added'],
  [
    'a field more',
    (change) => void change.fields.push({ field: '/name', cause: 'definition', secret: false }),
    'name no longer differs',
  ],
  [
    'a field twice',
    (change) => void change.fields.unshift({ ...urlOf(change), after: 'https://two.example.com/' }),
    'base.url in the definition is',
  ],
  ['no risk', (change) => void Object.assign(change, { risks: [] }), 'the risk endpoint-changed-secret-kept is new'],
  [
    'another risk',
    (change) => void Object.assign(change, { risks: [{ code: 'events-switched-off' }] }),
    'the risk events-switched-off is no longer there',
  ],
  [
    'a note',
    (change) => void Object.assign(change, { notes: [{ code: 'invalid' }] }),
    'the note invalid is no longer there',
  ],
  [
    'a reason',
    (change) => void Object.assign(change, { reason: { code: 'protected' } }),
    'the reason protected is no longer there',
  ],
  ['the connector', (change) => void Object.assign(change, { connector: 'jira' }), 'the connector is'],
  ['the name', (change) => void Object.assign(change, { name: 'Three' }), 'the name is'],
  ['the id', (change) => void Object.assign(change, { id: '1' }), 'the instance is'],
  ['a former key', (change) => void Object.assign(change, { previousKey: 'three' }), 'the former key is'],
  [
    'the file',
    (change) => void Object.assign(change, { source: { file: 'instances/three.yaml', line: 1 } }),
    'the definition is at',
  ],
  ['something of its own', (change) => void Object.assign(change, { approved: true }), 'the plan shows something else'],
];

function urlOf({ fields }: AnyChange): AnyObject {
  const found = fields.find(({ field }) => field === '/configuration/base.url');
  if (found === undefined) throw new Error('no field');
  return found;
}

describe('security F6b: a plan file that shows something else than is applied', () => {
  it('is stale for the instance, which is named with what differs, whatever was altered; the rest goes on', async () => {
    const world = await openReviewed();
    const text = world.rig.read(file);
    for (const [what, alter, words] of alterations) {
      const plan: AnyPlan = JSON.parse(text);
      const two = plan.changes.find(({ key }) => key === 'two');
      if (two !== undefined) alter(two);
      world.rig.write(file, JSON.stringify(plan));
      const { exitCode, result, sent } = await world.json(['apply', file, '--yes']);
      const outcome = result.outcomes.find(({ key }) => key === 'two');
      expect({ what, exitCode, outcome, sent }).toMatchObject({
        what,
        exitCode: 6,
        outcome: { status: 'refused', failure: { code: 'stale-plan', message: expect.stringContaining(words) } },
      });
      expect(sent.filter(({ line }) => line.includes(String(world.live('Two').id)))).toEqual([]);
    }
    expect(world.live('One').configuration['username']).toBe('new');
    expect(world.live('Two').configuration['base.url']).toBe('https://two.example.com');
  });

  it('is refused whole when its counts, its digest or what stands beside its changes was altered', async () => {
    const world = await openReviewed();
    const text = world.rig.read(file);
    const wholes: readonly (readonly [(plan: AnyPlan) => void, string])[] = [
      [
        ({ summary }) => void Object.assign(summary, { update: 1 }),
        'its count of `update` is 1, and it has 2 such changes',
      ],
      [({ summary }) => void Object.assign(summary, { delete: 3 }), 'its count of `delete` is 3'],
      [({ summary }) => void Object.assign(summary, { unchanged: 30 }), 'Its `summary` is'],
      [(plan) => void Object.assign(plan, { digest: 'f'.repeat(64) }), 'its digest is ffffffffffff'],
      [(plan) => void Object.assign(plan, { approvedBy: 'ada' }), 'Its `approvedBy` is "ada"'],
    ];
    for (const [alter, words] of wholes) {
      const plan: AnyPlan = JSON.parse(text);
      alter(plan);
      world.rig.write(file, JSON.stringify(plan));
      const did = await world.run(['apply', file, '--yes']);
      expect(did).toMatchObject({ code: 6, sent: [] });
      expect(did.said).toContain(words);
    }
    world.rig.write(file, text);
    expect((await world.run(['apply', file, '--yes'])).code).toBe(0);
    await world.expectSettled();
  });
});
