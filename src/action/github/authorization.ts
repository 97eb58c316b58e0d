import { reveal, type Secret } from '../../model/secret.ts';
import { UserError } from '../../model/user-error.ts';

/** The value of the Authorization header. Throws a UserError of kind `invalid` for a token that cannot stand in a header. */
export function encodeBearer(token: Secret): string {
  if (token.matches(/^[!-~]+$/)) return `Bearer ${reveal(token)}`;
  throw new UserError(
    'invalid-token',
    'The input `token` cannot be used: it is empty, or contains spaces or special characters.',
    {
      kind: 'invalid',
      hint: 'Omit it to use the token of the job, or use a secret without spaces and line breaks.',
    },
  );
}
