import { describe, expect, it } from 'vitest';
import { decidePrune } from '../../src/operation/decide-prune.ts';
import { buildPlan } from '../../src/plan/build-plan.ts';
import { describeNextStep, describeReason } from '../../src/report/plan/reason-words.ts';
import { aDesired, aLive } from '../support/builders.ts';
import { anInput, appliedBy, planTools } from '../plan/tools.ts';

const owned = { workspace: 'acme', environment: 'production', key: 'gone' };

function changeOf(wished: boolean, onByFile = false) {
  const pruning = decidePrune({ prune: wished }, { prune: onByFile }, []);
  const live = [aLive({ owner: owned, applied: appliedBy(aDesired()) })];
  const [change] = buildPlan(anInput({ desired: [], live, ...pruning }), planTools()).plan.changes;
  if (change === undefined) throw new Error('no change');
  return change;
}

describe('a plan without any definition', () => {
  it('deletes nothing with prune, and says why instead of sending to --prune again', () => {
    const kept = changeOf(true);
    expect(kept).toMatchObject({ action: 'orphan', reason: { code: 'prune-empty', leftOverFrom: null } });
    expect(describeReason(kept)).toContain('although prune is on');
    expect(describeNextStep(kept, {})).not.toContain('--prune');
    expect(changeOf(false)).toMatchObject({ action: 'orphan', reason: { code: 'prune-off' } });
  });
});
