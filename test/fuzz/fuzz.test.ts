import { appendFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { seed, times } from '../support/seed.ts';
import { fuzz, type Fuzzer } from './fuzzer.ts';
import { fuzzers } from './fuzzers.ts';

// For a long search by hand: npm run fuzz -- yaml --minutes 10
const minutes = Number(process.env['FUZZ_MINUTES'] ?? 0);
const wanted = process.env['FUZZ_NAME'];
const report = process.env['FUZZ_REPORT'];

/** A round with a seed of its own, so that a finding can be met again in little time. */
const longestRound = 30_000;

describe('made-up input does no harm', () => {
  const chosen = fuzzers.filter(({ name }) => wanted === undefined || name === wanted);
  it.each(chosen)('$name', { timeout: minutes * 120_000 + 300_000 }, async (fuzzer) => {
    const findings = minutes > 0 ? await search(fuzzer) : await once(fuzzer);
    expect(findings).toEqual([]);
  });
});

async function once(fuzzer: Fuzzer): Promise<readonly string[]> {
  const { finding } = await fuzz(fuzzer, { seed, cases: times(fuzzer.casesInSuite).numRuns });
  return finding === undefined ? [] : [finding];
}

async function search(fuzzer: Fuzzer): Promise<readonly string[]> {
  const end = performance.now() + minutes * 60_000;
  const findings: string[] = [];
  let cases = 0;
  let next = seed;
  for (let left = end - performance.now(); left > 0; left = end - performance.now()) {
    const run = await fuzz(fuzzer, { seed: next, cases: 1e9, milliseconds: Math.min(left, longestRound) });
    cases += run.cases;
    if (run.finding !== undefined) findings.push(`seed ${next}: ${run.finding}`);
    next += 1;
  }
  const text = `${fuzzer.name}: ${cases} cases, ${findings.length} findings, seeds ${seed} to ${next - 1}\n`;
  if (report !== undefined) appendFileSync(report, text);
  process.stdout.write(text);
  return findings;
}
