import { describe, expect, it } from 'vitest';
import type { Connector } from '../../src/model/connector.ts';
import type { DesiredInstance } from '../../src/model/desired.ts';
import type { FieldChange } from '../../src/model/plan.ts';
import { buildPlan } from '../../src/plan/build-plan.ts';
import { aConnector, aDesired, aSecret, anEntry } from '../support/builders.ts';
import { createManglingPlatform } from './mangling-platform.ts';
import type { Mangling } from './mangling-platform.ts';
import { anInput, planTools } from './tools.ts';

const tools = planTools();
const secret = aDesired({ configuration: { username: aSecret('canary') } });
const plain = aDesired({ configuration: { username: 'alice' } });
const another = aDesired({ configuration: { username: 'bob' } });
const without = aDesired({ name: 'Renamed' });
const ignoring = aDesired({ name: 'Renamed', ignore: ['username'] });
const back = aDesired({ name: 'Renamed', configuration: { username: 'alice' } });
const catalogue = new Map([['sharefile', aConnector('sharefile', [anEntry({ key: 'username', defaultValue: '' })])]]);

/** Applies one revision after the other and answers what the last plan says of the user's name. */
function replay(
  revisions: readonly DesiredInstance[],
  options: { readonly mangling?: Mangling; readonly connectors?: ReadonlyMap<string, Connector> } = {},
): FieldChange | undefined {
  const { mangling = 'keep', connectors = new Map() } = options;
  const platform = createManglingPlatform(() => mangling, tools);
  let last: FieldChange | undefined;
  for (const desired of revisions) {
    const { plan, work } = buildPlan(anInput({ desired: [desired], live: platform.list(), connectors }), tools);
    expect(JSON.stringify(plan)).not.toContain('canary');
    platform.apply(work, [desired]);
    last = plan.changes[0]?.fields.find(({ field }) => field === '/configuration/username');
  }
  return last;
}

describe('the memory of a secret', () => {
  it('hides the value that plain text takes the place of', () => {
    expect(replay([secret, plain])).toEqual({
      field: '/configuration/username',
      cause: 'definition',
      secret: true,
      line: 10,
    });
  });

  it('ends when the platform shows the plain text', () => {
    expect(replay([secret, plain, another])).toMatchObject({ secret: false, before: 'alice', after: 'bob' });
  });

  it('lasts while the platform goes on showing the secret', () => {
    expect(replay([secret, plain, another], { mangling: 'stick' })).toMatchObject({ secret: true });
  });

  it('outlives the key in the definition, while the secret stays on the platform', () => {
    expect(replay([secret, without, back])).toMatchObject({ secret: true });
  });

  it('outlives a time in which the key is ignored', () => {
    expect(replay([secret, ignoring, back])).toMatchObject({ secret: true });
  });

  it('begins with a secret that is sent once and then ignored', () => {
    const once = aDesired({ configuration: { username: aSecret('canary') }, ignore: ['username'] });
    expect(replay([once, plain])).toMatchObject({ secret: true });
  });

  it('outlives setting the key back, as a platform may not follow', () => {
    expect(replay([secret, without, back], { mangling: 'stick', connectors: catalogue })).toMatchObject({
      secret: true,
    });
  });

  it('does not keep a key that is declared again from being sent', () => {
    const revisions = [secret, without, back];
    expect(replay(revisions, { mangling: 'mask' })).toMatchObject({ secret: true });
    expect(replay(revisions, { mangling: 'mask', connectors: catalogue })).toMatchObject({ secret: true });
  });
});
