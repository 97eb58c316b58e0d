import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Secret } from '../../src/model/secret.ts';
import { UserError } from '../../src/model/user-error.ts';
import { apply } from '../../src/operation/apply.ts';
import { completeAuthorization } from '../../src/operation/authorize-complete.ts';
import { consentRequests } from '../../src/operation/authorize-request.ts';
import type { OperationPorts } from '../../src/operation/operation-ports.ts';
import { startSandbox } from '../../src/sandbox/sandbox.ts';
import { agree } from '../support/agree.ts';
import { appSecret, sharefileOf } from '../support/consent.ts';
import { type CrashPoint, moments } from '../support/crash-door.ts';
import { crashHere } from '../support/crash-here.ts';
import { crashWorkspace } from '../support/crash-scenario.ts';
import { type OperatePlace, planHere, runHere } from '../support/operate.ts';
import { credentials } from '../support/platform.ts';
import { makeRig } from '../support/rig.ts';
import { times } from '../support/seed.ts';
import { allSettled, virtualTime } from '../support/virtual-time.ts';

interface Step {
  readonly deed: 'authorize' | 'apply' | 'resend' | 'disable' | 'replay';
  readonly point?: CrashPoint | undefined;
}

const points: fc.Arbitrary<CrashPoint> = fc.record({
  request: fc.nat({ max: 14 }),
  moment: fc.constantFrom(...moments),
});

const steps: fc.Arbitrary<readonly Step[]> = fc.array(
  fc.record({
    deed: fc.constantFrom<Step['deed']>('authorize', 'authorize', 'apply', 'resend', 'disable', 'replay'),
    point: fc.option(points, { nil: undefined }),
  }),
  { minLength: 2, maxLength: 4 },
);

it('however consent, apply, kill and repetition interleave, there is one instance for the key', async () => {
  await fc.assert(
    fc.asyncProperty(steps, async (all) => {
      const sandbox = await startSandbox({});
      const code = 'providerData:\n  code: ${{ secrets.CODE }}\n';
      const rig = makeRig({
        'connectorctl.yaml': crashWorkspace('http://127.0.0.1:4711'),
        'instances/docs.yaml': sharefileOf('Docs', code),
      });
      const place = { directory: rig.directory, sandbox, env: { ...credentials, ...appSecret } };
      const world = openSteps(place);
      try {
        for (const step of all) {
          await world.take(step);
          expect(sandbox.instances().length).toBeLessThanOrEqual(1);
        }
        await world.take({ deed: 'authorize' });
        expect(sandbox.instances().map(({ tags }) => tags.includes('connectorctl/acme/test/docs'))).toEqual([true]);
        expect(await planHere(place, world.time)).toEqual([]);
      } finally {
        rig.remove();
        await sandbox.close();
      }
    }),
    times(2),
  );
});

function openSteps(place: OperatePlace) {
  const time = virtualTime(allSettled);
  let serial = 0;
  let last: Secret | undefined;
  const operations: Readonly<Record<Exclude<Step['deed'], 'disable'>, (ports: OperationPorts) => Promise<unknown>>> = {
    authorize: async (ports) => {
      const asked = await consentRequests(ports, {}, { keys: ['docs'] });
      if ('result' in asked) throw new Error('nothing was asked');
      await asked.close();
      const [request] = asked.requests;
      serial += 1;
      last = new Secret(`https://app.example.com/oauth?code=fresh-${serial}&state=${request?.state}`, 'test');
      return completeAuthorization(ports, {}, { key: 'docs', redirectAddress: last, nonce: request?.nonce });
    },
    replay: async (ports) => last && completeAuthorization(ports, {}, { key: 'docs', redirectAddress: last }),
    apply: (ports) => apply(ports, {}, { interaction: agree }),
    resend: (ports) => {
      serial += 1;
      const env = { ...ports.env, CONNECTORCTL_SECRET_CODE: `given-${serial}` };
      return apply({ ...ports, env }, {}, { interaction: agree, resend: ['docs'] });
    },
  };
  return {
    time,
    take: async ({ deed, point }: Step): Promise<void> => {
      if (deed === 'disable') {
        for (const { id } of place.sandbox.instances()) place.sandbox.change(id, { disabled: true });
        return;
      }
      await crashHere(place, {
        time,
        ...(point === undefined ? {} : { point }),
        operate: async (here, options) => {
          try {
            await runHere(here, options, operations[deed]);
          } catch (error) {
            // What is refused, by us or because the code was used, is no other instance.
            if (!(error instanceof UserError)) throw error;
          }
        },
      });
    },
  };
}
