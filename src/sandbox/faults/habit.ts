import type { Handler, RouteCall, SandboxResponse } from '../route.ts';
import { isJsonObject, type JsonRecord } from '../../model/json.ts';

/** What a habit does to a request: it may change the call, the response, or both. Throws what the handler throws. */
export type Habit = (call: RouteCall, next: Handler) => SandboxResponse;

export interface FaultDraw {
  /** From 0 to below 1, for what the rule leaves open. */
  readonly chance: number;
  /** Of a rate limit: milliseconds until the next token. */
  readonly wait: number;
}

export interface HabitContext {
  readonly draw: FaultDraw;
  /** Must be called when the habit had something to act on. */
  readonly report: () => void;
}

/** The handler as the habits leave it; the first of them is the nearest to the client. */
export function withHabits(habits: readonly Habit[], handle: Handler): Handler {
  return habits.reduceRight<Handler>((next, habit) => (call) => habit(call, next), handle);
}

/** Changes every instance in a response, of one or of a list. Reports when one is another than before. */
export function mapInstances(
  response: SandboxResponse,
  change: (instance: JsonRecord) => JsonRecord,
  report: () => void,
): SandboxResponse {
  let isReported = false;
  const changeOne = (row: unknown): unknown => {
    if (!isJsonObject(row) || !('element' in row)) return row;
    const changed = change(row);
    if (changed !== row && !isReported) {
      report();
      isReported = true;
    }
    return changed;
  };
  const { body } = response;
  return { ...response, body: Array.isArray(body) ? body.map(changeOne) : changeOne(body) };
}
