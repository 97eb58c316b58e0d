import { stripHtml } from '../../model/canonical-value.ts';
import type { Diagnostic } from '../../model/diagnostic.ts';
import { type Json, type JsonObject, toJsonObject } from '../../model/json.ts';
import type { OwnedInstance } from '../../model/live.ts';
import { isStandIn } from '../../model/placeholder.ts';
import { toPointer } from '../../model/position.ts';
import { variableName } from '../convert/reference-names.ts';
import { renderDefinition } from '../convert/write-definition.ts';
import type { Imported, ImportOptions } from './import-options.ts';
import { findReferences } from '../references.ts';
import { newKey } from './new-key.ts';
import { selectKeys } from './select-keys.ts';
import { isUnwritableLabel, isUnwritableTag } from './unwritable.ts';

/** Writes a definition for a live instance that has none: fields in the usual order, keys sorted. */
export function importNew(live: OwnedInstance, options: ImportOptions): Imported {
  const { kept, hidden, leftOut, ...selected } = selectKeys(live, options);
  const isShown = (text: string) => options.known?.shows(text) === true;
  const label = nameOf(live, isShown(live.name));
  const comments = new Map(selected.comments);
  if (label.comment !== undefined) comments.set(toPointer('name'), label.comment);
  const tags = givenTags(live);
  const isTagRefused = tags.some((tag) => isUnwritableTag(tag) || isShown(tag));
  const fields = { name: label.name, tags: isTagRefused ? [] : tags };
  const { schemaPath } = options;
  return {
    key: newKey(live, isShown(live.name)),
    yaml: insertHidden(
      renderDefinition(toFields(live, options, { ...fields, configuration: toJsonObject(kept) }), {
        comments,
        ...(schemaPath === undefined ? {} : { schema: schemaPath }),
      }),
      hidden,
    ),
    secrets: selected.secrets,
    leftOut,
    variables: new Map(label.variable === undefined ? [] : [[label.variable, live.name]]),
    diagnostics: [
      ...(label.comment === undefined || label.isSame === true ? [] : [nameStandsForSomethingElse(label.name, live)]),
      ...(isTagRefused ? [standsForSomethingElse('tags', live)] : []),
      ...leftOut.filter(({ why }) => why === 'placeholder').map(({ key }) => standsForSomethingElse(key, live)),
    ],
  };
}

const leftThere = 'Left as it is on the platform. To manage one here, ';

/**
 * Puts in front of the first key of the configuration, which is the last field, what is left on the platform, as comments: with the reference that
 * would manage it. Where it holds no other key, in front of the configuration itself, as a comment inside `{}` could not be taken up.
 */
function insertHidden(yaml: string, hidden: readonly (readonly [string, Json])[]): string {
  if (hidden.length === 0) return yaml;
  const lines = renderDefinition(toJsonObject([['configuration', toJsonObject(hidden)]]))
    .trimEnd()
    .split('\n');
  const at = yaml.lastIndexOf('\nconfiguration:') + 1;
  const [field = ''] = yaml.slice(at).split('\n', 1);
  if (field.endsWith('{}')) {
    const above = [
      `# ${leftThere}put it in place of {} and set the secret:`,
      ...lines.slice(1).map((line) => `# ${line.trimEnd()}`),
    ];
    return `${yaml.slice(0, at)}${above.join('\n')}\n${yaml.slice(at)}`;
  }
  const inside = [
    `  # ${leftThere}take away its # and set the secret:`,
    ...lines.slice(1).map((line) => `  # ${line.slice(2)}`),
  ];
  const start = at + field.length + 1;
  return `${yaml.slice(0, start)}${inside.join('\n')}\n${yaml.slice(start)}`;
}

interface Label {
  readonly name: string;
  readonly comment?: string;
  /** A variable that stands for a name that no definition can hold. */
  readonly variable?: string;
  /** True: to the platform it is the name that the instance has. */
  readonly isSame?: boolean;
}

/** A definition needs a name, so one that cannot be written becomes a variable; left out it would be written over. */
function nameOf({ id, connector, name }: OwnedInstance, isSecret: boolean): Label {
  if (isSecret) {
    const variable = variableName(connector, `${id}.name`);
    return { name: `\${{ vars.${variable} }}`, comment: 'the name on the platform shows a secret' };
  }
  if (!isUnwritableLabel(name)) return { name };
  if (name.trim() === '') return { name: `${connector} ${id}`, comment: 'the instance has no name' };
  const cut = name.replaceAll('${{', '$<i></i>{<i></i>{');
  if (cut !== name && stripHtml(cut) === stripHtml(name) && findReferences(cut).length === 0 && !isStandIn(cut)) {
    // No variable can hold it either.
    return {
      name: cut,
      comment: 'without the tags, which the platform strips, it would read as a reference',
      isSame: true,
    };
  }
  const variable = variableName(connector, `${id}.name`);
  return { name: `\${{ vars.${variable} }}`, comment: `on the platform: ${name}`, variable };
}

/** The tags that somebody gave: without tags the platform gives one equal to the name (platform-api §3). */
export function givenTags({ name, userTags }: OwnedInstance): readonly string[] {
  const tags = [...new Set(userTags)].filter((tag) => tag !== '');
  return tags.length > 1 || tags.some((tag) => stripHtml(tag) !== stripHtml(name)) ? tags : [];
}

interface Fields {
  readonly name: string;
  readonly tags: readonly string[];
  readonly configuration: JsonObject;
}

function toFields(
  live: OwnedInstance,
  { adopt, environment }: ImportOptions,
  { name, tags, configuration }: Fields,
): JsonObject {
  const id = toId(live.id);
  return toJsonObject(
    Object.entries({
      connector: live.connector,
      name,
      ...(tags.length > 0 ? { tags } : {}),
      ...(live.disabled ? { enabled: false } : {}),
      ...(environment === undefined ? {} : { environments: [environment] }),
      ...(adopt ? { adopt: environment === undefined ? id : toJsonObject([[environment, id]]) } : {}),
      configuration,
    }),
  );
}

/** A number where that loses nothing. */
export function toId(id: string): string | number {
  return String(Number(id)) === id && Number.isSafeInteger(Number(id)) ? Number(id) : id;
}

function nameStandsForSomethingElse(name: string, live: OwnedInstance): Diagnostic {
  return {
    severity: 'warning',
    code: 'placeholder-on-platform',
    message: 'Placeholder on the platform',
    detail: `The name of instance ${live.id} is empty or reads as a placeholder, so the definition says ${name}.`,
    hint: 'Write the name that it should have, or set the variable to the one that it has.',
  };
}

function standsForSomethingElse(key: string, live: OwnedInstance): Diagnostic {
  return {
    severity: 'warning',
    code: 'placeholder-on-platform',
    message: 'Placeholder on the platform',
    detail: `The value of ${key} of instance ${live.id} looks like a placeholder, so it was left out. It stays as it is on the platform.`,
    hint: `Add ${key} to the definition if it should have another value.`,
  };
}
