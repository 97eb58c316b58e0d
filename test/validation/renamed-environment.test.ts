import { describe, expect, it } from 'vitest';
import { anEnvironment, checkText } from './check-text.ts';

describe('a definition that names an environment as it was called before', () => {
  it('is told the new name, wherever the former one stands and whatever else is near', () => {
    const live = { ...anEnvironment('live'), renamedFrom: 'prod' };
    const all = [live, anEnvironment('pro')];
    const environments = new Map(all.map((one) => [one.name, one]));
    const text =
      'connector: sftp\nname: A\nenvironments: [prod]\nadopt: { prod: 1 }\noverrides:\n  prod: { name: B }\n';
    const found = checkText(text, { environments, environment: live }).filter(
      ({ code }) => code === 'unknown-environment',
    );
    const hint = 'Did you mean `live`, which was renamed from `prod`?';
    expect(found.map((one) => one.hint)).toEqual([hint, hint, hint]);
  });
});
