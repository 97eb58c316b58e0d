import { type Environment, isEnvironmentName, type Limits } from '../model/environment.ts';
import { emptyRecord, type Json, type JsonObject } from '../model/json.ts';
import { parseUrl } from '../model/parse-url.ts';
import { type BaseUrlFault, readBaseUrl } from '../model/base-url.ts';
import { type Pointer, toPointer } from '../model/position.ts';
import { defaultMaxTagLength, minMaxTagLength } from '../tags/applied-vector.ts';
import { decodeSecrets } from './decode-secrets.ts';
import {
  complain,
  complainType,
  credential,
  type FieldCheck,
  readFields,
  readMap,
  type FieldProblem,
} from './field-check.ts';

/** Limits where the workspace file says nothing. */
const defaultLimits: Limits = {
  maxDelete: 5,
  maxCreate: undefined,
  maxDeletePercent: 30,
  maxChangePercent: 100,
  maxTagLength: defaultMaxTagLength,
  maxUnlisted: undefined,
};

/** Decodes one environment. Problems go to the check; the result is only meaningful when there were none. */
export function decodeEnvironment(check: FieldCheck, name: string, value: Json): Environment {
  const pointer = toPointer('environments', name);
  const known = ['platform', 'baseUrl', 'account', 'renamedFrom', 'secrets', 'vars', 'prune', 'limits'];
  const map = readFields(check, value, { pointer, known });
  if (map) checkPlatform(check, pointer, map);
  const fields = map ?? {};
  const { platform, baseUrl, prune, renamedFrom } = fields;
  if (prune !== undefined && typeof prune !== 'boolean') {
    complainType(check, `${pointer}/prune`, 'must be true or false');
  }
  const { account } = fields;
  if (account !== undefined && (typeof account !== 'string' || account.trim() === '')) {
    complainType(check, `${pointer}/account`, 'must be the id or the name of an organisation, in quotes');
  }
  if (renamedFrom !== undefined && !isEnvironmentName(renamedFrom)) {
    complainType(check, `${pointer}/renamedFrom`, 'must be the name that the environment had before');
  }
  return {
    name,
    renamedFrom: isEnvironmentName(renamedFrom) ? renamedFrom : undefined,
    platform: platform === undefined ? 'remote' : 'sandbox',
    baseUrl: typeof baseUrl === 'string' ? baseUrl : undefined,
    account: typeof account === 'string' ? account : undefined,
    secrets: decodeSecrets(check, fields['secrets'], `${pointer}/secrets`),
    vars: decodeVars(check, fields['vars'], `${pointer}/vars`),
    prune: prune === true,
    limits: decodeLimits(check, fields['limits'], `${pointer}/limits`),
  };
}

function checkPlatform(check: FieldCheck, pointer: Pointer, { platform, baseUrl }: JsonObject): void {
  if ((platform === undefined) === (baseUrl === undefined)) {
    complain(check, pointer, {
      code: 'platform-or-base-url',
      message: platform === undefined ? 'Environment without a platform' : 'Environment with two platforms',
      detail: `\`${pointer.slice(1).replaceAll('/', '.')}\` needs either \`platform: sandbox\` or a \`baseUrl\`, but not both.`,
    });
  }
  if (platform !== undefined && platform !== 'sandbox') {
    complainType(check, `${pointer}/platform`, 'can only be `sandbox`; for a real platform, set `baseUrl`');
  }
  if (baseUrl !== undefined) checkBaseUrl(check, `${pointer}/baseUrl`, baseUrl);
}

function checkBaseUrl(check: FieldCheck, pointer: Pointer, value: Json): void {
  if (typeof value !== 'string' || !/^\s*https?:/i.test(value)) {
    complainType(check, pointer, 'must be the URL of a platform, beginning with `https://`');
    return;
  }
  const url = parseUrl(value);
  if (url !== undefined && (url.username !== '' || url.password !== '')) {
    complain(check, pointer, credential('the part of baseUrl before the @'));
    return;
  }
  const isConsole = /^\s*https?:\/\/my/i.test(value);
  if (url !== undefined && !isConsole && (url.search !== '' || url.hash !== '')) {
    complainType(check, pointer, 'must be a URL without `?` and `#`');
    return;
  }
  const read = readBaseUrl(value);
  if (!read.ok) complain(check, pointer, describeBaseUrlFault(read.fault));
}

/** The words for a base URL that cannot be used, at its place. */
export function describeBaseUrlFault({ code, message, hint }: BaseUrlFault): FieldProblem {
  return { code, message: 'Base URL cannot be used', detail: message, hint };
}

function decodeVars(check: FieldCheck, value: Json | undefined, pointer: Pointer): Environment['vars'] {
  const vars = emptyRecord<string>();
  for (const [name, text] of Object.entries(readMap(check, value, pointer) ?? {})) {
    const place = pointer + toPointer(name);
    if (/^(?:user|org[a-z]*)[-_]?secret$/i.test(name)) complain(check, place, credential(name), 'key');
    if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) complain(check, place, badVariableName(name), 'key');
    if (text === null || typeof text === 'object')
      complainType(check, place, 'must be a string, a number, true or false');
    else if (String(text).includes('${{')) complain(check, place, referenceInVariable(name));
    else vars[name] = String(text);
  }
  return vars;
}

function decodeLimits(check: FieldCheck, value: Json | undefined, pointer: Pointer): Limits {
  const fields = readFields(check, value, { pointer, known: Object.keys(defaultLimits) }) ?? {};
  const read = <T extends keyof Limits>(name: T, most: number, least = 0): number | Limits[T] => {
    const limit = fields[name];
    if (limit === undefined) return defaultLimits[name];
    if (typeof limit === 'number' && Number.isSafeInteger(limit) && limit >= least && limit <= most) return limit;
    const range = most === Number.MAX_SAFE_INTEGER ? `of at least ${least}` : `from ${least} to ${most}`;
    complainType(check, `${pointer}/${name}`, `must be a whole number ${range}`);
    return defaultLimits[name];
  };
  return {
    maxDelete: read('maxDelete', Number.MAX_SAFE_INTEGER),
    maxCreate: read('maxCreate', Number.MAX_SAFE_INTEGER),
    maxDeletePercent: read('maxDeletePercent', 100),
    maxChangePercent: read('maxChangePercent', 100),
    maxTagLength: read('maxTagLength', 4096, minMaxTagLength),
    maxUnlisted: read('maxUnlisted', Number.MAX_SAFE_INTEGER),
  };
}

function badVariableName(name: string) {
  return {
    code: 'bad-variable-name',
    message: 'Name cannot be referenced',
    detail: `\`${name}\` cannot be used in \`\${{ vars.NAME }}\`: a name begins with a letter or \`_\` and contains only letters, digits and \`_\`.`,
  };
}

function referenceInVariable(name: string) {
  return {
    code: 'reference-in-variable',
    message: 'Reference in a variable',
    detail: `The value of \`${name}\` contains a reference. References are resolved in definitions only, so it would be sent literally.`,
  };
}
