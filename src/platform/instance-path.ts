import { UserError } from '../model/user-error.ts';
import { isId } from './wire/decode-id.ts';

/** Path of an instance. Throws a UserError of kind `invalid` for text that is no id: it could name another path. */
export function toInstancePath(id: string): string {
  if (isId(id)) return `/instances/${id}`;
  throw new UserError('invalid-id', 'The id of an instance is no number.', {
    kind: 'invalid',
    hint: 'Write the number that the platform shows: adopt: 12345',
  });
}
