import { describe, expect, it } from 'vitest';
import { type ApplyResult, nameLeftOut } from '../../../src/model/apply.ts';
import { renderFailureIssue } from '../../../src/report/github/render-failure-issue.ts';
import { renderResultJson } from '../../../src/report/result/render-result-json.ts';
import { renderResultMarkdown } from '../../../src/report/result/render-result-markdown.ts';
import { renderResultText } from '../../../src/report/result/render-result-text.ts';
import { commandsAbout } from '../../../src/report/next-step.ts';
import { aChange, aPlan } from '../../support/plans.ts';

/** Adoption 9: what an apply left out stands at its end, with the reason and the next step. */
const reference = { kind: 'secrets', name: 'KEY', file: 'instances/b.yaml', line: 4, column: 9 } as const;
const updated = aChange({ key: 'u', action: 'update', id: '1' });
const left = [
  aChange({ key: 'c', action: 'conflict', reason: { code: 'same-name', instances: ['7'] } }),
  aChange({ key: 'b', action: 'blocked', reason: { code: 'reference-unset', references: [reference] } }),
  aChange({ key: 'r', action: 'replace', id: '2', reason: { code: 'replace-not-allowed', from: 'x', to: 'y' } }),
  aChange({ key: 'w', action: 'authorize', reason: { code: 'grant-missing', references: ['secrets.CODE'] } }),
  aChange({ key: 'o', action: 'orphan', id: '3', reason: { code: 'prune-off', leftOverFrom: null } }),
];
const plan = aPlan([...left, updated]);
const done: ApplyResult = { outcomes: [{ change: updated, status: 'succeeded', id: '1' }], interrupted: false };
const result = nameLeftOut(done, plan);
const commands = commandsAbout(plan);
const counts = '1 updated. 1 conflict. 1 blocked. 1 replace refused. 1 waits for a person. 1 orphan.';

describe('the end of an apply', () => {
  it('names in text what was left out, and ticks only what is done', () => {
    const text = renderResultText(result, { color: false, width: 120, commands });
    expect(text.match(/✓/g)).toHaveLength(1);
    expect(text).toContain(`Applied: ${counts}`);
    expect(text).toMatch(/^! +r +replace refused +id 2 +replace-not-allowed/m);
    expect(text).toMatch(/^! +w +waits for a person/m);
    expect(text).toContain('secrets.KEY (instances/b.yaml:4:9) is not set');
    expect(text).toContain('connectorctl apply --env production --only b');
  });

  it('names it in Markdown and in the issue with its title', () => {
    const markdown = renderResultMarkdown(result, { commands });
    const outcome = { kind: 'applied', plan, result } as const;
    const issue = renderFailureIssue({ outcome, environment: 'production', marker: '' });
    expect(markdown).toContain(counts);
    expect(issue.title).toContain('1 conflict. 1 blocked. 1 replace refused.');
    for (const { key } of left) {
      expect(markdown).toContain(`\`${key}\``);
      expect(issue.body).toContain(`\`${key}\``);
    }
    expect(issue.body).toContain('allow it with --allow-replace');
  });

  it('names it in JSON, where the counts agree with the rows', () => {
    expect(renderResultJson(result, commands)).toMatchObject({
      summary: { succeeded: 1, leftOut: left.length },
      outcomes: [
        { key: 'u', status: 'succeeded' },
        ...left.map(({ key, reason }) => ({
          key,
          status: 'left-out',
          failure: { code: reason?.code, message: expect.stringMatching(/./), hint: expect.stringMatching(/./) },
        })),
      ],
    });
  });
});
