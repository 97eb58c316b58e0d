import type { SecretsProvider } from '../model/environment.ts';
import type { Json } from '../model/json.ts';
import type { Pointer } from '../model/position.ts';
import { complain, complainType, type FieldCheck, readFields } from './field-check.ts';

const kinds = ['file', 'directory', 'vault'] as const;

/** Segments of letters, digits, `.`, `_` and `-`, none of which begins with a dot. */
const vaultPath = /^[A-Za-z0-9_-][A-Za-z0-9._-]*(?:\/[A-Za-z0-9_-][A-Za-z0-9._-]*)*$/;

/** What stands there is no file that anybody wrote: `environ` of a process holds all that it was given. `/dev/shm` is memory for files. */
const systemFolder = /^\/+(?:proc|sys|dev(?!\/+shm\/))(?:\/|$)/;

/** Decodes where the secrets of an environment come from: `{file}`, `{directory}` or `{vault: {mount, path}}`. */
export function decodeSecrets(
  check: FieldCheck,
  value: Json | undefined,
  pointer: Pointer,
): SecretsProvider | undefined {
  const fields = readFields(check, value, { pointer, known: kinds });
  if (fields === undefined) return undefined;
  const named = kinds.filter((kind) => fields[kind] !== undefined);
  if (named.length !== 1) {
    complain(check, pointer, {
      code: 'one-secrets-provider',
      message: 'One place for secrets',
      detail: `\`secrets\` names one place that holds them: \`file\`, \`directory\` or \`vault\`.`,
      hint: 'A single secret can still be set as CONNECTORCTL_SECRET_NAME in the process environment, which counts first.',
    });
    return undefined;
  }
  const { file, directory, vault } = fields;
  if (file !== undefined) return decodeFile(check, file, `${pointer}/file`);
  if (directory !== undefined) return decodeDirectory(check, directory, `${pointer}/directory`);
  return decodeVault(check, vault, `${pointer}/vault`);
}

function decodeFile(check: FieldCheck, file: Json, pointer: Pointer): SecretsProvider | undefined {
  if (typeof file === 'string' && /\.(?:ya?ml|json|env)$/.test(file)) return { kind: 'sops', file };
  complainType(check, pointer, 'must be a file encrypted by SOPS: `.yaml`, `.json` or `.env`');
  return undefined;
}

function decodeDirectory(check: FieldCheck, directory: Json, pointer: Pointer): SecretsProvider | undefined {
  if (typeof directory === 'string' && directory.trim() !== '' && !systemFolder.test(directory)) {
    return { kind: 'directory', directory };
  }
  complainType(check, pointer, 'must be the path of a folder of files, one for each secret');
  return undefined;
}

function decodeVault(check: FieldCheck, value: Json | undefined, pointer: Pointer): SecretsProvider | undefined {
  const fields = readFields(check, value, { pointer, known: ['mount', 'path'] });
  if (fields === undefined) return undefined;
  const read = (name: 'mount' | 'path'): string | undefined => {
    const text = fields[name];
    if (typeof text === 'string' && vaultPath.test(text)) return text;
    const must = 'must be a path such as `team/production`: letters, digits, `.`, `_`, `-` and `/`';
    complainType(
      check,
      text === undefined ? pointer : `${pointer}/${name}`,
      text === undefined ? `needs \`${name}\`` : must,
    );
    return undefined;
  };
  const [mount, path] = [read('mount'), read('path')];
  if (mount === undefined || path === undefined) return undefined;
  if (path.startsWith('data/')) {
    complainType(check, `${pointer}/path`, 'must be the path as `vault kv get` takes it, without `data/`');
    return undefined;
  }
  return { kind: 'vault', mount, path };
}
