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
  const fault = faults.find(({ pattern }) => secret.matches(pattern));
  if (fault === undefined) return reveal(secret);
  throw new UserError('invalid-credential', `${secret.origin} cannot be used: ${fault.what}.`, {
    kind: 'invalid',
    hint: fault.next,
  });
}

/** The page of the API shows a whole header, which people copy as it is (platform-facts H2). What is no form of a secret is told before it is sent. */
const faults: readonly { readonly pattern: RegExp; readonly what: string; readonly next: string }[] = [
  {
    pattern:
      /^\s*["'`]?Authorization\s*[:=]|^\s*["'`]?(?:User|Organization|Element)\b[^,]*,\s*(?:User|Organization|Element)\b/i,
    what: 'it is a whole Authorization header, with more than one secret in it',
    next: 'Set CONNECTORCTL_USER_SECRET to what stands behind the word `User`, and CONNECTORCTL_ORGANIZATION_SECRET to what stands behind `Organization`, each without the comma.',
  },
  {
    pattern: /^\s*["'`]?(?:User|Organization|Element|Bearer|Basic)(?:\s*:|\s)/i,
    what: 'it begins with a word of the Authorization header, such as `User`',
    next: 'Set it to what stands behind that word.',
  },
  {
    pattern: /^(["'`]).*\1$/s,
    what: 'it is in quotation marks, which would be sent as well',
    next: 'Set it again without them.',
  },
  {
    pattern: /^[*•●]{3,}$|^<.*>$/s,
    what: 'it is a mask or a placeholder, not a secret',
    next: 'Copy the secret from the console of the platform.',
  },
  {
    // A comma would begin another part, a line break another header.
    pattern: /^(?![!-+\--~]+$)/,
    what: 'it is empty, or contains a space, a comma, a line break or a non-ASCII character',
    next: 'Set it again without quotation marks, spaces or a trailing line break.',
  },
];
