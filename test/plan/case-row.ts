import type { Connector } from '../../src/model/connector.ts';
import type { DesiredInstance, DesiredValue, UnsetReference } from '../../src/model/desired.ts';
import type { Json } from '../../src/model/json.ts';
import type { AppliedEntry, AppliedVector, OwnedInstance, Owner } from '../../src/model/live.ts';
import { toPointer } from '../../src/model/position.ts';
import { joinSecrets, Secret } from '../../src/model/secret.ts';
import { type Field, listFields } from '../../src/plan/list-fields.ts';
import { createContext } from '../../src/plan/plan-context.ts';
import {
  aConnector,
  aDesired,
  aLive,
  anEntry,
  aSecret,
  type DesiredOptions,
  environment,
} from '../support/builders.ts';
import { planTools } from './tools.ts';

type Values = Readonly<Record<string, Json>>;

/** One row of test/cases/plan/*.yaml; test/cases/plan.schema.json says what may stand in it. */
export interface CaseRow {
  readonly name: string;
  readonly desired?: DesiredRow | readonly DesiredRow[];
  readonly live?: LiveRow | readonly LiveRow[];
  readonly catalogue?: Readonly<Record<string, Readonly<Record<string, EntryRow>>>>;
  /** How connectors log in; they are in the catalogue then. */
  readonly authentication?: Readonly<Record<string, string>>;
  readonly missing?: Readonly<Record<string, string | null>>;
  readonly options?: {
    readonly prune?: boolean;
    readonly isPruneWithheld?: boolean;
    readonly allowReplace?: boolean;
    readonly only?: readonly string[];
    readonly exclude?: readonly string[];
    readonly resend?: readonly string[];
    readonly formerKey?: string;
    readonly deleteDuplicate?: readonly string[];
    readonly renamedFrom?: string;
  };
  readonly plan: ExpectedRow | readonly ExpectedRow[];
}

interface DesiredRow {
  readonly key?: string;
  readonly connector?: string;
  readonly name?: string;
  readonly tags?: readonly string[];
  readonly enabled?: boolean;
  readonly configuration?: Values;
  readonly providerData?: Readonly<Record<string, string>>;
  readonly missing?: readonly string[];
  /** References that are not set: `secrets.NAME` or `vars.NAME`. */
  readonly unset?: readonly string[];
  readonly adopt?: string;
  readonly ignore?: readonly string[];
  readonly protect?: boolean;
}

interface LiveRow {
  readonly id?: string;
  readonly connector?: string;
  readonly name?: string;
  readonly tags?: readonly string[];
  readonly owner?: string;
  readonly claims?: readonly string[];
  readonly disabled?: boolean;
  readonly valid?: boolean;
  readonly configuration?: Readonly<Record<string, string | null>>;
  readonly applied?: 'none' | 'damaged' | AppliedRow;
}

interface AppliedRow {
  readonly name?: string;
  readonly tags?: readonly string[];
  readonly enabled?: boolean;
  readonly protect?: boolean;
  readonly under?: string;
  readonly configuration?: Values;
  readonly echo?: Readonly<Record<string, string>>;
  readonly assumed?: readonly string[];
  readonly former?: { readonly key: string; readonly names: readonly string[] };
  readonly id?: string;
  readonly fingerprintKey?: string;
}

type EntryRow = string | { readonly default?: string; readonly type?: string; readonly options?: readonly string[] };

export interface ExpectedRow {
  readonly key?: string;
  readonly action: string;
  readonly id?: string;
  readonly previousKey?: string;
  readonly previousEnvironment?: string;
  readonly fields?: Readonly<Record<string, string | Values>>;
  readonly risks?: readonly string[];
  readonly notes?: readonly string[];
  readonly code?: string;
  readonly reason?: string;
  readonly hint?: string;
  readonly sends?: 'nothing' | Values;
}

/** One or many, as a list. */
export function toList<T extends object>(value: T | readonly T[] | undefined): readonly T[] {
  if (value === undefined) return [];
  return isList(value) ? value : [value];
}

function isList<T extends object>(value: T | readonly T[]): value is readonly T[] {
  return Array.isArray(value);
}

export function toDesired({ missing = [], unset, configuration = {}, ...row }: DesiredRow): DesiredInstance {
  const options: DesiredOptions = { ...row, missingProviderData: missing, configuration: openAll(configuration) };
  const desired = aDesired(options);
  return unset === undefined ? desired : { ...desired, unset: unset.map((text) => toUnset(text, desired)) };
}

function toUnset(text: string, { source }: DesiredInstance): UnsetReference {
  const [kind, name = ''] = text.split('.');
  const { file, line, column } = source;
  return { kind: kind === 'vars' ? 'vars' : 'secrets', name, file, line, column };
}

function openAll(values: Values): Readonly<Record<string, DesiredValue>> {
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [key, toValue(value)]));
}

