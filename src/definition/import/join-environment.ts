import { isPlatformMask } from '../../model/placeholder.ts';
import type { Definition } from '../../model/definition.ts';
import type { DesiredInstance } from '../../model/desired.ts';
import type { Diagnostic } from '../../model/diagnostic.ts';
import { isJsonObject, isList, type Json, toJsonObject } from '../../model/json.ts';
import type { OwnedInstance } from '../../model/live.ts';
import { fromPointer, type ParsedDocument, type Pointer, toPointer } from '../../model/position.ts';
import { Secret } from '../../model/secret.ts';
import { editDocument } from '../edit/edit-document.ts';
import { memberOf } from '../edit/edit-json.ts';
import type { Edit } from '../edit/edit.ts';
import { applyOverride } from '../merge-overrides.ts';
import { parseDocuments } from '../parse-documents.ts';
import { findReferences } from '../references.ts';
import { editFor } from './for-environment.ts';
import { givenTags, toId } from './import-new.ts';
import type { Imported, ImportOptions } from './import-options.ts';
import { leftToPlatform, notWritten, type RefusalWords, wordsOfObstacle } from './import-words.ts';
import { toLiveConfiguration } from './live-configuration.ts';
import { listLiveEdits, type LiveEdit } from './live-edits.ts';
import { askSecretKey, type SelectedKeys, selectKeys } from './select-keys.ts';
import { keepVars, shareByVars } from './share-by-vars.ts';
import { isUnwritableTag } from './unwritable.ts';
import { createValueWriter } from './value-writer.ts';

/** An environment, as far as a definition looks different in it. */
export interface JoiningEnvironment {
  readonly name: string;
  readonly vars: Readonly<Record<string, string>>;
}

/** A definition that manages a connection already, or is to, and the same connection in one more environment. */
export interface JoinedDefinition {
  /** Of the whole file. */
  readonly text: string;
  /** Which document of the file, as `ParsedDocument.index` counts. */
  readonly index: number;
  readonly definition: Definition;
  /** What it says in the environment that joins, without the values that refer to what is not set there. */
  readonly desired: DesiredInstance;
  readonly environment: JoiningEnvironment;
  /** The other environments of the workspace. */
  readonly others: readonly (JoiningEnvironment & { readonly platform: 'sandbox' | 'remote' })[];
}

export interface Joined extends Imported {
  /** Fields that stand in the override of the environment now. */
  readonly overridden: readonly Pointer[];
}

interface Joining extends JoinedDefinition {
  readonly live: OwnedInstance;
  readonly document: ParsedDocument;
  /** The other environments that it is for. */
  readonly readers: readonly JoiningEnvironment[];
  /** Those of them where something is kept that could be lost. */
  readonly sharers: readonly JoiningEnvironment[];
  /** Whose override takes what differs; absent when the definition is for no other environment. */
  readonly override: string | undefined;
}

/**
 * Writes a live instance into the definition of the same connection in other environments: its id below `adopt`, and what differs into the override
 * of its environment. What the others share stays as it is, but for a text that differs by variables alone: it is written with them.
 * Secrets, and what the platform masks, are left as they are. Planning the result shows the adoption and nothing else.
 */
