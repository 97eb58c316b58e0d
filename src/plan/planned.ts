import type { DesiredInstance } from '../model/desired.ts';
import type { OwnedInstance } from '../model/live.ts';
import type { Action, Change } from '../model/plan.ts';
import type { CreateRequest, WorkItem } from '../model/work.ts';

/** A change and, when something is to be sent, what. */
export interface Planned {
  readonly change: Change;
  readonly work?: Omit<WorkItem, 'change'>;
}

type Head = Pick<Change, 'key' | 'action' | 'connector' | 'name' | 'fields' | 'risks' | 'notes'> &
  Partial<Pick<Change, 'id' | 'source'>>;

/** The part of a change that follows from the definition. */
export function toDesiredHead(action: Action, desired: DesiredInstance, live?: OwnedInstance): Head {
  const { key, connector, name, source } = desired;
  return {
    key,
    action,
    connector,
    name,
    ...(live === undefined ? {} : { id: live.id }),
    source: { file: source.file, line: source.line },
    fields: [],
    risks: [],
    notes: [],
  };
}

/** The part of a change that has no definition. */
export function toLiveHead(action: Action, key: string, live: OwnedInstance): Head {
  return { key, action, connector: live.connector, name: live.name, id: live.id, fields: [], risks: [], notes: [] };
}

/** What is sent to make the instance. Ignored keys are part of it. */
export function toCreateRequest(desired: DesiredInstance): Omit<CreateRequest, 'tags'> {
  const { connector, name, configuration, providerData, externalAuthentication } = desired;
  return {
    connector,
    name,
    configuration,
    providerData,
    ...(externalAuthentication === undefined ? {} : { externalAuthentication }),
  };
}
