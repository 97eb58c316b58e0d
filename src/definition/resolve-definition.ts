import type { Definition } from '../model/definition.ts';
import type { DesiredInstance, DesiredValue, UnsetReference } from '../model/desired.ts';
import { type Checked, type Diagnostic, hasErrors, isError } from '../model/diagnostic.ts';
import type { Json } from '../model/json.ts';
import { listedMap } from '../model/listed-map.ts';
import { looksMasked } from '../model/placeholder.ts';
import { type Pointer, toPointer } from '../model/position.ts';
import { Secret } from '../model/secret.ts';
import { isPlain, mapJson, type SecretJson, toSecretJson } from './compose-secret.ts';
import { narrowPosition } from './locate-node.ts';
import { applyOverride } from './merge-overrides.ts';
import { type Fault, type ResolveContext, resolveText } from './resolve-text.ts';

interface Resolving {
  readonly definition: Definition;
  readonly context: ResolveContext;
  readonly diagnostics: Diagnostic[];
  readonly unset: UnsetReference[];
}

const noKeys: ReadonlySet<string> = new Set();

/** A definition in one environment. Where all that is wrong with it is what is not set yet, it is there all the same, without those values. */
export type ResolvedDefinition = Checked<DesiredInstance> & { readonly blocked?: DesiredInstance | undefined };

/**
 * What an instance should be in one environment: override applied, references resolved. Must be given a definition that is for that environment.
 * - Text with any secret inside is one Secret; so is an object or list with a secret inside, as its JSON text.
 * - A reference without a value is an error with its place, except in providerData, where its name is answered as missing.
 *   Empty counts as missing there: a CI that maps an unset secret hands over an empty text.
 * - All errors are answered at once.
 */
export function resolveDefinition(definition: Definition, context: ResolveContext): ResolvedDefinition {
  const merged = applyOverride(definition, context.environment.name);
  const resolving: Resolving = { definition: merged, context, diagnostics: [], unset: [] };
  const { diagnostics, unset } = resolving;
  const { key, connector, tags, enabled, externalAuthentication, ignore, protect } = merged;
  const adopt = adoptedId(merged, context.environment.name);

  const value: DesiredInstance = {
    key,
    connector,
    name: resolveOpenText(merged.name, '/name', resolving),
    ...(tags && { tags: tags.map((tag, index) => resolveOpenText(tag, toPointer('tags', index), resolving)) }),
    ...(enabled === undefined ? {} : { enabled }),
    configuration: resolveConfiguration(resolving),
    ...resolveProviderData(resolving),
    ...(externalAuthentication && { externalAuthentication }),
    ...(adopt === undefined ? {} : { adopt }),
    ignore: ignore === undefined ? noKeys : new Set(ignore.map((entry) => entry.replace(/^configuration\./, ''))),
    protect: protect ?? false,
    source: merged.at(''),
    at: merged.at,
  };
  if (!hasErrors(diagnostics)) return { ok: true, value, diagnostics };
  const isBlocked = unset.length === diagnostics.filter(isError).length;
  return { ok: false, diagnostics, blocked: isBlocked ? { ...value, unset } : undefined };
}

function adoptedId({ adopt }: Definition, environmentName: string): string | undefined {
  if (typeof adopt !== 'object') return adopt;
  return Object.hasOwn(adopt, environmentName) ? adopt[environmentName] : undefined;
}

/** For names and tags, which everybody may see. */
function resolveOpenText(text: string, pointer: Pointer, resolving: Resolving): string {
  const { value, faults } = resolveText(text, resolving.context);
  for (const fault of faults) report(resolving, text, pointer, fault);
  // As it is written, so that it is no other name by mistake.
  if (faults.length > 0) return text;
  if (typeof value === 'string') return value;
  resolving.diagnostics.push({
    severity: 'error',
    code: 'secret-not-allowed',
    message: 'Secret in a public place',
    detail: `\`${value.origin}\` is used in a name or tag, which the platform shows to everyone and sends to receivers of events.`,
    hint: 'Secrets can be used in configuration and providerData.',
    at: resolving.definition.at(pointer),
  });
  return '';
}

