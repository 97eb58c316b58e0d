import { describe, expect, it } from 'vitest';
import { decodeReviewedPlan, encodeReviewedPlan } from '../../../src/action/review/reviewed-plan-code.ts';
import { provingDigits } from '../../../src/model/hashing.ts';
import type { Plan } from '../../../src/model/plan.ts';
import { judgeChanges } from '../../../src/plan/judge-changes.ts';
import { sha256Hex } from '../../../src/secret/fingerprint.ts';
import { busyPlan, smallPlan } from '../../support/plans.ts';

/** A plan of so many creates, each with a digest of its own. */
function planOf(count: number): Plan {
  const [first] = smallPlan.changes;
  if (first === undefined) throw new Error('no change');
  const changes = Array.from({ length: count }, (_, index) => ({
    ...first,
    key: `n${index}`,
    digest: sha256Hex(`change ${index}`),
  }));
  return { ...smallPlan, changes, digest: sha256Hex(`plan ${count}`) };
}

function review(plan: Plan) {
  const packed = decodeReviewedPlan(encodeReviewedPlan(plan));
  if (packed === undefined) throw new Error('not read');
  return { ...packed, digest: plan.digest, environment: plan.environment, toolVersion: plan.toolVersion };
}

describe('the changes in the record of a review', () => {
  it('are read back with all that a difference is told from', () => {
    for (const plan of [busyPlan, smallPlan, planOf(0)]) {
      const { changes, digests } = review(plan);
      const listed = plan.changes.filter(({ action }) => action !== 'unchanged');
      expect(digests).toEqual(listed.map(({ digest }) => digest));
      expect(changes).toMatchObject(listed.map(({ key, action, name, id }) => ({ key, action, name, id })));
      expect(
        changes.map(({ fields = [] }) => fields.map(({ field, before, after }) => ({ field, before, after }))),
      ).toEqual(listed.map(({ fields }) => fields.map(({ field, before, after }) => ({ field, before, after }))));
    }
  });

  it('lose their values first, then all but their digests, when there are many; each is still proven, and no other', () => {
    for (const count of [60, 200, 350, 700, 900]) {
      const plan = planOf(count);
      expect(encodeReviewedPlan(plan).length).toBeLessThanOrEqual(30_000);
      const read = review(plan);
      for (const digest of read.digests) expect(digest.length).toBeGreaterThanOrEqual(provingDigits);
      const [first, ...rest] = plan.changes;
      if (first === undefined) throw new Error('no change');
      const altered: Plan = { ...plan, changes: [{ ...first, digest: sha256Hex('another') }, ...rest], digest: 'f' };
      const { passed, refused } = judgeChanges(altered, [read], sha256Hex);
      expect([count, passed.length, refused.map(({ change }) => change.key)]).toEqual([count, count - 1, ['n0']]);
    }
  });

  it('of a plan that is too large even for digests prove it as a whole only', () => {
    const plan = planOf(3_000);
    expect(judgeChanges(plan, [review(plan)], sha256Hex).passed).toHaveLength(3_000);
    expect(judgeChanges({ ...plan, digest: 'f' }, [review(plan)], sha256Hex).passed).toEqual([]);
  });

  it('prove nothing for another environment, account, workspace, platform or version', () => {
    const read = review(smallPlan);
    for (const other of [
      { environment: 'other' },
      { workspace: 'other' },
      { toolVersion: '9.9.9' },
      { target: { ...smallPlan.target, account: 'other' } },
      { target: { ...smallPlan.target, baseUrl: 'https://other.example' } },
    ]) {
      expect(judgeChanges({ ...smallPlan, ...other }, [read], sha256Hex).passed).toEqual([]);
    }
    expect(judgeChanges(smallPlan, [read], sha256Hex).passed.length).toBeGreaterThan(0);
  });

  it('are nothing when they are anything else', () => {
    for (const text of ['', 'AAAA', 'x'.repeat(1_000), Buffer.from('{"changes":1}').toString('base64')]) {
      expect(decodeReviewedPlan(text)).toBeUndefined();
    }
  });
});
