import { describe, expect, it } from 'vitest';
import type { Change, FieldChange, Plan } from '../../../src/model/plan.ts';
import { visible } from '../../../src/model/visible.ts';
import { renderPlanText } from '../../../src/report/plan/render-plan-text.ts';
import { readGolden } from '../../support/golden.ts';
import { aChange, aPlan, busyPlan, emptyPlan, smallPlan } from '../../support/plans.ts';

const plans: readonly (readonly [string, Plan])[] = [
  ['small', smallPlan],
  ['busy', busyPlan],
  ['empty', emptyPlan],
];

describe('renderPlanText', () => {
  it.each(plans)('prints the %s plan at 80 and at 120 columns', (name, plan) => {
    for (const width of [80, 120]) {
      const text = renderPlanText(plan, { color: false, width });
      expect(text).toBe(readGolden(`plan/${name}-${width}.txt`, text));
    }
  });

  it('prints the busy plan with colours', () => {
    const text = renderPlanText(busyPlan, { color: true, width: 80 }).split('\n').map(visible).join('\n');
    expect(text).toBe(readGolden('plan/busy-80-colour.txt', text));
  });

  it('shortens nothing when asked to be verbose', () => {
    const text = renderPlanText(busyPlan, { color: false, width: 80, verbose: true });
    expect(text).toBe(readGolden('plan/busy-80-verbose.txt', text));
  });

  it('leaves the next command out when asked to', () => {
    const text = renderPlanText(smallPlan, { color: false, width: 80, next: false });
    expect(text).not.toContain('Next:');
    expect(renderPlanText(smallPlan, { color: false, width: 80 })).toContain(
      '\nNext: connectorctl apply --env sandbox\n',
    );
  });

  it('quotes an environment that a shell would not take as one word', () => {
    const plan = { ...smallPlan, environment: "pro'd; rm -rf" };
    const text = renderPlanText(plan, { color: false, width: 80 });
    expect(text).toContain(String.raw`connectorctl apply --env 'pro'\''d; rm -rf'`);
  });

  it('says that nothing is to apply when all that is there waits', () => {
    const plan = aPlan([aChange({ key: 'a', action: 'orphan' })], { unchanged: 1 });
    const text = renderPlanText(plan, { color: false, width: 80 });
    expect(text).toContain('Plan: 0 to create, 0 to update, 0 to delete.');
    expect(text).toContain('Next: nothing to apply');
  });

  it('names whose value is assumed and whose memory is gone, where the block has no head that does', () => {
    const others = ['a', 'c'].map((key) => aChange({ key, action: 'adopt' }));
    const hidden = { code: 'not-comparable', fields: ['oauth.callback.url'] } as const;
    const gone = { code: 'no-memory', fields: [] } as const;
    const said = (note: typeof hidden | typeof gone, action: Change['action'], before: readonly Change[]) =>
      renderPlanText(aPlan([...before, aChange({ key: 'b', action, notes: [note] })]), { color: false, width: 400 });

    expect(said(hidden, 'adopt', others)).toContain('does not show it: oauth.callback.url of b. Until');
    expect(said(gone, 'update', others)).toContain('What was last applied to b is gone from the tags.');
    expect(said(hidden, 'remember', others)).toContain('does not show it: oauth.callback.url. Until');
    expect(said(hidden, 'adopt', [])).toContain('does not show it: oauth.callback.url. Until');
  });

  it('says one thing of one instance, and of none', () => {
    const [one, none] = [1, 0].map((unchanged) =>
      renderPlanText(aPlan([], { unchanged }), { color: false, width: 80 }),
    );
    expect(one).toMatch(/^No changes\. 1 instance matches its definition\.\n/);
    expect(none).toMatch(/^No changes\. There are no definitions and no instances\.\n/);
  });

  it('never shows the values of a secret field, even when they are there by mistake', () => {
    const field: FieldChange = {
      field: '/configuration/password',
      cause: 'conflict',
      secret: true,
      before: 'hunter2',
      after: 'hunter3',
    };
    const plan = aPlan([aChange({ key: 'a', action: 'update', fields: [field] })]);
    for (const width of [40, 80, 120]) {
      const text = renderPlanText(plan, { color: false, width, verbose: true });
      expect(text).toContain('(secret)');
      expect(text).not.toContain('hunter');
    }
  });

  it('says who moved for every cause', () => {
    const causes = ['definition', 'drift', 'conflict', 'secret', 'removed'] as const;
    const fields = causes.map((cause): FieldChange => ({
      field: `/configuration/${cause}`,
      cause,
      secret: false,
      before: 'a',
      after: 'b',
    }));
    const text = renderPlanText(aPlan([aChange({ key: 'a', action: 'update', fields })]), { color: false, width: 80 });
    expect(text).toContain('definition  a → b  you changed it\n');
    expect(text).toContain('drift       a → b  changed on the platform\n');
    expect(text).toContain('conflict    a → b  changed on both sides\n');
    expect(text).toContain('secret      a → b  secret rotated\n');
    expect(text).toContain('removed     a → b  no longer declared\n');
    expect(text.replaceAll(/\s+/g, ' ')).toContain(
      '1 you changed, 1 changed on the platform, 1 changed on both sides, 1 secret rotated, 1 no longer declared.',
    );
  });

  it('counts the lines of a very large value instead of printing all, unless verbose', () => {
    const after = Object.fromEntries(Array.from({ length: 500 }, (_, index) => [`key${index}`, index]));
    const field: FieldChange = { field: '/configuration/big', cause: 'definition', secret: false, after };
    const plan = aPlan([aChange({ key: 'a', action: 'create', fields: [field] })]);
    const short = renderPlanText(plan, { color: false, width: 80 });
    expect(short).toContain('… 461 more lines, see --verbose');
    expect(short).not.toContain('key39 ');
    expect(renderPlanText(plan, { color: false, width: 80, verbose: true })).toContain('key499');
  });

  it('does not fall over a value that is nested without end', () => {
    const deep = `${'['.repeat(20_000)}${']'.repeat(20_000)}`;
    const field: FieldChange = { field: '/configuration/deep', cause: 'drift', secret: false, before: deep, after: '' };
    const plan = aPlan([aChange({ key: 'a', action: 'update', fields: [field] })]);
    expect(renderPlanText(plan, { color: false, width: 80 })).toContain('[[[[');
  });
});
