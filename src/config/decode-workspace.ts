import { type Checked, type Diagnostic, hasErrors } from '../model/diagnostic.ts';
import {
  type Environment,
  isEnvironmentName,
  maxNameLength,
  whichEnvironment,
  type Workspace,
} from '../model/environment.ts';
import type { Json } from '../model/json.ts';
import { type RuleLevel, ruleLevels } from '../model/rule-level.ts';
import { type ParsedDocument, toPointer } from '../model/position.ts';
import { decodeEnvironment } from './decode-environment.ts';
import { complain, complainType, type FieldCheck, readFields, readMap } from './field-check.ts';

const workspaceName = /^[a-z0-9][a-z0-9._-]*$/;

/**
 * Decodes the workspace file. `schema/workspace.schema.json` has the same rules for editors; a test keeps the two in step.
 *
 * @param directory absolute path of the folder that holds the file
 */
export function decodeWorkspace(document: ParsedDocument, directory: string): Checked<Workspace> {
  const check: FieldCheck = { document, diagnostics: [] };
  const known = ['$schema', 'version', 'workspace', 'defaultEnvironment', 'environments', 'rules'];
  const fields = readFields(check, document.value, { pointer: '', known });
  if (!fields) return { ok: false, diagnostics: check.diagnostics };

  checkVersion(check, fields['version']);
  if (fields['$schema'] !== undefined && typeof fields['$schema'] !== 'string') {
    complainType(check, '/$schema', 'must be a string');
  }
  const name = decodeName(check, fields['workspace']);
  const environments = decodeEnvironments(check, fields['environments']);
  const defaultEnvironment = decodeDefault(check, fields['defaultEnvironment'], environments);
  const value: Workspace = {
    name,
    directory,
    file: document.file,
    defaultEnvironment,
    environments,
    rules: decodeRules(check, fields['rules']),
    at: (pointer, part) => document.at(pointer, part),
  };
  const diagnostics = check.diagnostics.toSorted(byPlace);
  return hasErrors(diagnostics) ? { ok: false, diagnostics } : { ok: true, value, diagnostics };
}

function byPlace({ at: a }: Diagnostic, { at: b }: Diagnostic): number {
  return (a?.line ?? 0) - (b?.line ?? 0) || (a?.column ?? 0) - (b?.column ?? 0);
}

/** Whether there are such rules is known where definitions are checked. */
function decodeRules(check: FieldCheck, value: Json | undefined): ReadonlyMap<string, RuleLevel> {
  const levels = new Map<string, RuleLevel>();
  for (const [code, word] of Object.entries(readMap(check, value, '/rules') ?? {})) {
    const level = ruleLevels.find((one) => one === word);
    if (level === undefined) complainType(check, `/rules${toPointer(code)}`, 'must be `off`, `warning` or `error`');
    else levels.set(code, level);
  }
  return levels;
}

function checkVersion(check: FieldCheck, version: Json | undefined): void {
  if (version === undefined) {
    complainMissing(check, 'version', 'Write `version: 1`.');
  } else if (version !== 1) {
    complain(check, '/version', {
      code: 'unsupported-version',
      message: 'Unknown version of the workspace file',
      detail: '`version` must be the number 1: the only version of this file that connectorctl knows.',
    });
  }
}

function decodeName(check: FieldCheck, name: Json | undefined): string {
  if (name === undefined) {
    complainMissing(check, 'workspace', 'Choose a name that no other repository uses on the same account.');
  } else if (typeof name !== 'string' || !workspaceName.test(name) || name.length > maxNameLength) {
    const must = `must consist of lowercase letters, digits, \`.\`, \`_\` and \`-\`, at most ${maxNameLength} characters`;
    complainType(check, '/workspace', must);
  } else {
    return name;
  }
  return '';
}

function decodeEnvironments(check: FieldCheck, value: Json | undefined): ReadonlyMap<string, Environment> {
  if (value === undefined) complainMissing(check, 'environments', 'Add at least one environment.');
  const members = readMap(check, value, '/environments');
  const entries = Object.entries(members ?? {});
  if (members && entries.length === 0) complainType(check, '/environments', 'must contain at least one environment');
  checkAlike(check, Object.keys(members ?? {}));
  const environments = new Map(
    entries.map(([name, environment]) => {
      if (!isEnvironmentName(name)) complainName(check, name);
      return [name, decodeEnvironment(check, name, environment)];
    }),
  );
  checkRenames(check, environments);
  return environments;
}

/** What a platform or a file system takes for one name must be one: instances and files of one would pass to the other. */
function checkAlike(check: FieldCheck, names: readonly string[]): void {
  const seen = new Map<string, string>();
  for (const name of names) {
    const other = seen.get(name.toLowerCase());
    seen.set(name.toLowerCase(), other ?? name);
    if (other === undefined) continue;
    complain(
      check,
      toPointer('environments', name),
      {
        code: 'environments-alike',
        message: 'Names differ in case only',
        detail: `\`${name}\` and \`${other}\` are the same name but for capital letters. Both are written into tags of instances and into names of files, where that may not tell them apart.`,
        hint: 'Give one of them another name.',
      },
      'key',
    );
  }
}

/** A former name belongs to one environment, and to none that is still there: its instances would be taken away from it. */
function checkRenames(check: FieldCheck, environments: ReadonlyMap<string, Environment>): void {
  const heirs = new Map<string, string>();
  const present = new Map([...environments.keys()].map((name) => [name.toLowerCase(), name]));
  for (const { name, renamedFrom } of environments.values()) {
    if (renamedFrom === undefined) continue;
    const [still, heir] = [present.get(renamedFrom.toLowerCase()), heirs.get(renamedFrom.toLowerCase())];
    heirs.set(renamedFrom.toLowerCase(), heir ?? name);
    if (still === undefined && heir === undefined) continue;
    const why =
      still === undefined
        ? `\`${heir}\` says that it had the name \`${renamedFrom}\` too, and only one of them can have its instances.`
        : `\`${still}\` is still an environment of this file, so that its instances are its own.`;
    complain(check, `${toPointer('environments', name)}/renamedFrom`, {
      code: 'renamed-from-taken',
      message: 'Former name belongs to another environment',
      detail: why,
      hint: 'Remove `renamedFrom`, or write the name that this environment had before.',
    });
  }
}

function decodeDefault(
  check: FieldCheck,
  name: Json | undefined,
  environments: ReadonlyMap<string, Environment>,
): string | undefined {
  if (name === undefined) return undefined;
  if (typeof name !== 'string') {
    complainType(check, '/defaultEnvironment', 'must be the name of an environment');
    return undefined;
  }
  if (!environments.has(name) && environments.size > 0) {
    complain(check, '/defaultEnvironment', {
      code: 'unknown-environment',
      message: 'Unknown environment',
      detail: `\`${name}\` is not one of the environments of this file.`,
      hint: whichEnvironment(name, environments) ?? 'Choose one of the environments of this file.',
    });
  }
  return name;
}

function complainName(check: FieldCheck, name: string): void {
  complain(
    check,
    toPointer('environments', name),
    {
      code: 'bad-environment-name',
      message: 'Invalid name',
      detail: `\`${name}\` cannot be the name of an environment: it must begin with a letter or digit and contain only letters, digits, \`.\`, \`_\` and \`-\`, at most ${maxNameLength} characters.`,
    },
    'key',
  );
}

function complainMissing(check: FieldCheck, field: string, hint: string): void {
  complain(check, '', {
    code: 'missing-field',
    message: 'Field is missing',
    detail: `The workspace file needs \`${field}\`.`,
    hint,
  });
}
