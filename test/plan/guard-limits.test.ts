import { describe, expect, it } from 'vitest';
import type { Limits } from '../../src/model/environment.ts';
import type { Action, Plan } from '../../src/model/plan.ts';
import { findBreaches } from '../../src/plan/guard-limits.ts';
import { describeBreach } from '../../src/report/plan/refusal-words.ts';
import { aChange, aPlan } from '../support/plans.ts';

const open: Limits = { maxDelete: 1000, maxDeletePercent: 100, maxChangePercent: 100, maxTagLength: 255 };

function planWith(counts: Partial<Record<Action, number>>): Plan {
  const named = Object.entries(counts).flatMap(([action, count]) =>
    Array.from({ length: count }, (_, index) => aChange({ key: `${action}/${index}`, action: toAction(action) })),
  );
  return aPlan(named);
}

function breachesOf(...input: Parameters<typeof findBreaches>): readonly string[] {
  return findBreaches(...input).map((breach) => describeBreach(breach));
}

function toAction(text: string): Action {
  if (text === 'delete' || text === 'update' || text === 'move' || text === 'adopt' || text === 'create') return text;
  return 'replace';
}

describe('the limits of an environment', () => {
  it('allow what stays within them', () => {
    const limits = { maxDelete: 2, maxDeletePercent: 20, maxChangePercent: 50, maxTagLength: 255 };
    expect(breachesOf(planWith({ delete: 2, update: 3, create: 50 }), limits, 10)).toEqual([]);
  });

  it('count deletes', () => {
    expect(breachesOf(planWith({ delete: 6 }), { ...open, maxDelete: 5 }, 100)).toEqual([
      '6 instances would be deleted; maxDelete allows 5.',
    ]);
    expect(breachesOf(planWith({ delete: 1 }), { ...open, maxDelete: 0 }, 100)).toEqual([
      '1 instance would be deleted; maxDelete allows 0.',
    ]);
  });

  it('count creates, where there is a limit for them', () => {
    expect(breachesOf(planWith({ create: 50, replace: 9 }), open, 0)).toEqual([]);
    expect(breachesOf(planWith({ create: 3, replace: 9 }), { ...open, maxCreate: 3 }, 0)).toEqual([]);
    expect(breachesOf(planWith({ create: 4 }), { ...open, maxCreate: 3 }, 0)).toEqual([
      '4 instances would be created; maxCreate allows 3.',
    ]);
  });

  it('compare deletes with what the workspace owns, exactly', () => {
    const limits = { ...open, maxDeletePercent: 30 };
    expect(breachesOf(planWith({ delete: 3 }), limits, 10)).toEqual([]);
    expect(breachesOf(planWith({ delete: 3 }), limits, 9)).toEqual([
      '3 of 9 live instances of this workspace (33.4 %) would be deleted; maxDeletePercent allows 30 %, which is 2.',
    ]);
  });

  it('never show a broken limit as kept', () => {
    const [sentence = ''] = breachesOf(planWith({ delete: 301 }), { ...open, maxDeletePercent: 30 }, 1000);
    expect(sentence).toContain('(30.1 %)');
    expect(
      breachesOf(planWith({ delete: 3001 }), { ...open, maxDelete: 9999, maxDeletePercent: 30 }, 10_000)[0],
    ).toContain('(30.1 %)');
  });

  it('count updates, moves, adoptions, replaces and deletes as changes, and creates not', () => {
    const plan = planWith({ update: 1, move: 1, adopt: 1, replace: 1, delete: 1, create: 9 });
    expect(breachesOf(plan, { ...open, maxChangePercent: 40 }, 10)).toEqual([
      '5 of 10 live instances of this workspace (50 %) would be changed; maxChangePercent allows 40 %, which is 4.',
    ]);
    expect(breachesOf(plan, { ...open, maxChangePercent: 50 }, 10)).toEqual([]);
  });

  it('do not count a replace that is refused anyway', () => {
    const plan = aPlan([
      aChange({ key: 'a', action: 'replace', reason: { code: 'replace-not-allowed', from: 'a', to: 'b' } }),
    ]);
    expect(breachesOf(plan, { ...open, maxChangePercent: 0 }, 1)).toEqual([]);
  });

  it('have no percent when nothing is live, and a hundred percent is no limit', () => {
    expect(breachesOf(planWith({ adopt: 9 }), { ...open, maxChangePercent: 0 }, 0)).toEqual([]);
    expect(breachesOf(planWith({ adopt: 9 }), open, 2)).toEqual([]);
  });

  it('are all named when several are broken', () => {
    const limits = { maxDelete: 0, maxDeletePercent: 0, maxChangePercent: 0, maxTagLength: 255 };
    expect(breachesOf(planWith({ delete: 1 }), limits, 4)).toHaveLength(3);
  });
});