/** `secret(x)` stands for the secret `x`, `composed(x)` for text around one. */
function toValue(value: Json): DesiredValue {
  const composed = typeof value === 'string' ? /^composed\((.*)\)$/s.exec(value)?.[1] : undefined;
  if (composed !== undefined) return joinSecrets(['', aSecret(composed.slice(1)), composed.slice(0, 1)]);
  const text = typeof value === 'string' ? /^secret\((.*)\)$/s.exec(value)?.[1] : undefined;
  return text === undefined ? value : aSecret(text);
}

function toText(value: string | null): string | Secret | null {
  const opened = toValue(value);
  return opened instanceof Secret ? opened : value;
}

export function toLive(row: LiveRow, desired: readonly DesiredInstance[]): OwnedInstance {
  const { owner = 'acme/sharefile', claims, tags = [], configuration = {}, applied, ...rest } = row;
  const values = Object.entries(configuration).map(([name, value]) => [name, toText(value)] as const);
  const live = aLive({
    ...rest,
    owner: claims === undefined && owner !== 'nobody' ? toOwner(owner) : null,
    ...(claims === undefined ? {} : { claims: claims.map((claim) => `connectorctl/${claim}`) }),
    userTags: tags,
    configuration: Object.fromEntries(values),
  });
  if (live.owner?.key === undefined || applied === 'none') return live;
  if (applied === 'damaged') return { ...live, applied: 'damaged' };
  return { ...live, ...toApplied({ id: live.id, ...applied }, live.owner.key, desired) };
}

/** `acme/a` stands for the definition `a` in our environment, `acme@old/a` for one in another environment. */
function toOwner(text: string): Owner {
  const [place = '', ...key] = text.split('/');
  const [workspace = '', name = environment] = place.split('@');
  const owner = { workspace, environment: name };
  return key.length === 0 ? owner : { ...owner, key: key.join('/') };
}

/** The memory as an apply of the definition would have left it, but for what the row says. */
function toApplied(row: AppliedRow, owner: string, all: readonly DesiredInstance[]): Pick<OwnedInstance, 'applied'> {
  const { echo = {}, assumed = [], former, id, fingerprintKey, under = owner, configuration, ...rest } = row;
  const desired = all.find((one) => one.key === owner) ?? all[0] ?? aDesired();
  const tools = planTools(fingerprintKey);
  const { fingerprinter } = tools;
  const before: DesiredInstance = {
    ...desired,
    ...rest,
    ...(configuration === undefined ? {} : { ignore: new Set() }),
    configuration:
      configuration === undefined ? desired.configuration : new Map(Object.entries(openAll(configuration))),
  };

  const entries = listFields(before, undefined, createContext(tools)).map(({ pointer, key = '', desired: value }) => {
    const hash = (text: Field['desired']): string => fingerprinter.value({ key: under, id: id ?? '' }, pointer, text);
    const made = echo[key || pointer.slice(1)];
    const entry: AppliedEntry = {
      value: hash(value),
      ...(assumed.includes(key) ? { assumed: true } : {}),
      ...(value instanceof Secret
        ? { secret: true, reference: fingerprinter.reference({ key: under, id: id ?? '' }, pointer, value) }
        : {}),
      ...(made === undefined ? {} : { echo: hash(made) }),
    };
    return [fingerprinter.name(pointer), entry] as const;
  });
  const instance = id === undefined || id === '' ? undefined : fingerprinter.instance(id);
  return { applied: { check: fingerprinter.check, instance, entries: new Map(entries), former: toFormer(former) } };
}

function toFormer(row: AppliedRow['former']): AppliedVector['former'] {
  if (row === undefined) return undefined;
  const { fingerprinter } = planTools(row.key);
  return [{ check: fingerprinter.check, names: row.names.map((name) => fingerprinter.name(toFieldPointer(name))) }];
}

export function toConnectors(
  catalogue: CaseRow['catalogue'] = {},
  authentication: CaseRow['authentication'] = {},
): ReadonlyMap<string, Connector> {
  const keys = [...new Set([...Object.keys(catalogue), ...Object.keys(authentication)])];
  return new Map(
    keys.map((key) => {
      const entries = Object.entries(catalogue[key] ?? {}).map(([name, entry]) => toEntry(name, entry));
      return [key, { ...aConnector(key, entries), authentication: authentication[key] }];
    }),
  );
}

function toEntry(key: string, row: EntryRow): ReturnType<typeof anEntry> {
  if (typeof row === 'string') return anEntry({ key, defaultValue: row });
  return anEntry({
    key,
    ...(row.type === undefined ? {} : { type: row.type }),
    ...(row.default === undefined ? {} : { defaultValue: row.default }),
    ...(row.options === undefined ? {} : { options: row.options.map((value) => ({ value })) }),
  });
}

/** `name`, `tags`, `enabled`, `protect`, `connector`, or a configuration key, as a pointer. */
export function toFieldPointer(field: string): string {
  const [, grant] = /^providerData\.(.*)$/.exec(field) ?? [];
  if (grant !== undefined) return toPointer('providerData', grant);
  return ['name', 'tags', 'enabled', 'protect', 'connector'].includes(field)
    ? `/${field}`
    : toPointer('configuration', field);
}
