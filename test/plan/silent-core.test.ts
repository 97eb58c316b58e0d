import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import type { Change, Plan } from '../../src/model/plan.ts';
import { buildPlan } from '../../src/plan/build-plan.ts';
import { describeMeaning, describeNote, describeRisk } from '../../src/report/plan/change-words.ts';
import { describeNextStep, describeReason } from '../../src/report/plan/reason-words.ts';
import { type CaseRow, toConnectors, toDesired, toList, toLive } from './case-row.ts';
import { anInput, planTools } from './tools.ts';

const cases = path.join(import.meta.dirname, '../cases/plan');
const rows = readdirSync(cases).flatMap((file): readonly CaseRow[] =>
  parse(readFileSync(path.join(cases, file), 'utf8')),
);

/** The plan of a case, and every text that went into a digest. */
function planOf(row: CaseRow): { readonly plan: Plan; readonly hashed: string } {
  const hashed: string[] = [];
  const tools = planTools();
  const digest = (text: string): string => {
    hashed.push(text);
    return tools.digest(text);
  };
  const desired = toList(row.desired).map(toDesired);
  const live = toList(row.live).map((one) => toLive(one, desired));
  const input = anInput({ desired, live, connectors: toConnectors(row.catalogue), ...row.options });
  return { plan: buildPlan(input, { ...tools, digest }).plan, hashed: hashed.join('\n') };
}

/** Whatever a report says of a change. */
function wordsOf(change: Change, plan: Plan): readonly string[] {
  return [
    describeReason(change) ?? '',
    describeNextStep(change, plan) ?? '',
    ...change.notes.map((note) => describeNote(note, change, {})),
    ...change.risks.map((risk) => describeRisk(risk, change)),
    ...change.fields.map((field) => describeMeaning(field) ?? ''),
  ];
}

/** Three words in a row: more than any argument of a code has. */
function listRuns(text: string): readonly string[] {
  const words = text.split(/\s+/);
  return words.slice(2).map((_, index) => words.slice(index, index + 3).join(' '));
}

describe('planning', () => {
  it('puts no words into a plan and none into a digest, so that other words make no other plan', () => {
    let told = 0;
    for (const row of rows) {
      const { plan, hashed } = planOf(row);
      const silent = `${JSON.stringify(plan)}\n${hashed}`;
      const runs = plan.changes.flatMap((change) => wordsOf(change, plan)).flatMap(listRuns);
      told += runs.length;
      expect(runs.filter((run) => silent.includes(run))).toEqual([]);
    }
    expect(told).toBeGreaterThan(2000);
  });

  it('holds no sentence in its source', () => {
    const room = path.join(import.meta.dirname, '../../src/plan');
    const texts = readdirSync(room).flatMap((file) =>
      readFileSync(path.join(room, file), 'utf8')
        .replaceAll(/\/\*[\s\S]*?\*\//g, '')
        .split('\n')
        .filter((line) => !/^\s*\/\/|new Error\(/.test(line))
        .flatMap((line) => line.match(/(['`])(?:(?!\1).)*\1/g) ?? []),
    );
    expect(texts.length).toBeGreaterThan(200);
    expect(texts.filter((text) => /[a-z]+[.,:]? [a-z]+/i.test(text))).toEqual([]);
  });
});
