import path from 'node:path';
import { applyEdits, modify, parse, type ParseError } from 'jsonc-parser';
import { isJsonObject, type Json } from '../../model/json.ts';

/** A file of an editor, with what is there of it taken into account. */
export interface EditorFile {
  /** Absolute path. */
  readonly path: string;
  /** The text that it is to have; undefined when nobody can add to what is there. */
  readonly merge: (before: string | undefined) => string | undefined;
  /** What to add by hand where that fails. */
  readonly lines: readonly string[];
}

/**
 * Settings for VS Code and for every editor that reads `.editorconfig`.
 * @param root absolute root of the repository, which editors open
 * @param directory absolute folder of the workspace, in it
 */
export function listEditorSettings(root: string, directory: string, workspaceFile: string): readonly EditorFile[] {
  const below = path.relative(root, directory).replaceAll(path.sep, '/');
  const prefix = below === '' ? '' : `${below}/`;
  const schemas: Readonly<Record<string, readonly string[]>> = {
    [`./${prefix}schema/instance.schema.json`]: [`${prefix}instances/**/*.yaml`, `${prefix}instances/**/*.yml`],
    [`./${prefix}schema/workspace.schema.json`]: [`${prefix}${workspaceFile}`],
  };
  const section = `[${prefix}instances/**.{yaml,yml}]`;
  return [
    {
      path: path.join(root, '.vscode/settings.json'),
      merge: (before) => mergeSettings(before, schemas),
      lines: JSON.stringify({ 'yaml.schemas': schemas }, undefined, 2).split('\n').slice(1, -1),
    },
    {
      path: path.join(root, '.editorconfig'),
      merge: (before) => mergeSections(before, section),
      lines: [section, ...properties],
    },
  ];
}

/** What our own writer of definitions keeps to. */
const properties = [
  'charset = utf-8',
  'end_of_line = lf',
  'indent_style = space',
  'indent_size = 2',
  'insert_final_newline = true',
  'trim_trailing_whitespace = true',
];

/** Adds the schemas that are not named yet; comments, order and all other settings stay as they are. */
function mergeSettings(
  before: string | undefined,
  schemas: Readonly<Record<string, readonly string[]>>,
): string | undefined {
  const text = before === undefined || before.trim() === '' ? '{}\n' : before;
  const errors: ParseError[] = [];
  const settings: Json = parse(text.replace(/^\uFEFF/, ''), errors, { allowTrailingComma: true });
  if (errors.length > 0 || !isJsonObject(settings)) return undefined;
  const known = settings['yaml.schemas'] ?? {};
  if (!isJsonObject(known)) return undefined;
  const indent = /^\t/m.test(text)
    ? { insertSpaces: false }
    : { insertSpaces: true, tabSize: /\n( +)\S/.exec(text)?.[1]?.length ?? 2 };
  const formattingOptions = { ...indent, eol: text.includes('\r\n') ? '\r\n' : '\n' };
  return Object.entries(schemas)
    .filter(([schema]) => !namesSchema(known, schema))
    .reduce((whole, [schema, files]) => {
      return applyEdits(whole, modify(whole, ['yaml.schemas', schema], files, { formattingOptions }));
    }, text);
}

/** `./schema/x.json` and `schema/x.json` are the same file to the editor. */
function namesSchema(known: object, schema: string): boolean {
  return Object.keys(known).some((name) => name.replace(/^\.\//, '') === schema.slice(2));
}

/** Adds a section of ours at the end, where it counts over those before it, unless there is one. */
function mergeSections(before: string | undefined, section: string): string {
  const added = [section, ...properties, ''].join('\n');
  if (before === undefined || before.trim() === '') return added;
  if (before.split(/\r?\n/).some((line) => line.trim() === section)) return before;
  const eol = before.includes('\r\n') ? '\r\n' : '\n';
  const end = before.endsWith('\n') ? '' : eol;
  return `${before}${end}${eol}${added.replaceAll('\n', eol)}`;
}
