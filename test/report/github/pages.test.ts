import { describe, expect, it } from 'vitest';
import type { Diagnostic } from '../../../src/model/diagnostic.ts';
import type { Action, Change, FieldChange, Plan } from '../../../src/model/plan.ts';
import { UserError } from '../../../src/model/user-error.ts';
import { renderAcceptDriftPull } from '../../../src/report/github/render-accept-drift-pull.ts';
import {
  type ApplyOutcome,
  renderApplyComment,
  renderApplySummary,
} from '../../../src/report/github/render-apply-comment.ts';
import { renderPlanCheck } from '../../../src/report/github/render-check.ts';
import { renderDriftClosed, renderDriftIssue } from '../../../src/report/github/render-drift-issue.ts';
import { renderFailureClosed, renderFailureIssue } from '../../../src/report/github/render-failure-issue.ts';
import {
  type PlanOutcome,
  renderPlanComment,
  renderPlanSummary,
} from '../../../src/report/github/render-plan-comment.ts';
import { expectGolden } from '../../support/golden.ts';
import { findTreeFlaws } from '../../support/markdown-tree.ts';
import { aChange, aPlan, busyPlan, emptyPlan, smallPlan } from '../../support/plans.ts';
import { badResult, goodResult } from '../../support/results.ts';

const marker = '<!-- connectorctl:plan:production -->';
const environment = 'production';
const links = {
  runUrl: 'https://github.com/acme/integrations/actions/runs/7',
  blobUrl: 'https://github.com/acme/integrations/blob/8d1f0c24a7be3b5b0a4f6f0a9e7d2c1b5a3f4e6d',
  pathPrefix: 'platform/',
};
const rules = { marker, links: ['https://github.com/acme/integrations/'] };
const limit = 65_536;

const problems: readonly Diagnostic[] = [
  {
    severity: 'warning',
    code: 'surrounding-blanks',
    message: 'Spaces around a value',
    detail: 'The platform keeps the blanks.',
    at: { file: 'instances/b (old).yaml', line: 9, column: 3 },
  },
  {
    severity: 'error',
    code: 'duplicate-key',
    message: 'Duplicate key',
    detail: 'Another definition has the key `x` too, so both would claim the same instance.',
    hint: 'Give one of them another key, then check:\n  connectorctl validate',
    at: { file: 'instances/a.yaml', line: 2, column: 6 },
    related: [{ message: 'the first one', at: { file: 'instances/c.yaml', line: 3, column: 6 } }],
  },
];

const refusal = {
  message: 'Refused: the plan exceeds the limits of production. It deletes 6 instances; at most 5 are allowed.',
  hint: `Nothing was sent. If all of it is intended, allow this plan and no other:\n  connectorctl apply --env production --prune --allow-limits ${busyPlan.digest}`,
};

const failure = new UserError('wrong-secret', 'The platform does not accept the credentials: 401.', {
  hint: 'Set both secrets again, then look whether they work:\n  connectorctl doctor --env production',
});

function planned(plan: Plan, diagnostics: readonly Diagnostic[] = []): PlanOutcome {
  return { kind: 'planned', plan, diagnostics };
}

