import { describe, expect, it } from 'vitest';
import type { FieldChange, Plan } from '../../src/model/plan.ts';
import { selectDrift } from '../../src/plan/select-drift.ts';
import { sha256Hex } from '../../src/secret/fingerprint.ts';
import { aChange, aPlan } from '../support/plans.ts';

const drift: FieldChange = { field: '/configuration/a', cause: 'drift', secret: false, before: 'x', after: 'y' };
const both: FieldChange = { field: '/configuration/b', cause: 'conflict', secret: true };
const ours: FieldChange = { field: '/configuration/c', cause: 'definition', secret: false, before: '1', after: '2' };
const off = { code: 'disabled' } as const;

function select(changes: Plan['changes'], unchanged = 0): Plan {
  return selectDrift(aPlan(changes, { unchanged }), sha256Hex);
}

function counts({ summary }: Plan): unknown {
  return Object.fromEntries(Object.entries(summary).filter(([, count]) => count > 0));
}

describe('the drift of a plan', () => {
  it('holds the fields that changed on the platform or on both sides, and no others', () => {
    const plan = select([aChange({ key: 'a', action: 'update', fields: [drift, both, ours] })], 4);
    expect(plan.changes.map(({ fields }) => fields)).toEqual([[drift, both]]);
    expect(counts(plan)).toEqual({ update: 1, unchanged: 4 });
  });

  it('counts an instance that only the definition changed as unchanged', () => {
    const plan = select([aChange({ key: 'a', action: 'update', fields: [ours] })], 2);
    expect(plan.changes).toEqual([]);
    expect(counts(plan)).toEqual({ unchanged: 3 });
  });

  it('keeps what there is to say about instances that did not drift, in the order of a plan', () => {
    const plan = select(
      [
        aChange({ key: 'd', action: 'move', previousKey: 'old', fields: [drift] }),
        aChange({ key: 'c', action: 'update', fields: [ours], notes: [off] }),
        aChange({ key: 'b', action: 'unchanged', notes: [off] }),
      ],
      1,
    );
    expect(plan.changes.map(({ key, action, notes }) => [key, action, notes.length])).toEqual([
      ['d', 'move', 0],
      ['b', 'unchanged', 1],
      ['c', 'unchanged', 1],
    ]);
    expect(counts(plan)).toEqual({ move: 1, unchanged: 2 });
  });

  it('names a definition whose instance is gone, and not what a new one would be made of', () => {
    const plan = select([aChange({ key: 'a', action: 'create', fields: [ours] })]);
    expect(plan.changes).toMatchObject([{ key: 'a', action: 'create', fields: [], notes: [{ code: 'gone' }] }]);
  });

  it('names an instance that is adopted by its id and has no tags of ours, and not what an adoption would change', () => {
    const plan = select([aChange({ key: 'a', action: 'adopt', fields: [ours] })]);
    expect(plan.changes).toMatchObject([{ key: 'a', action: 'adopt', fields: [], notes: [{ code: 'not-adopted' }] }]);
  });

  it('names a definition whose instance cannot be told', () => {
    const plan = select([aChange({ key: 'a', action: 'conflict', reason: { code: 'same-name', instances: ['7'] } })]);
    expect(plan.changes).toMatchObject([{ key: 'a', action: 'conflict' }]);
  });

  it('says nothing of strangers and of orphans', () => {
    const actions = ['orphan', 'delete', 'replace'] as const;
    const plan = select(actions.map((action) => aChange({ key: action, action, fields: [ours], notes: [off] })));
    expect(plan.changes).toEqual([]);
    expect(counts(plan)).toEqual({});
  });

  it('has the same digest for the same drift, whatever else the definitions change', () => {
    const one = select([aChange({ key: 'a', action: 'update', digest: '1', fields: [drift] })]);
    const more = select([
      aChange({
        key: 'a',
        action: 'update',
        digest: '2',
        fields: [drift, ours],
        risks: [{ code: 'identity-will-change' }],
      }),
      aChange({ key: 'b', action: 'update', fields: [ours] }),
    ]);
    expect(more).toEqual({ ...one, summary: { ...one.summary, unchanged: 1 } });
  });

  it('has another digest for another drift', () => {
    const one = select([aChange({ key: 'a', action: 'update', fields: [drift] })]);
    const other = select([aChange({ key: 'a', action: 'update', fields: [{ ...drift, before: 'z' }] })]);
    expect(other.digest).not.toBe(one.digest);
    expect(other.changes[0]?.digest).not.toBe(one.changes[0]?.digest);
  });
});
