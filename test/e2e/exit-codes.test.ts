import { describe, expect, it } from 'vitest';
import { meet } from './meet.ts';
import { formatsOf, situations } from './situations.ts';

const rows = situations.map((situation) => [situation.words.join(' '), situation.name, situation] as const);

describe('the exit code', () => {
  it.each(rows)('of %s: %s', async (_words, _name, situation) => {
    const wanted = formatsOf(situation);
    const all = await Promise.all(wanted.map((format) => meet(situation, ['--format', format])));
    expect(Object.fromEntries(all.map(({ code }, index) => [wanted[index], code]))).toEqual(
      Object.fromEntries(wanted.map((format) => [format, situation.code])),
    );
    const { stdout } = all[wanted.indexOf('json')] ?? { stdout: '' };
    expect(JSON.parse(stdout)).toMatchObject({
      formatVersion: '1.0',
      command: situation.words[0],
      exitCode: situation.code,
      diagnostics: expect.any(Array),
    });
  });
});