describe('the comment of a plan', () => {
  const pages: Readonly<Record<string, PlanOutcome>> = {
    busy: planned(busyPlan, problems.slice(0, 1)),
    small: planned(smallPlan),
    empty: planned(emptyPlan),
    refused: { kind: 'planned', plan: smallPlan, diagnostics: [], refusal },
    invalid: { kind: 'checked', diagnostics: problems },
    failed: { kind: 'stopped', error: failure, diagnostics: [] },
  };

  it.each(Object.entries(pages))('that is %s', (name, outcome) => {
    const notes = name === 'refused' ? ['Compared with main only: a fork gets no credentials.'] : [];
    const { body } = renderPlanComment({ outcome, environment, marker, links, notes });
    expect(findTreeFlaws(body, rules)).toEqual([]);
    expectGolden(`github/plan-${name}.md`, body);
  });

  it('says the same without addresses as with them, but for the links', () => {
    const { body } = renderPlanComment({ outcome: planned(busyPlan), environment, marker });
    const linked = renderPlanComment({ outcome: planned(busyPlan), environment, marker, links }).body;
    expect(findTreeFlaws(body, { marker })).toEqual([]);
    expect(
      linked
        .replaceAll(/\[(`[^`]+`)\]\([^)]+\)/g, '$1')
        .replace(' · [run](https://github.com/acme/integrations/actions/runs/7)', ''),
    ).toBe(body);
  });

  it('leads to the line of a file with a difficult name, and never out of the commit', () => {
    const at = (file: string) => {
      const change = aChange({ key: 'k', action: 'create', source: { file, line: 4 } });
      return renderPlanComment({ outcome: planned(aPlan([change])), environment, marker, links }).body;
    };
    expect(at('instances/a b(1)#2?%.yaml')).toContain(
      `](${links.blobUrl}/platform/instances/a%20b%281%29%232%3F%25.yaml#L4)`,
    );
    expect(at('../../../evil/x.yaml')).not.toContain(links.blobUrl);
  });

  it('is one folded line when the plan is empty, and not when there is a warning', () => {
    const quiet = renderPlanComment({ outcome: planned(emptyPlan), environment, marker });
    expect(quiet.body).toMatch(/^<!--.*-->\n<details><summary>[^\n]*No changes\./);
    const warned = renderPlanComment({ outcome: planned(emptyPlan, problems.slice(0, 1)), environment, marker });
    expect(warned.body).toContain('### connectorctl plan: production');
  });

  it('never shows the values of a secret field, even when they are there by mistake', () => {
    const field: FieldChange = {
      field: '/configuration/x',
      cause: 'drift',
      secret: true,
      before: 'hunter2',
      after: '3',
    };
    for (const action of ['update', 'create', 'authorize'] as const) {
      const outcome = planned(aPlan([aChange({ key: 'a', action, fields: [field] })]));
      for (const { body } of [
        renderPlanComment({ outcome, environment, marker }),
        renderPlanSummary({ outcome, environment }),
      ]) {
        expect(body).toContain('(secret)');
        expect(body).not.toContain('hunter');
      }
    }
  });
});

describe('a plan of five thousand changes full of emoji', () => {
  const changes = manyChanges(5000, 500);
  const { body, isCut, shown, total } = renderPlanComment({
    outcome: planned(aPlan(changes)),
    environment,
    marker,
    links,
  });

  it('makes a comment that is short enough however GitHub counts, and as a parser expects it', () => {
    for (const size of [Buffer.byteLength(body), body.length, Array.from(body).length]) {
      expect(size).toBeLessThanOrEqual(limit);
    }
    expect(Buffer.byteLength(body)).toBeGreaterThan(limit * 0.9);
    expect(findTreeFlaws(body, rules)).toEqual([]);
    expect({ isCut, total }).toEqual({ isCut: true, total: 5000 });
  });

  it('names the dangerous first, and counts what it does not name', () => {
    const folded = [...body.matchAll(/<strong>(\w+)<\/strong> <code>/g)].map(([, action]) => action);
    const named = [...body.matchAll(/^- (delete|create|update) /gm)].map(([, action]) => action);
    expect(folded).toHaveLength(shown);
    expect([...folded, ...named].slice(0, 500).every((action) => action === 'delete')).toBe(true);
    expect([...folded, ...named].slice(500)).not.toContain('delete');
    expect(body).toMatch(
      /\*\*Cut: no room here for the fields of [\d,]+ more instances\*\*, all in \[the step summary\]/,
    );
    const left = /\*\*… ([\d,]+) more instances\*\*/.exec(body)?.[1]?.replace(',', '');
    expect(folded.length + named.length + Number(left)).toBe(5000);
  });

  it.each([500, 2500])('names every one of them in the summary of the step, %i of them dangerous', (deletes) => {
    const outcome = planned(aPlan(manyChanges(5000, deletes)));
    const summary = renderPlanSummary({ outcome, environment, links });
    expect(Buffer.byteLength(summary.body)).toBeLessThanOrEqual(1_048_576);
    const folded = summary.body.split('<details>').length - 1;
    const named = [...summary.body.matchAll(/^- (?:delete|create|update) `/gm)].length;
    expect(folded).toBe(summary.shown);
    expect(folded).toBeGreaterThanOrEqual(500);
    expect(folded + named).toBe(5000);
    expect(summary.body).not.toContain('**… ');
  });
});

describe('a plan that is too long', () => {
  it.each([
    [24_000, 12],
    [40_000, 40],
  ])(
    'of %i bytes and %i deletes loses the fields of the harmless before those of the dangerous',
    (maxBytes, deletes) => {
      const outcome = planned(aPlan(manyChanges(300, deletes)));
      const { body } = renderPlanComment({ outcome, environment, marker, links, limits: { maxBytes } });
      expect(Buffer.byteLength(body)).toBeLessThanOrEqual(maxBytes);
      expect(findTreeFlaws(body, rules)).toEqual([]);
      const folded = [...body.matchAll(/<strong>(\w+)<\/strong> <code>/g)].map(([, action]) => action);
      const hasHarmless = folded.some((action) => action !== 'delete');
      const allDangerous = folded.filter((action) => action === 'delete').length === deletes;
      expect(!hasHarmless || allDangerous).toBe(true);
      expect(folded.length).toBeGreaterThan(0);
    },
  );

  it('names no harmless instance while a dangerous one is only counted', () => {
    const dangerous = manyChanges(400, 400).map((change) =>
      aChange({ ...change, key: `${'x'.repeat(100)}${change.key}` }),
    );
    const plan = aPlan([...manyChanges(50, 0), ...dangerous]);
    for (const maxBytes of [20_000, 24_000, 31_000]) {
      const { body } = renderPlanComment({ outcome: planned(plan), environment, marker, limits: { maxBytes } });
      expect(Buffer.byteLength(body)).toBeLessThanOrEqual(maxBytes);
      expect(body).toContain('\n- delete ');
      expect(body).not.toMatch(/^- (?:create|update) /m);
    }
  });

  it('folds no harmless instance while a dangerous one has to do without its fields', () => {
    const value = Array.from({ length: 40 }, (_, index): FieldChange => ({
      field: `/configuration/${index}`,
      cause: 'definition',
      secret: false,
      before: 'a'.repeat(500),
      after: 'b'.repeat(500),
    }));
    const large = aChange({ key: 'large', action: 'replace', fields: [...value, ...value] });
    const outcome = planned(aPlan([...manyChanges(3, 0), large]));
    const { body, shown } = renderPlanComment({ outcome, environment, marker, limits: { maxBytes: 16_000 } });
    expect(shown).toBe(0);
    expect([...body.matchAll(/^- (replace|create|update) /gm)].map(([, action]) => action)).toEqual([
      'replace',
      'update',
      'create',
      'create',
    ]);
  });

  it('is never cut within an instance: every cut is one of whole lines of the uncut comment', () => {
    const outcome = planned(aPlan(manyChanges(40, 5)));
    const whole = renderPlanComment({ outcome, environment, marker, limits: {} }).body;
    const known = new Set(whole.split('\n'));
    for (let maxBytes = 12_000; maxBytes < 24_000; maxBytes += 997) {
      const { body } = renderPlanComment({ outcome, environment, marker, limits: { maxBytes } });
      expect(Buffer.byteLength(body)).toBeLessThanOrEqual(maxBytes);
      expect(body.split('\n').filter((line) => !known.has(line) && !/^- |^\*\*/.test(line))).toEqual([]);
    }
  });
});

describe('the comment of an apply', () => {
  const pages: Readonly<Record<string, ApplyOutcome>> = {
    good: { kind: 'applied', plan: smallPlan, result: goodResult },
    bad: { kind: 'applied', plan: busyPlan, result: badResult },
    differs: {
      kind: 'differs',
      plan: smallPlan,
      reviewed: {
        digest: '98a73beea0459ded',
        commit: '8d1f0c24a7be3b5b',
        verdict: '1 to create, 0 to update, 0 to delete',
      },
      moved: [
        { key: 'zendesk/support', action: 'create', difference: 'The instance was not part of what was reviewed.' },
      ],
    },
    unreviewed: { kind: 'differs', plan: smallPlan },
    declined: { kind: 'declined', plan: smallPlan, ...refusal },
    invalid: { kind: 'checked', diagnostics: problems },
    failed: { kind: 'stopped', error: failure },
  };

  it.each(Object.entries(pages))('that is %s', (name, outcome) => {
    const { body } = renderApplyComment({ outcome, environment, marker, links });
    expect(findTreeFlaws(body, rules)).toEqual([]);
    expectGolden(`github/apply-${name}.md`, body);
  });

  it('names the label and the trailer that let exactly this plan pass', () => {
    const outcome: ApplyOutcome = { kind: 'differs', plan: smallPlan };
    const { body } = renderApplyComment({ outcome, environment, marker });
    expect(body).toContain(`\nconnectorctl-apply:${smallPlan.digest.slice(0, 31)}\n`);
    expect(body).toContain(`\nConnectorctl-Apply: ${smallPlan.digest}\n`);
  });

  it('of five thousand instances shows the failures, and says how many it left out', () => {
    const outcomes = manyChanges(5000, 0).map((change, index) =>
      index % 100 === 99
        ? { change, status: 'failed' as const, failure: { code: 'x', message: `failure ${index} 📁` } }
        : { change, status: 'succeeded' as const, id: `1${index}` },
    );
    const outcome: ApplyOutcome = { kind: 'applied', plan: busyPlan, result: { outcomes, interrupted: false } };
    const { body, isCut } = renderApplyComment({ outcome, environment, marker, links });
    expect(Buffer.byteLength(body)).toBeLessThanOrEqual(limit);
    const short = renderApplyComment({ outcome, environment, marker, links, limits: { maxBytes: 14_000 } }).body;
    expect(findTreeFlaws(short, rules)).toEqual([]);
    expect([...body.matchAll(/\| failure \d+/g)]).toHaveLength(50);
    expect(isCut).toBe(true);
    expect(body).toMatch(/\*\*… [\d,]+ more\*\* \([\d,]+ succeeded\), all in \[the step summary\]/);
    const summary = renderApplySummary({ outcome, environment, links });
    expect(summary.isCut).toBe(false);
    expect(Buffer.byteLength(summary.body)).toBeLessThanOrEqual(1_048_576);
  });
});

describe('issues, pull requests and checks', () => {
  const drift = aPlan(
    busyPlan.changes
      .filter(({ key }) => key === 'sharefile/polling')
      .map(({ fields, ...change }) =>
        aChange({ ...change, fields: fields.filter(({ cause }) => cause === 'drift' || cause === 'conflict') }),
      ),
  );
  const accepted = [
    {
      key: 'sharefile/polling',
      file: 'instances/sharefile/polling.yaml',
      fields: 2,
      refused: [{ at: '/configuration/x', reason: 'It is a secret.' }],
    },
  ];

  it('tell of a failed apply and of its end', () => {
    const outcome: ApplyOutcome = { kind: 'applied', plan: busyPlan, result: badResult };
    const { title, body } = renderFailureIssue({ outcome, environment, marker, links });
    expect(findTreeFlaws(body, rules)).toEqual([]);
    expectGolden('github/failure-issue.md', `${title}\n\n${body}\n---\n${renderFailureClosed({ links })}`);
  });

  it('tell of drift and of its end', () => {
    const { title, body } = renderDriftIssue({ plan: drift, marker, links });
    expect(findTreeFlaws(body, rules)).toEqual([]);
    expectGolden('github/drift-issue.md', `${title}\n\n${body}\n---\n${renderDriftClosed({ links })}`);
  });

  it('name no apply for drift that one would leave alone', () => {
    const conflict = aChange({ key: 'a', action: 'conflict', reason: { code: 'adopt-not-found', id: '7' } });
    expect(renderDriftIssue({ plan: aPlan([conflict]), marker, links }).body).not.toContain('connectorctl apply');
  });

  it('offer to keep a drift', () => {
    const { title, body } = renderAcceptDriftPull({ plan: drift, accepted, marker, links });
    expect(findTreeFlaws(body, rules)).toEqual([]);
    expectGolden('github/accept-drift.md', `${title}\n\n${body}`);
  });

  it('keep their titles on one line that mentions nobody and speaks to no CI', () => {
    const hostile = `[skip ci] fixes #1 @acme/admins GH-7 https://evil.example :tada: \`x\`\n${'📁'.repeat(300)}`;
    const plan = aPlan(drift.changes, { environment: hostile });
    const outcome: ApplyOutcome = { kind: 'applied', plan, result: badResult };
    const titles = [
      renderDriftIssue({ plan, marker }).title,
      renderFailureIssue({ outcome, environment: hostile, marker }).title,
      renderAcceptDriftPull({ plan, accepted: [{ key: hostile, file: 'a', fields: 1, refused: [] }], marker }).title,
    ];
    for (const title of titles) {
      expect(title).not.toMatch(/[\n@[\]`]|#\d|GH-\d|:\/\/|:tada:|\ud83d$/i);
      expect(title.length).toBeLessThanOrEqual(256);
      expect(title).toContain('(skip ci)');
    }
  });

  it('give a check its verdict as title and a summary within its limit', () => {
    const plan = renderPlanCheck({ outcome: planned(aPlan(manyChanges(5000, 500))), environment, marker, links });
    expect(plan.title).toMatch(/^Plan: 2250 to create, 2250 to update, 500 to delete\.$/);
    expect(Buffer.byteLength(plan.summary)).toBeLessThanOrEqual(65_535);
  });
});

function manyChanges(count: number, deletes: number): readonly Change[] {
  return Array.from({ length: count }, (_, index) => {
    // The dangerous ones stand last, so that they come first only when somebody puts them there.
    const harmless: Action = index % 2 === 0 ? 'create' : 'update';
    return aChange({
      key: `📁/${index}`,
      action: index >= count - deletes ? 'delete' : harmless,
      name: '📁'.repeat(40),
      fields: [{ field: '/name', cause: 'definition', secret: false, before: '📁', after: '📁'.repeat(40) }],
    });
  });
}
