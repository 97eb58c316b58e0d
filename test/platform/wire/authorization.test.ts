import { describe, expect, it } from 'vitest';
import { Secret } from '../../../src/model/secret.ts';
import { UserError } from '../../../src/model/user-error.ts';
import { encodeAuthorization } from '../../../src/platform/wire/authorization.ts';

const organization = new Secret('0rg/+=', 'CONNECTORCTL_ORGANIZATION_SECRET');

/** What is said of a user secret; `sent` when nothing is. */
function saidOf(text: string): string {
  try {
    encodeAuthorization({ user: new Secret(text, 'CONNECTORCTL_USER_SECRET'), organization });
    return 'sent';
  } catch (error) {
    if (error instanceof UserError) return `${error.message} ${error.hint ?? ''}`;
    throw error;
  }
}

describe('the Authorization header', () => {
  it('holds the secrets as they are', () => {
    expect(encodeAuthorization({ user: new Secret('User/+s3cret=', 'user'), organization })).toBe(
      'User User/+s3cret=, Organization 0rg/+=',
    );
  });

  it.each([
    ['User s3cret=, Organization s3cret=', 'a whole Authorization header'],
    ['Authorization: User s3cret=', 'a whole Authorization header'],
    ['"Organization s3cret=, User s3cret=, Element s3cret="', 'a whole Authorization header'],
    ['User s3cret=', 'begins with a word of the Authorization header'],
    ['User:s3cret=', 'begins with a word of the Authorization header'],
    ['organization s3cret=,', 'begins with a word of the Authorization header'],
    ['"s3cret="', 'in quotation marks'],
    ['********', 'a mask or a placeholder'],
    ['<user secret>', 'a mask or a placeholder'],
    ['s3cret=,', 'a comma'],
    ['s3cret=\n', 'a line break'],
    ['', 'it is empty'],
  ])('is not made of what somebody copied with it: %j', (text, said) => {
    expect(saidOf(text)).toContain('CONNECTORCTL_USER_SECRET cannot be used: it');
    expect(saidOf(text)).toContain(said);
    expect(saidOf(text)).not.toContain('s3cret');
  });
});
