import type { Plan } from '../../src/model/plan.ts';
import { apply, type ApplyOptions } from '../../src/operation/apply.ts';
import type { OperationResult } from '../../src/operation/result.ts';
import type { OperationPorts } from '../../src/operation/operation-ports.ts';
import { plan, type PlanCommandOptions } from '../../src/operation/plan.ts';
import type { ReceivedRequest } from './http-server.ts';
import { operationPorts } from './operation-ports.ts';
import { credentials } from './platform.ts';
import { openRig, type Rig } from './rig.ts';
import { agree } from './agree.ts';

/** A folder of a repository on a machine of its own: two of them see nothing of each other but the platform. */
export interface Checkout {
  readonly rig: Rig;
  readonly notices: readonly string[];
  plan(options?: PlanCommandOptions): Promise<Plan>;
  apply(options?: Partial<ApplyOptions>): Promise<OperationResult>;
}

export interface CheckoutOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly ports?: Partial<OperationPorts>;
}

/** Opens a checkout with these files, in which operations run in this process. */
export function openCheckout(
  files: Readonly<Record<string, string>>,
  { env = {}, ports = {} }: CheckoutOptions = {},
): Checkout {
  const rig = openRig(files);
  const notices: string[] = [];
  const all = operationPorts({
    cwd: rig.directory,
    env: { ...credentials, CONNECTORCTL_SECRET_PASSWORD: 'pa55 word', ...env },
    notice: (text) => notices.push(text),
    ...ports,
  });
  return {
    rig,
    notices,
    plan: async (options = {}) => toPlan(await plan(all, {}, options)),
    apply: (options = {}) => apply(all, {}, { interaction: agree, verify: false, ...options }),
  };
}

/** What happened to each key: a status, or the code of a failure. */
export function statusesOf(result: OperationResult): Readonly<Record<string, string>> {
  if (result.kind !== 'applied') throw new Error(`It ended with: ${JSON.stringify(result)}`);
  return Object.fromEntries(
    result.applied.outcomes.map(({ change, status, failure }) => [change.key, failure?.code ?? status]),
  );
}

/** A door that holds back the first request that fits, once it is armed. Everything else passes. */
export interface Door {
  readonly before: (request: ReceivedRequest) => Promise<undefined>;
  /** Resolves when a request that fits stands before it. */
  arm(fits: (request: ReceivedRequest) => boolean): Promise<void>;
  open(): void;
}

/** Makes a door that is open. */
export function makeDoor(): Door {
  const state: { fits?: ((request: ReceivedRequest) => boolean) | undefined; reach: () => void; open: () => void } = {
    reach: () => {},
    open: () => {},
  };
  return {
    before: async (request) => {
      if (state.fits?.(request) !== true) return undefined;
      state.fits = undefined;
      const opened = new Promise<void>((resolve) => (state.open = resolve));
      state.reach();
      await opened;
      return undefined;
    },
    arm: (fits) => {
      state.fits = fits;
      return new Promise((resolve) => (state.reach = resolve));
    },
    open: () => state.open(),
  };
}

function toPlan(result: OperationResult): Plan {
  if (result.kind !== 'planned') throw new Error(`It ended with: ${JSON.stringify(result)}`);
  return result.plan;
}