function resolveConfiguration(resolving: Resolving): ReadonlyMap<string, DesiredValue> {
  const names: string[] = [];
  const values: DesiredValue[] = [];
  for (const [key, value] of Object.entries(resolving.definition.configuration)) {
    const pointer = toPointer('configuration', key);
    checkKey(key, pointer, resolving);
    const before = resolving.unset.length;
    const resolved = resolveValue(value, pointer, resolving);
    if (resolving.unset.length > before) continue;
    names.push(key);
    values.push(resolved instanceof Secret || isPlain(resolved) ? resolved : toSecretJson(resolved));
  }
  return listedMap(names, values);
}

function resolveValue(value: Json, pointer: Pointer, resolving: Resolving): SecretJson {
  if (typeof value !== 'string') {
    return mapJson(value, (inner, key) => {
      const place = pointer + toPointer(key);
      checkKey(key, place, resolving);
      return resolveValue(inner, place, resolving);
    });
  }
  const resolved = resolveText(value, resolving.context);
  for (const fault of resolved.faults) report(resolving, value, pointer, fault);
  for (const remark of resolved.remarks) report(resolving, value, pointer, remark, 'warning');
  checkMask(resolved.value, pointer, resolving);
  return resolved.value;
}

function resolveProviderData(resolving: Resolving): Pick<DesiredInstance, 'providerData' | 'missingProviderData'> {
  const names: string[] = [];
  const values: (Secret | string)[] = [];
  const missing = new Set<string>();
  for (const [key, text] of Object.entries(resolving.definition.providerData ?? {})) {
    const pointer = toPointer('providerData', key);
    checkKey(key, pointer, resolving);
    const { value, faults, remarks } = resolveText(text, resolving.context);
    for (const remark of remarks) report(resolving, text, pointer, remark, 'warning');
    for (const fault of faults) {
      if (fault.unset === undefined) report(resolving, text, pointer, fault);
      else missing.add(fault.unset);
    }
    checkMask(value, pointer, resolving);
    if (faults.length > 0) continue;
    names.push(key);
    values.push(value);
  }
  return { providerData: listedMap(names, values), missingProviderData: [...missing] };
}

function report(
  { definition, diagnostics, unset }: Resolving,
  text: string,
  pointer: Pointer,
  fault: Fault,
  severity: Diagnostic['severity'] = 'error',
): void {
  const { code, message, detail, hint, reference } = fault;
  const at = narrowPosition(definition.at(pointer), text, reference);
  const { kind, name } = reference;
  if (fault.unset !== undefined && name !== undefined && kind !== 'unknown') {
    const { file, line, column } = at;
    unset.push({ kind, name, file, line, column });
  }
  diagnostics.push({
    severity,
    code,
    message,
    detail,
    ...(hint === undefined ? {} : { hint }),
    at,
  });
}

function checkKey(key: string, pointer: Pointer, { definition, diagnostics }: Resolving): void {
  if (!key.includes('${{')) return;
  diagnostics.push({
    severity: 'error',
    code: 'reference-in-key',
    message: 'Reference in a key',
    detail: `References are replaced in values only, so \`${key}\` would be sent literally.`,
    at: definition.at(pointer, 'key'),
  });
}

function checkMask(value: Secret | string, pointer: Pointer, { definition, diagnostics }: Resolving): void {
  if (typeof value !== 'string' || !looksMasked(value)) return;
  diagnostics.push({
    severity: 'error',
    code: 'masked-value',
    message: 'Value is a mask',
    detail: 'Asterisks or dots are shown in place of a secret. Written back, they would replace the secret.',
    hint: 'Write ${{ secrets.NAME }} and set the secret.',
    at: definition.at(pointer),
  });
}