export function joinEnvironment(live: OwnedInstance, options: ImportOptions, joined: JoinedDefinition): Joined {
  const { text, index, definition, desired } = joined;
  const document = parseDocuments(definition.file, text).documents[index];
  if (document === undefined) throw new Error(`${definition.file} has no document ${index}`);
  const readers = joined.others.filter(({ name }) => definition.environments?.includes(name) ?? true);
  const sharers = readers.filter(({ platform }) => platform !== 'sandbox');
  const override = sharers.length > 0 ? joined.environment.name : undefined;
  const joining: Joining = { ...joined, live, document, readers, sharers, override };

  const selected = selectKeys(live, options);
  const variables = nameVariable(joining, options);
  const all = listDeclared(joining, options);
  const declared = variables.size === 0 ? all : { ...all, ...withoutName(all) };
  const own = [...declared.edits, ...listUndeclared(joining, selected)].map((edit) => place(edit, joining));
  const switched = definition.enabled !== undefined && definition.enabled === live.disabled;
  const edits = [...listMarks(joining), ...(switched ? [switchEdit(joining)] : []), ...own];
  const edited = editDocument(text, { index, edits });

  const refused = new Set(edited.refused.map(({ at }) => at));
  const warn = (field: Pointer, words: RefusalWords): Diagnostic => ({
    severity: 'warning',
    ...words,
    at: desired.at(field),
  });
  const prefix = override === undefined ? undefined : toPointer('overrides', override);
  return {
    key: definition.key,
    yaml: edited.text,
    secrets: [...new Set([...selected.secrets, ...declared.secrets])].filter((name) =>
      edited.text.includes(`\${{ secrets.${name} }}`),
    ),
    leftOut: selected.leftOut,
    variables,
    overridden: own.flatMap(({ at }) =>
      prefix !== undefined && at.startsWith(prefix) && !refused.has(at) ? [at.slice(prefix.length)] : [],
    ),
    diagnostics: [
      ...declared.obstacles.map(({ field, obstacle }) => warn(field, wordsOfObstacle[obstacle](field, live))),
      ...(switched && override !== undefined ? [warn('/enabled', leftToPlatform(live))] : []),
      ...edited.refused.map(({ at, reason }) => warn(at, notWritten(at, reason))),
    ],
  };
}

/** That the definition is for this environment too, and which instance is its own there. */
function listMarks({ live, document, environment, others, sharers }: Joining): readonly Edit[] {
  const { name } = environment;
  const hasOthers = others.some(({ platform }) => platform !== 'sandbox');
  const id = toId(live.id);
  const environments = memberOf(document.value, 'environments');
  const isListed = !isList(environments) || environments.includes(name);
  const adopt = memberOf(document.value, 'adopt');
  const former = isJsonObject(adopt) || adopt === undefined ? [] : sharers.map((one) => [one.name, adopt] as const);
  const isPlain = !hasOthers && !isJsonObject(adopt);
  const mark: Edit = isJsonObject(adopt)
    ? { at: toPointer('adopt', name), value: id }
    : { at: '/adopt', value: isPlain ? id : toJsonObject([...former, [name, id]]) };
  return [...(isListed ? [] : [{ at: '/environments/-', value: name }]), mark];
}

/** No override can say it, so that where environments differ the platform keeps it. */
function switchEdit({ live, override }: Joining): Edit {
  return override === undefined ? { at: '/enabled', value: !live.disabled } : { at: '/enabled', remove: true };
}

/** The variable that is the whole name where this environment does not have it yet, and the name here. */
function nameVariable(
  { definition, environment, live }: Joining,
  { known }: ImportOptions,
): ReadonlyMap<string, string> {
  const name = definition.overrides?.[environment.name]?.name ?? definition.name;
  const [reference] = findReferences(name);
  const isWhole = reference?.kind === 'vars' && reference.start === 0 && reference.end === name.length;
  if (!isWhole || Object.hasOwn(environment.vars, reference.name) || known?.shows(live.name) === true) return new Map();
  return new Map([[reference.name, live.name]]);
}

function withoutName({ edits, obstacles }: DeclaredEdits): Pick<DeclaredEdits, 'edits' | 'obstacles'> {
  return {
    edits: edits.filter(({ at }) => at !== '/name'),
    obstacles: obstacles.filter(({ field }) => field !== '/name'),
  };
}

interface DeclaredEdits {
  readonly secrets: ReadonlySet<string>;
  readonly edits: readonly Edit[];
  readonly obstacles: readonly Extract<LiveEdit, { readonly obstacle: string }>[];
}

