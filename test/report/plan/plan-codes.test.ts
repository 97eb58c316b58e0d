import { describe, expect, it } from 'vitest';
import { describeMeaning, describeNote, describeRisk } from '../../../src/report/plan/change-words.ts';
import { type PlanCode, planCodes } from '../../../src/report/plan/plan-codes.ts';
import { describeNextStep, describeReason } from '../../../src/report/plan/reason-words.ts';
import { describeRemark } from '../../../src/report/plan/remark-words.ts';
import { everyMeaning, everyNote, everyReason, everyRemark, everyRisk } from '../../support/plan-codes.ts';

const sentences = /^\S[^\n]*[.]$/;
const plan = { environment: 'production' };

describe('the words of a code', () => {
  it.each(everyReason().map((reason) => [reason.code, reason] as const))('say why and what to do: %s', (_, reason) => {
    const change = { key: 'key', reason };
    expect(describeReason(change)).toMatch(sentences);
    const [first = '', ...commands] = describeNextStep(change, plan)?.split('\n') ?? [];
    expect(first).toMatch(commands.length === 0 ? /^[A-Z].*[.]$/ : /^[A-Z].*[.:]$/);
    for (const command of commands) expect(command).toMatch(/^connectorctl (?:apply|authorize) --/);
  });

  it.each([
    ...everyNote().map((note) => [note.code, describeNote(note, { key: 'key' }, {})] as const),
    ...everyRisk().map((risk) => [risk.code, describeRisk(risk, { action: 'delete' })] as const),
    ...everyRemark().map((remark) => [remark.code, describeRemark(remark)] as const),
  ])('are sentences: %s', (_, words) => {
    expect(
      words.replace(/ To make (?:it|them) known, send (?:it|them) once: connectorctl apply --resend key$/, ''),
    ).toMatch(sentences);
  });

  it('say what a change of a field means', () => {
    const field = { field: '/name', cause: 'definition', secret: false } as const;
    expect(everyMeaning().map((meaning) => describeMeaning({ ...field, meaning }))).toEqual([
      'poll every 15 → 5 min',
      'instance 15 → 5',
      'events 15 → 5',
      'callback host 15 → 5',
      '+new -old',
      'back to the default of the connector',
      'back to the default of the connector, where it has one',
      'sent again, as the current value is not shown',
      'new: secrets.NEW',
      'an empty value → secrets.NEW',
      'the text around secrets.NEW changes',
      'another literal value',
    ]);
  });

  it('hold every argument, and nothing that is not known', () => {
    const all = JSON.stringify([
      everyReason().map((reason) => [describeReason({ reason }), describeNextStep({ key: 'key', reason }, plan)]),
      everyNote().map((note) => describeNote(note, { key: 'key' }, {})),
      everyRisk().map((risk) => describeRisk(risk, { action: 'replace' })),
      everyRemark().map((remark) => describeRemark(remark)),
    ]);
    expect(all).not.toMatch(/undefined|null|NaN|\[object/);
  });
});

describe('the list of all codes', () => {
  it('names each code of a kind once, with a sentence', () => {
    const named = planCodes.map(({ kind, code }) => `${kind} ${code}`);
    expect(new Set(named).size).toBe(named.length);
    for (const { code, help } of planCodes) {
      expect(code).toMatch(/^[a-z]+(?:-[a-z]+)*$/);
      expect(help).toMatch(/^[^\n]{10,120}\.$/);
    }
  });

  it('names all that stands in a plan', () => {
    expect(codesOf('reason')).toEqual(codes(everyReason()));
    expect(codesOf('note')).toEqual(codes(everyNote()));
    expect(codesOf('risk')).toEqual(codes(everyRisk()));
    expect(codesOf('meaning')).toEqual(codes(everyMeaning()));
    expect(codesOf('remark')).toEqual(codes(everyRemark()));
  });
});

function codesOf(kind: PlanCode['kind']): readonly string[] {
  return codes(planCodes.filter((one) => one.kind === kind));
}

function codes(all: readonly { readonly code: string }[]): readonly string[] {
  return all.map(({ code }) => code).toSorted();
}
