import type { Reference } from '../../model/definition.ts';
import { didYouMean } from '../../model/nearest-name.ts';
import { environmentsInForce } from '../build-views.ts';
import type { DocumentRule, Finding } from '../rule.ts';
import type { Subject, Text } from '../subject.ts';
import type { ValidationContext } from '../validation-context.ts';

export const unsetReference: DocumentRule = {
  code: 'unset-reference',
  severity: 'error',
  message: 'Unset reference',
  help: 'A reference without a value would leave a gap in what is sent. Every variable must be set in each environment of the definition, and every secret where connectorctl runs.',
  check: (subject, context) =>
    subject.texts
      // A grant is needed only when an instance is created, and then plan says so (design: providerData).
      .filter(({ references, area }) => references.length > 0 && area !== 'providerData')
      .flatMap((text) => text.references.flatMap((reference) => check(subject, context, text, reference))),
};

interface ReferenceUse {
  readonly text: Text;
  readonly reference: Reference;
  readonly name: string;
}

function check(subject: Subject, context: ValidationContext, text: Text, reference: Reference): readonly Finding[] {
  const { kind, name, problem } = reference;
  if (problem !== undefined || name === undefined) return [];
  if (kind === 'vars') return checkVariable(subject, { text, reference, name });
  return kind === 'secrets' && text.area === 'configuration'
    ? checkSecret(subject, context, { text, reference, name })
    : [];
}

function checkVariable(subject: Subject, { text, reference, name }: ReferenceUse): readonly Finding[] {
  return environmentsInForce(subject, text.path)
    .filter(({ vars }) => !Object.hasOwn(vars, name))
    .map((environment) => ({
      path: text.path,
      span: reference,
      detail: `The environment \`${environment.name}\` has no variable \`${name}\`, so \`${text.key}\` would have no value there.`,
      hint: joinHints(
        didYouMean(`vars.${name}`, prefixed('vars.', Object.keys(environment.vars))),
        `Add it under \`environments.${environment.name}.vars\` in the workspace file.`,
      ),
    }));
}

function checkSecret(
  subject: Subject,
  context: ValidationContext,
  { text, reference, name }: ReferenceUse,
): readonly Finding[] {
  const { setSecrets, environment } = context;
  if (setSecrets === undefined || environment === undefined || setSecrets.has(name)) return [];
  if (!environmentsInForce(subject, text.path).includes(environment)) return [];
  return [
    {
      path: text.path,
      span: reference,
      detail: `The secret \`${name}\` is not set for the environment \`${environment.name}\`, so \`${text.key}\` would have no value.`,
      hint: joinHints(
        didYouMean(`secrets.${name}`, prefixed('secrets.', setSecrets)),
        `Set ${context.describeSecret(name)}.`,
      ),
    },
  ];
}

function prefixed(prefix: string, names: Iterable<string>): readonly string[] {
  return [...names].map((name) => `${prefix}${name}`);
}

function joinHints(...hints: readonly (string | undefined)[]): string {
  return hints.filter((hint) => hint !== undefined).join(' Or: ');
}
