import { reveal, type Secret } from '../../model/secret.ts';
import { UserError } from '../../model/user-error.ts';

/** Who calls. Platform calls need user and organisation, calls through an instance need user and element (platform-api §2). */
type Caller =
  | { readonly user: Secret; readonly organization: Secret }
  | { readonly user: Secret; readonly element: Secret };

/**
 * The value of the Authorization header: `User <secret>, Organization <secret>`, or with `Element <token>` in second place.
 * Secrets are sent byte for byte: they may hold `/`, `+` and `=` (platform-api §2).
 * Throws a UserError of kind `invalid` for one that cannot stand in a header.
 */
export function encodeAuthorization(caller: Caller): string {
  const second = 'element' in caller ? `Element ${open(caller.element)}` : `Organization ${open(caller.organization)}`;
  return `User ${open(caller.user)}, ${second}`;
}

function open(secret: Secret): string {
  // A comma would begin another part, a line break another header.
  if (secret.matches(/^[!-+\--~]+$/)) return reveal(secret);
  throw new UserError(
    'invalid-credential',
    `${secret.origin} cannot be used: it is empty, or contains a space, a comma, a line break or a non-ASCII character.`,
    {
      kind: 'invalid',
      hint: 'Set it again without quotation marks, spaces or a trailing line break.',
    },
  );
}
