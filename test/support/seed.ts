import fc from 'fast-check';

/**
 * From which everything is drawn that a test leaves to chance: one and the same each time, so that the suite is never red at random.
 * For long searches by hand, others are named: `TEST_SEED=7 TEST_RUNS=20 npx vitest run test/property`.
 */
export const seed = Number(process.env['TEST_SEED'] ?? 1);

/** How many times as many runs of a property as usual, see `seed`. */
const factor = Number(process.env['TEST_RUNS'] ?? 1);

/** How often a property is run. */
export function times(usual: number): { readonly numRuns: number } {
  return { numRuns: usual * factor };
}

/** Longest time for one property, in milliseconds: against one that hangs, below the limit for a test. */
const longestProperty = 240_000 * factor;

/** A property that is cut off by time has shown too little: it fails, and says so. */
export function failAfter(milliseconds: number): fc.Plugin<unknown> {
  return fc.interruptAfterTimeLimit(milliseconds, { failOnInterrupt: true });
}

// Files share what was loaded, and this is run for each of them.
if (fc.readConfigureGlobal()?.seed === undefined) {
  fc.configureGlobal({ seed });
  fc.installGlobalPlugin(failAfter(longestProperty));
}
