import fc from 'fast-check';

/** Feeds made-up input to one way into the tool. */
export interface Fuzzer {
  /** As it is named on the command line of `npm run fuzz`. */
  readonly name: string;
  /** How many cases take about half a second. */
  readonly casesInSuite: number;
  /** Fails for an input that does what it must not. */
  readonly property: () => Promise<fc.IRawProperty<unknown>>;
}

/** A fuzzer whose cases wait for nothing. */
export function aFuzzer<T>(
  name: string,
  casesInSuite: number,
  inputs: fc.Arbitrary<T>,
  check: (input: T) => void,
): Fuzzer {
  return { name, casesInSuite, property: async () => fc.property(inputs, check) };
}

interface FuzzOptions {
  readonly seed: number;
  readonly cases: number;
  /** Ends before all cases were run. */
  readonly milliseconds?: number;
}

interface FuzzRun {
  readonly cases: number;
  /** The smallest input that was found, and what it did. */
  readonly finding?: string | undefined;
}

/** Runs a fuzzer up to its first finding. The same seed gives the same cases. */
export async function fuzz({ property }: Fuzzer, { seed, cases, milliseconds }: FuzzOptions): Promise<FuzzRun> {
  const limit = milliseconds === undefined ? {} : { interruptAfterTimeLimit: milliseconds };
  const run = await fc.check(await property(), { seed, numRuns: cases, ...limit });
  const isFinding = run.failed && run.counterexample !== null;
  return { cases: run.numRuns, finding: isFinding ? await fc.asyncDefaultReportMessage(run) : undefined };
}

/** Fails with the flaws, if there are any. */
export function expectNone(flaws: readonly string[]): void {
  if (flaws.length > 0) throw new Error(flaws.slice(0, 5).join('\n'));
}

/** Milliseconds that one input may take, in a run by hand: against what grows without bound. A test does not depend on time. */
const longestCase = process.env['FUZZ_MINUTES'] === undefined ? Infinity : 5_000;

/** Runs something with a hostile input. Fails when it takes very long, or changes what every object has. */
export function withinBounds<T>(run: () => T): T {
  const started = performance.now();
  const value = run();
  checkBounds(started);
  return value;
}

/** The same, afterwards. */
export function checkBounds(started: number): void {
  const taken = performance.now() - started;
  if (taken > longestCase) throw new Error(`It took ${Math.round(taken)} ms.`);
  const inherited = [...Object.keys(Object.prototype), ...Object.keys(Array.prototype)];
  if (inherited.length > 0) throw new Error(`Every object has ${inherited.join(', ')}.`);
}
