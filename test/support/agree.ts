import type { ApplyInteraction } from '../../src/operation/apply.ts';

/** Says yes at once, as `--yes` does. */
export const agree: ApplyInteraction = {
  showPlan: () => {},
  confirm: async () => undefined,
  begin: async () => ({ onEvent: () => {}, end: async () => {} }),
};
