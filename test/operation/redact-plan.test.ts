import { expect, it } from 'vitest';
import type { FieldChange } from '../../src/model/plan.ts';
import { redactPlan } from '../../src/operation/redact-plan.ts';
import { createRedactor } from '../../src/secret/redactor.ts';
import { aChange, aPlan } from '../support/plans.ts';

function at(field: string, before: string | Readonly<Record<string, string>>): FieldChange {
  return { field, cause: 'drift', secret: false, before, after: 'https://new.example' };
}

it('hides a live value that shows by itself that it holds a credential, whole, and nothing that a definition says', () => {
  const change = aChange({
    key: 'crm',
    action: 'update',
    fields: [
      at('/configuration/base.url', 'https://me:Hunter2@files.example'),
      at('/configuration/dsn', 'Server=h;Password=Hunter2;'),
      at('/configuration/account', { key: '-----BEGIN PRIVATE KEY-----\nHunter2' }),
      at('/configuration/site', 'https://old.example'),
    ],
  });
  const { plan } = redactPlan({ plan: aPlan([change]), work: [], unchanged: [] }, createRedactor());
  const [shown] = plan.changes;
  expect(shown?.fields.map(({ before }) => before)).toEqual([
    '(secret)',
    '(secret)',
    '(secret)',
    'https://old.example',
  ]);
  expect(shown?.fields.map(({ after }) => after)).toEqual(change.fields.map(({ after }) => after));
});
