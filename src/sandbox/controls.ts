import type { EventService } from './events/event-service.ts';
import type { FaultKind, FaultRule } from './faults/fault-rule.ts';
import type { FaultInjector } from './faults/injector.ts';
import { mostFailedRefreshes } from './instance/authorise.ts';
import { withDefaults } from './instance/configuration.ts';
import { readInstanceBody } from './instance/instance-body.ts';
import { createInstance } from './instance/save-instance.ts';
import type { StoredFormulaInstance, StoredInstance } from './state/stored-instance.ts';
import type { Tenant } from './tenant.ts';

/** What a test puts into the sandbox. */
export interface Seed {
  /** Key or id of the connector. */
  readonly connector: string;
  readonly name: string;
  readonly tags?: readonly string[];
  readonly configuration?: Readonly<Record<string, unknown>>;
  readonly disabled?: boolean;
  readonly valid?: boolean;
}

/** For tests: acts behind the API's back, as a person in the UI would. An id may be text, as clients keep it. */
export interface SandboxControls {
  /** All instances, in the order of their ids, with every value in clear and defaults filled in. */
  instances(): readonly StoredInstance[];
  /** One of them; undefined when there is none. */
  instance(id: number | string): StoredInstance | undefined;
  /** Makes an instance without asking for a grant code. Throws what the API would respond otherwise. */
  seed(seed: Seed): StoredInstance;
  /** Changes an instance; configuration is merged, by the connector's own keys. Throws when there is none. */
  change(id: number | string, changes: Partial<Omit<StoredInstance, 'id' | 'token' | 'connector'>>): StoredInstance;
  /** Throws when there is none. */
  remove(id: number | string): void;
  /**
   * The provider takes back what a person agreed to: every ping fails from now on, and the fifth switches the instance off, until
   * it is authorised again. @param failures so many refreshes have failed already. Throws when there is no such instance.
   */
  withdrawConsent(id: number | string, failures?: number): StoredInstance;
  seedFormulaInstance(formula: StoredFormulaInstance): void;
  /**
   * Replaces all faults of the running sandbox; `[]` switches them off. Their counting and their buckets begin anew.
   * What waits for a slow commit is still carried out. Throws a RangeError for a value that a rule cannot have.
   */
  setFaults(rules: readonly FaultRule[]): void;
  /** How many faults of each kind were injected since the sandbox began. */
  faultsInjected(): Readonly<Record<FaultKind, number>>;
  /** Objects of the pretended providers, the time of events, and what came of them. */
  readonly events: EventService;
  /** Carries out at once all that waits for a slow commit, in the order of arrival. */
  settle(): void;
}

interface FaultControls {
  readonly faults: FaultInjector;
  readonly pending: { settle(): void };
  readonly events: EventService;
}

export function buildControls(tenant: Tenant, { faults, pending, events }: FaultControls): SandboxControls {
  const { state } = tenant;
  const fill = (instance: StoredInstance): StoredInstance => ({
    ...instance,
    configuration: withDefaults(instance.configuration, tenant.connector(instance.connector)),
  });
  const change: SandboxControls['change'] = (id, changes) => {
    const before = tenant.instance(String(id));
    const configuration = { ...before.configuration, ...changes.configuration };
    const instance = { ...before, ...changes, configuration };
    state.commit({ op: 'put', instance });
    return fill(instance);
  };
  return {
    instances: () => [...state.instances].map(fill),
    instance: (id) => {
      const found = state.find(Number(id));
      return found === undefined ? undefined : fill(found);
    },
    seed: ({ connector, disabled = false, valid = true, ...body }) => {
      const declared = { ...tenant.connector(connector), needsGrant: false };
      const made = createInstance(tenant, declared, readInstanceBody(body));
      return disabled || !valid ? change(made.id, { disabled, valid }) : fill(made);
    },
    change,
    remove: (id) => state.commit({ op: 'delete', id: tenant.instance(String(id)).id }),
    withdrawConsent: (id, failures = 0) =>
      change(id, { failedRefreshes: failures, disabled: failures >= mostFailedRefreshes }),
    seedFormulaInstance: (formula) => state.commit({ op: 'formula', formula }),
    setFaults: (rules) => faults.set(rules),
    faultsInjected: () => faults.counts(),
    events,
    settle: () => pending.settle(),
  };
}
