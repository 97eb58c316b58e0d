/** Takes one of the options. What was taken stands in the trace of the path. */
export type Choose = <T extends string>(what: string, options: readonly T[]) => T;

/** One way through all choices. */
export interface Path {
  readonly choose: Choose;
  /** What was chosen so far, with what the world adds. */
  readonly trace: readonly string[];
  /** Adds a line to the trace. */
  note(line: string): void;
  /**
   * Whether another path got to this state before, so that all that can follow is explored there.
   * @param state all that what follows depends on
   */
  isKnown(state: string): boolean;
}

export interface Exploration {
  readonly paths: number;
  /** Choice points, over all paths. */
  readonly choices: number;
  /** For each complaint that a path ended with, the shortest of their traces. */
  readonly complaints: ReadonlyMap<string, readonly string[]>;
}

interface Step {
  readonly count: number;
  taken: number;
}

/** Runs once for each sequence of choices, depth first. A run answers what is wrong with its path, or undefined. */
export async function explore(run: (path: Path) => Promise<string | undefined>): Promise<Exploration> {
  const steps: Step[] = [];
  const known = new Map<string, string>();
  const found = { paths: 0, choices: 0 };
  const complaints = new Map<string, readonly string[]>();
  const { stackTraceLimit } = Error;
  // Nearly all time would go into stacks that nobody reads.
  Error.stackTraceLimit = 0;
  do {
    const { path, trace } = openPath(steps, known);
    const complaint = await run(path);
    found.paths += 1;
    found.choices += steps.length;
    if (complaint === undefined) continue;
    const before = complaints.get(complaint);
    if (before === undefined || trace.length < before.length) complaints.set(complaint, [...trace]);
  } while (advance(steps));
  Error.stackTraceLimit = stackTraceLimit;
  return { ...found, complaints };
}

function openPath(steps: Step[], known: Map<string, string>): { readonly path: Path; readonly trace: string[] } {
  const trace: string[] = [];
  let depth = 0;
  const path: Path = {
    trace,
    note: (line) => trace.push(line),
    choose: (what, options) => {
      const step = steps[depth] ?? { count: options.length, taken: 0 };
      steps[depth] = step;
      depth += 1;
      const option = options[step.taken];
      if (option === undefined || step.count !== options.length)
        throw new Error(`The run is not the same again at ${what}.`);
      trace.push(`${what}: ${option}`);
      return option;
    },
    isKnown: (state) => {
      const way = steps
        .slice(0, depth)
        .map(({ taken }) => taken)
        .join(',');
      const first = known.get(state);
      if (first === undefined) known.set(state, way);
      return first !== undefined && first !== way;
    },
  };
  return { path, trace };
}

/** The next sequence in order; false when there is none. */
function advance(steps: Step[]): boolean {
  for (let last = steps.at(-1); last !== undefined; last = steps.at(-1)) {
    last.taken += 1;
    if (last.taken < last.count) return true;
    steps.pop();
  }
  return false;
}
