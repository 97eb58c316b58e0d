import type { Environment } from '../model/environment.ts';

/** ` in staging and production`; empty when there are none. */
export function inEnvironments(environments: readonly Environment[]): string {
  const names = environments.map(({ name }) => `\`${name}\``);
  return names.length === 0 ? '' : ` in ${joinWords(names, 'and')}`;
}

/** `a`, `a or b`, `a, b or c`. */
export function joinWords(words: readonly string[], conjunction: 'and' | 'or'): string {
  if (words.length < 2) return words.join('');
  return `${words.slice(0, -1).join(', ')} ${conjunction} ${words.at(-1) ?? ''}`;
}
