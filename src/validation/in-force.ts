import type { Environment } from '../model/environment.ts';
import { isJsonObject, type Json } from '../model/json.ts';
import type { Path } from './path.ts';
import type { Subject } from './subject.ts';

/** The environments in which what stands at a place counts: where no override puts something else there. */
export function environmentsInForce(subject: Subject, path: Path): readonly Environment[] {
  if (subject.overrides.size === 0) return subject.environments;
  const [field, key] = path.map(String);
  if (field === undefined) return subject.environments;
  if (field === 'overrides') return subject.environments.filter(({ name }) => name === key);
  return subject.environments.filter(({ name }) => !isOverridden(subject.overrides.get(name)?.[field], key));
}

function isOverridden(value: Json | undefined, key: string | undefined): boolean {
  if (!isJsonObject(value)) return value !== undefined;
  return key !== undefined && value[key] !== undefined;
}
