import { joinWords } from '../../model/join-words.ts';
import type { DocumentRule } from '../rule.ts';

export const adoptForAll: DocumentRule = {
  code: 'adopt-for-all',
  severity: 'warning',
  message: 'One id for several environments',
  help: 'An id is that of one instance in one account. In another environment it is of another instance, which would be adopted in its place, or of none.',
  check: ({ fields: { adopt }, environments }) => {
    const accounts = environments.map(({ name }) => name);
    const isId = (typeof adopt === 'string' || typeof adopt === 'number') && /^\d+$/.test(String(adopt));
    if (!isId || accounts.length < 2) return [];
    const names = joinWords(
      accounts.map((name) => `\`${name}\``),
      'and',
    );
    return [
      {
        path: ['adopt'],
        detail: `The definition is for ${names}, and the id ${adopt} can be that of its instance in one of them only.`,
        hint: `Name the environment: \`adopt: { ${accounts[0]}: ${adopt} }\`.`,
      },
    ];
  },
};
