import { describe, expect, it } from 'vitest';
import { namesOf, type Plan, type PlanSelection, selectionOf, type WholeSelection } from '../../../src/model/plan.ts';
import { buildPlan } from '../../../src/plan/build-plan.ts';
import { renderApplyCommand } from '../../../src/report/next-step.ts';
import { anInput, planTools } from '../../plan/tools.ts';
import { aChange, aPlan } from '../../support/plans.ts';

/** Every option with another value: the compiler asks for a new one here too. */
const everything: WholeSelection = {
  prune: true,
  allowReplace: true,
  only: undefined,
  exclude: ['legacy/**', "it's"],
  resend: ['b', 'a'],
  deleteDuplicate: ['9', '8'],
  shard: '2/8',
};

function planWith(selection: PlanSelection): Plan {
  const deleted = selection.prune === true ? [aChange({ key: 'gone', action: 'delete' })] : [];
  const replaced = selection.allowReplace === true ? [aChange({ key: 'a', action: 'replace' })] : [];
  return aPlan([...deleted, ...replaced], {
    ...namesOf(selection),
    ...(selection.shard === undefined ? {} : { shard: selection.shard }),
  });
}

describe('the command that makes a plan again', () => {
  it('has every option that the plan was made with, quoted for a shell', () => {
    expect(renderApplyCommand(planWith(everything))).toBe(
      String.raw`connectorctl apply --env production --prune --allow-replace --exclude 'it'\''s' 'legacy/**' --resend a b --delete-duplicate 8 9 --shard 2/8`,
    );
    expect(renderApplyCommand(planWith({ only: ['a', 'b/*'] }))).toBe(
      "connectorctl apply --env production --only a 'b/*'",
    );
  });

  it('has nothing that the plan makes no use of', () => {
    const plan = buildPlan(anInput({ prune: true, allowReplace: true }), planTools()).plan;
    expect(renderApplyCommand(plan)).toBe('connectorctl apply --env production');
  });

  it('gives the same selection to whoever applies the plan', () => {
    expect(selectionOf(planWith(everything))).toEqual({ ...everything, ...namesOf(everything) });
  });
});
