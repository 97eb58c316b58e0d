import type { ApplyPorts } from '../../src/apply/apply-ports.ts';
import type { PlatformWriter } from '../../src/model/platform.ts';
import type { WorkItem } from '../../src/model/work.ts';

/** Ports over any platform, with a clock that only sleeping moves and tags of the workspace `own`, with a vector that is only its check. */
export function portsOver(
  platform: PlatformWriter,
  more: Partial<ApplyPorts> = {},
): ApplyPorts & { readonly slept: () => number } {
  let clock = 0;
  return {
    platform,
    ours: { workspace: 'own', environment: 'test' },
    pagesOfAll: 0,
    plannedTags: ownerTags,
    allTags: (item, applied) => [...item.userTags, ...ownerTags(item), `connectorctl-applied/${applied.check}`],
    amendApplied: () => undefined,
    judgeWritten: () => undefined,
    parkedTags: ({ change }) => ownerTags({ key: `${change.previousKey}~renamed` }),
    keepCopy: async () => {},
    sleep: async (milliseconds) => {
      clock += milliseconds;
    },
    now: () => clock,
    random: () => 0,
    slept: () => clock,
    ...more,
  };
}

function ownerTags({ key }: Pick<WorkItem, 'key'>): readonly string[] {
  return ['connectorctl/own/test', `connectorctl/own/test/${key}`];
}
