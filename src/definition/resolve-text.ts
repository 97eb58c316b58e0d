import type { Reference } from '../model/definition.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import type { Environment } from '../model/environment.ts';
import { isPlaceholderSecret, looksMasked } from '../model/placeholder.ts';
import { joinSecrets, nameSecret, Secret } from '../model/secret.ts';
import { findReferences } from './references.ts';

/** Where references get their values. */
export interface ResolveContext {
  readonly environment: Environment;
  /** The secrets that are set, by name. */
  readonly secrets: ReadonlyMap<string, Secret>;
  /** Where a person would set a secret: `the environment variable CONNECTORCTL_SECRET_NAME`. */
  readonly describeSecret: (name: string) => string;
}

/** Why a reference gives no value. */
export interface Fault extends Pick<Diagnostic, 'code' | 'message' | 'detail' | 'hint'> {
  readonly reference: Reference;
  /** Its name, when all that is wrong is that it has no value yet. */
  readonly unset?: string;
}

interface ResolvedText {
  /** A Secret when any secret is inside. Of no use when there are faults. */
  readonly value: string | Secret;
  readonly faults: readonly Fault[];
  /** What is odd about a value that is used all the same. */
  readonly remarks: readonly Fault[];
}

/** Puts values in the place of references. Text without a reference is answered byte for byte, and what is put in is not looked into again. */
export function resolveText(text: string, context: ResolveContext): ResolvedText {
  const parts: (string | Secret)[] = [];
  const faults: Fault[] = [];
  const remarks: Fault[] = [];
  let done = 0;
  for (const reference of findReferences(text)) {
    const found = lookUp(reference, context);
    parts.push(text.slice(done, reference.start));
    if (isFault(found)) faults.push(found);
    else {
      if (found instanceof Secret && hasBlanksAround(found)) remarks.push(describeBlanks(reference, context));
      parts.push(found);
    }
    done = reference.end;
  }
  parts.push(text.slice(done));
  const value = parts.every((part) => typeof part === 'string') ? parts.join('') : joinSecrets(parts);
  return { value, faults, remarks };
}

/** Whether blanks or line breaks stand around one line, as `gh secret set < file` makes them. A key in PEM form or a JSON file ends with a line break and has others. */
function hasBlanksAround(secret: Secret): boolean {
  return secret.matches(/^\s|\s$/) && !secret.matches(/\S\s*[\r\n]\s*\S/);
}

function describeBlanks(reference: Reference, { describeSecret }: ResolveContext): Fault {
  const name = reference.name ?? '';
  return {
    reference,
    code: 'secret-with-blanks',
    message: 'Secret with blanks around it',
    detail: `The value of \`secrets.${name}\` begins or ends with a blank or a line break, which would be sent as well.`,
    hint: `Set the value without it for ${describeSecret(name)}.`,
  };
}

function isFault(found: string | Secret | Fault): found is Fault {
  return typeof found === 'object' && !(found instanceof Secret);
}

function lookUp(reference: Reference, context: ResolveContext): string | Secret | Fault {
  if (reference.kind === 'vars') return lookUpVariable(reference, context);
  return reference.kind === 'secrets' ? lookUpSecret(reference, context) : malformed(reference);
}

function lookUpVariable(reference: Reference, { environment }: ResolveContext): string | Fault {
  const { vars } = environment;
  const value = Object.hasOwn(vars, reference.name) ? vars[reference.name] : undefined;
  if (value !== undefined) return value;
  return {
    reference,
    unset: reference.name,
    code: 'unset-variable',
    message: 'Variable is not set',
    detail: `\`vars.${reference.name}\` is used here, but the environment \`${environment.name}\` does not set it.`,
    hint: `Add it to \`environments.${environment.name}.vars\` in the workspace file.`,
  };
}

function lookUpSecret(reference: Reference, { secrets, describeSecret }: ResolveContext): Secret | Fault {
  const { name } = reference;
  const secret = secrets.get(name);
  // A secret is no wildcard, so a single asterisk is none either.
  const isMask = secret !== undefined && (looksMasked(secret) || secret.matches(/^\*+$/));
  if (secret && !secret.isEmpty && !isMask && !isPlaceholderSecret(secret)) {
    return namedOnce(secret, `secrets.${name}`);
  }

  const place = describeSecret(name);
  if (!secret) {
    return {
      reference,
      unset: name,
      code: 'unset-secret',
      message: 'Secret is not set',
      detail: `\`secrets.${name}\` is used here but has no value.`,
      hint: `Set ${place}.`,
    };
  }
  if (secret.isEmpty) {
    return {
      reference,
      unset: name,
      code: 'empty-secret',
      message: 'Secret is empty',
      detail: `\`secrets.${name}\` is used here but is empty, which would remove the credential.`,
      hint: `Set a value for ${place}.`,
    };
  }
  if (!isMask) {
    return {
      reference,
      code: 'placeholder-secret',
      message: 'Secret is a placeholder',
      detail: `\`secrets.${name}\` contains example text, not the secret itself.`,
      hint: `Set the real value for ${place}.`,
    };
  }
  return {
    reference,
    code: 'masked-secret',
    message: 'Secret is a mask',
    detail: `\`secrets.${name}\` contains asterisks or dots, which are shown in place of a secret, not the secret itself.`,
    hint: `Set the real value for ${place}.`,
  };
}

/** One for all places that name it. */
const named = new WeakMap<Secret, Secret>();

function namedOnce(secret: Secret, reference: string): Secret {
  const known = named.get(secret);
  if (known?.reference === reference) return known;
  const fresh = nameSecret(secret, reference);
  named.set(secret, fresh);
  return fresh;
}

function malformed(reference: Reference): Fault {
  return {
    reference,
    code: 'malformed-reference',
    message: 'Malformed reference',
    detail: `\`\${{\` begins a reference. ${reference.problem ?? ''}`,
    hint: 'Write ${{ secrets.NAME }} or ${{ vars.NAME }}.',
  };
}
