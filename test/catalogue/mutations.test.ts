import { afterAll, describe, expect, it } from 'vitest';
import { listBuiltIn } from '../../src/catalogue/built-in.ts';
import { listMistakes, type MistakenDefinition, mistakeKinds } from '../support/mistaken-definitions.ts';
import { builtIn, checkText, toLine } from '../validation/check-text.ts';

/** Of the keys and switches, of which there are thousands, one in so many; all of them with TEST_RUNS. */
const oneIn = process.env['TEST_RUNS'] === undefined ? 16 : 1;
const all = listBuiltIn().flatMap(({ key }) => listMistakes(key));
const figures: string[] = [];

/** Nothing is told but this one mistake, on its line, with its cause and the way out. */
function judge({ text, line, codes, names }: MistakenDefinition): { readonly verdict: string; readonly said: string } {
  const found = checkText(text, { catalogue: builtIn });
  const isAbout = found.every(({ code, at }) => codes.includes(code) && at?.line === line);
  const isNamed = found.some(({ detail, hint = '' }) => `${detail} ${hint}`.includes(`\`${names}`));
  const said = found.map((one) => `${toLine(one)} ${one.hint ?? ''}`).join('; ');
  if (found.length === 0) return { verdict: 'none', said };
  return { verdict: isAbout && isNamed ? 'right' : 'wrong', said };
}

describe('a mistake in a definition of any of the connectors that are built in', () => {
  it.each(mistakeKinds)('is told on its line, with the cause and the way out, and nothing else is: %s', (kind) => {
    const mistakes = all.filter((one) => one.kind === kind);
    const tried =
      mistakes.length < 1_000 && kind !== 'switch broken'
        ? mistakes
        : mistakes.filter((_, index) => index % oneIn === 0);
    const judged = tried.map((one) => ({ ...one, ...judge(one) }));
    const bad = judged.filter(({ verdict }) => verdict !== 'right');
    const count = (verdict: string): number => judged.filter((one) => one.verdict === verdict).length;
    figures.push(
      `${kind}: ${tried.length} tried, ${count('right')} right, ${count('wrong')} wrong, ${count('none')} silent`,
    );
    expect(bad.map(({ connector, what, verdict, said }) => `${verdict}: ${connector}, ${what}: ${said}`)).toEqual([]);
  });

  it('can be made in all of them, and in more than ten thousand ways', () => {
    expect(new Set(all.map(({ connector }) => connector)).size).toBe(166);
    expect(all.length).toBeGreaterThan(10_000);
    const count = (wanted: string): number => all.filter(({ kind }) => kind === wanted).length;
    expect(count('required key removed')).toBeGreaterThan(400);
    expect(count('option broken')).toBeGreaterThan(30);
  });

  afterAll(() => {
    if (oneIn === 1) process.stdout.write(`${figures.join('\n')}\n`);
  });
});
