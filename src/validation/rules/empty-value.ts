import type { DocumentRule, Finding } from '../rule.ts';
import { oughtToBeSecret } from '../show-text.ts';
import type { Subject, Text } from '../subject.ts';

export const emptyValue: DocumentRule = {
  code: 'empty-value',
  severity: 'error',
  message: 'Empty value',
  help: 'A name, a tag or a secret must not be empty. An empty secret would remove the credential from a live instance.',
  hides: 'schema',
  check: (subject) => [...subject.texts.filter(mustNotBeEmpty).map(toFinding), ...noEnvironments(subject)],
};

function mustNotBeEmpty({ text, area, key }: Text): boolean {
  if (text.trim() !== '') return false;
  return area === 'configuration' ? oughtToBeSecret(key) || key === 'oauth.api.key' : true;
}

function toFinding({ path, key, area }: Text): Finding {
  return {
    path,
    detail: `\`${key}\` is empty, but it must have a value.`,
    hint:
      area === 'other'
        ? 'Write a value, or remove the line.'
        : 'Refer to a secret, `${{ secrets.NAME }}`, or remove the line.',
  };
}

function noEnvironments({ fields: { environments } }: Subject): readonly Finding[] {
  if (!Array.isArray(environments) || environments.length > 0) return [];
  return [
    {
      path: ['environments'],
      part: 'key',
      detail:
        '`environments` names no environment, so the definition would apply nowhere and its live instances would become orphans.',
      hint: 'Remove the line to apply it to all environments, or name some.',
    },
  ];
}
