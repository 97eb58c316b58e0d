import { looksMasked } from '../../model/placeholder.ts';
import type { DocumentRule } from '../rule.ts';

export const literalMask: DocumentRule = {
  code: 'literal-mask',
  severity: 'error',
  message: 'Mask instead of a value',
  help: 'The platform shows secrets as eight asterisks. Sent back, they could overwrite the secret, so a mask is never written.',
  hides: 'all',
  check: ({ texts }) =>
    texts
      .filter(({ text }) => looksMasked(text))
      .map(({ path, key }) => ({
        path,
        detail: `\`${key}\` contains the mask that the platform shows instead of a secret. Sent back, it could replace the real one.`,
        hint: 'Refer to the secret instead: `${{ secrets.NAME }}`. Or remove the key, and the platform keeps the value that it has.',
      })),
};