/** What the definition names and is different, or missing, in this environment. */
function listDeclared(
  { live, desired, document, definition, environment }: Joining,
  options: ImportOptions,
): DeclaredEdits {
  const entries = new Map(options.connector?.entries.map((entry) => [entry.key, entry]));
  const isSecretKey = askSecretKey(live, options, entries);
  const writer = createValueWriter({
    id: live.id,
    connector: live.connector,
    isSecretKey,
    ...(options.nameSecret && { nameSecret: options.nameSecret }),
    known: options.known,
  });
  const found = listLiveEdits({ live, desired, document, writer }).filter(({ field }) => field !== '/enabled');
  const configuration = toLiveConfiguration(live);
  // A value that turned out to be secret stays where it is, on the platform.
  const open = (value: Json): Json => (options.withSecrets !== true && refersTo(value, 'secrets') ? null : value);
  const openEdit = (edit: Edit): Edit => ('value' in edit ? { ...edit, value: open(edit.value) } : edit);
  const written = applyOverride(definition, environment.name).configuration;
  const others = Object.entries(written).flatMap(([key, raw]): readonly Edit[] => {
    const at = toPointer('configuration', key);
    const value = configuration.get(key) ?? null;
    const isKnown = desired.configuration.has(key);
    if (desired.ignore.has(key) || isPlatformMask(value)) return [];
    // A variable that is not set here would block the definition; a secret that is not set is set before the first apply.
    if (!isKnown && refersTo(raw, 'secrets')) return [];
    if (isKnown && (value !== null || desired.configuration.get(key) instanceof Secret)) return [];
    // Taken away here, so that nobody sends what the instance does not have.
    return [{ at, value: value === null ? null : open(writer.write(key, value)) }];
  });
  return {
    secrets: writer.secrets,
    edits: [...found.flatMap(({ edit }) => (edit === undefined ? [] : [openEdit(edit)])), ...others],
    obstacles: found.flatMap((one) => (one.edit === undefined ? [one] : [])),
  };
}

/** What an import would have written, and the definition does not name. */
function listUndeclared(
  { live, desired, definition, environment, override }: Joining,
  { kept }: SelectedKeys,
): readonly Edit[] {
  if (override === undefined) return [];
  const own = definition.overrides?.[environment.name]?.configuration ?? {};
  const isNamed = (key: string) => Object.hasOwn(definition.configuration, key) || Object.hasOwn(own, key);
  const tags = desired.tags === undefined ? givenTags(live).filter((tag) => !isUnwritableTag(tag)) : [];
  return [
    ...(tags.length > 0 ? [{ at: '/tags', value: tags }] : []),
    ...kept
      .filter(([key]) => !isNamed(key) && !desired.ignore.has(key))
      .map(([key, value]) => ({ at: toPointer('configuration', key), value })),
  ];
}

/** Into the text of all, where variables make one text of it; else into the override of this environment. */
function place(edit: Edit, joining: Joining): Edit {
  const { document, definition, environment, readers, override } = joining;
  if (override === undefined && 'value' in edit && edit.value === null) return { at: edit.at, remove: true };
  const [area, key] = fromPointer(edit.at);
  const raw = fromPointer(edit.at).reduce<Json | undefined>(memberOf, document.value);
  if (!('value' in edit) || raw === undefined || (area !== 'configuration' && area !== 'name')) {
    return editFor(edit, override) ?? edit;
  }
  const bound = readers.filter(({ name }) => !isOverridden(definition, name, area, key)).map(({ vars }) => vars);
  const shared = shareByVars(raw, edit.value, environment.vars, bound);
  if (shared !== undefined) return { at: edit.at, value: shared };
  return editFor({ at: edit.at, value: keepVars(raw, edit.value, environment.vars) }, override) ?? edit;
}

function isOverridden({ overrides }: Definition, environment: string, area: string, key: string | undefined): boolean {
  const override = overrides?.[environment];
  if (area === 'name') return override?.name !== undefined;
  return key !== undefined && Object.hasOwn(override?.configuration ?? {}, key);
}

function refersTo(value: Json, wanted: 'secrets' | 'vars'): boolean {
  if (typeof value === 'string') return findReferences(value).some(({ kind }) => kind === wanted);
  if (value === null || typeof value !== 'object') return false;
  const members: readonly Json[] = Object.values(value);
  return members.some((member) => refersTo(member, wanted));
}
