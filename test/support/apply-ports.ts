import type { ApplyPorts } from '../../src/apply/apply-ports.ts';
import type { PlatformWriter } from '../../src/model/platform.ts';
import type { WorkItem } from '../../src/model/work.ts';

/** Ports over any platform, with a clock that only sleeping moves and short tags: `own`, `own/<key>`, `applied/<check>`. */
export function portsOver(
  platform: PlatformWriter,
  more: Partial<ApplyPorts> = {},
): ApplyPorts & { readonly slept: () => number } {
  let clock = 0;
  return {
    platform,
    workspaceTag: 'own',
    keyTag: (item) => `own/${item.key}`,
    plannedTags: ownerTags,
    allTags: (item, applied) => [...item.userTags, ...ownerTags(item), `applied/${applied.check}`],
    isOwnTag: (tag) => /^(?:own|other|applied)(?:\/|$)/.test(tag),
    isOwnerTag: (tag) => /^(?:own|other)(?:\/|$)/.test(tag),
    amendApplied: () => undefined,
    retiredTags: (item) => ownerTags({ key: `${item.key}~replaced` }),
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
  return ['own', `own/${key}`];
}
