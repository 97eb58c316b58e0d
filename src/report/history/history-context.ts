import type { createColors } from 'picocolors';

/** How a history is drawn. */
export interface HistoryContext {
  readonly colors: ReturnType<typeof createColors>;
  readonly width: number;
}
