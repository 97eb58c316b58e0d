import { describe, expect, it } from 'vitest';
import type { Wait } from '../../src/model/apply.ts';
import { apply } from '../../src/operation/apply.ts';
import { plan } from '../../src/operation/plan.ts';
import { openFlow } from '../action/flows/open-flow.ts';
import type { Answer, ReceivedRequest } from '../support/http-server.ts';
import { operationPorts } from '../support/operation-ports.ts';
import { credentials, remoteWorkspace, startPlatform } from '../support/platform.ts';
import { openRig } from '../support/rig.ts';
import { definitionOf } from '../support/world.ts';

/** Answers the first requests that fit with this, and none after them. */
function first(count: number, fits: (request: ReceivedRequest) => boolean, answer: Answer) {
  let left = count;
  return (request: ReceivedRequest): Answer | undefined => {
    if (left === 0 || !fits(request)) return undefined;
    left -= 1;
    return answer;
  };
}

const isList = ({ method, path }: ReceivedRequest): boolean => method === 'GET' && path.endsWith('/instances');
const slowDown: Answer = { status: 429, headers: { 'retry-after': '45' }, json: { message: 'Slow down' } };
const broken: Answer = { status: 500, json: { message: 'Down for a moment' } };

/** A folder with one definition, and an operation in it whose waits are kept; only sleeping moves its clock. */
async function openPlace(before: (request: ReceivedRequest, now: number) => Answer | undefined) {
  let clock = 0;
  const platform = await startPlatform({ before: (request) => before(request, clock) });
  const rig = openRig({
    'connectorctl.yaml': remoteWorkspace(platform.origin),
    'instances/one.yaml': definitionOf('One'),
  });
  const told: Wait[] = [];
  const ports = operationPorts({
    cwd: rig.directory,
    env: { ...credentials, CONNECTORCTL_SECRET_PASSWORD: 'pa55 word' },
    sleep: async (milliseconds) => {
      clock += milliseconds;
    },
    now: () => clock,
    // The longest pauses.
    random: () => 0.99,
    waits: { tell: (wait) => void told.push(wait), over: () => {} },
  });
  return { platform, ports, told };
}

const interaction = {
  showPlan: () => {},
  confirm: async () => undefined,
  begin: async () => ({ onEvent: () => {}, end: async () => {} }),
};

describe('a wait is told, with its reason and its end', () => {
  it('of a list that the platform asks to come again for', async () => {
    const { ports, told } = await openPlace(first(2, isList, slowDown));
    expect(await plan(ports, {}, {})).toMatchObject({ kind: 'planned' });
    expect(told).toContainEqual(expect.objectContaining({ code: 'rate-limited' }));
    expect(Math.max(...told.map(({ milliseconds }) => milliseconds))).toBeGreaterThanOrEqual(40_000);
  });

  it('of a request that failed and is sent again, which it names', async () => {
    const { ports, told } = await openPlace(first(4, isList, broken));
    expect(await plan(ports, {}, {})).toMatchObject({ kind: 'planned' });
    const [wait] = told;
    expect(wait).toMatchObject({ code: 'repeated', about: expect.stringContaining('GET /instances') });
    expect(wait?.about).toContain('500');
  });

  it('of a create whose list lags: until the list shows what was made', async () => {
    let until: number | undefined;
    const { ports, told } = await openPlace((request, now) => {
      if (request.method === 'POST' && request.path.endsWith('/instances')) until = now + 20_000;
      const isBehind = until !== undefined && now < until;
      return isBehind && isList(request)
        ? { status: 404, json: { requestId: 'r1', message: 'No element instances found' } }
        : undefined;
    });
    expect(await apply(ports, {}, { interaction, verify: true })).toMatchObject({ kind: 'applied' });
    expect(told).toContainEqual(expect.objectContaining({ code: 'not-listed', about: expect.stringContaining('one') }));
  });

  it('in the log of the Action, as a line of its own', async () => {
    const fixture = await openFlow({ platform: { before: first(2, isList, slowDown) } });
    const end = await fixture.plan();
    expect(end.code).toBe(0);
    expect(end.log.text).toMatch(
      /^Waiting up to 4\d s, until \d\d:\d\d:\d\d UTC: the platform allows no more requests at the moment/m,
    );
  });
});
