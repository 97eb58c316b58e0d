/** A password in an address, one among parameters or the parts of a connection string, a header of a log-in, and a private key. */
const inside = new RegExp(
  [
    String.raw`:\/\/[^/?#\s:@]*:[^/?#\s@]+@`,
    String.raw`(?:^|[?&;#])\s*(?:api[_-]?key|(?:access|auth|refresh|session|security|x-amz-security)?[_-]?token|(?:client[_-]?)?secret|passwd|password|pwd|(?:x-amz-)?signature|sig|accountkey|sharedaccesskey)=[^&<$\s]`,
    // What follows is looked at as far as one word goes, so that a text full of such beginnings is read once.
    String.raw`\b(?:User|Organization|Element|Bearer|Basic) +(?=[\w+/.~-]*[\d=])[\w+/=.~-]{8,}(?:,|\s*$)`,
    String.raw`-----BEGIN [A-Z ]*PRIVATE KEY-----`,
  ].join('|'),
  'i',
);

/** Whether a text shows by itself that a part of it is a credential, whatever it is called and whoever wrote it. */
export function holdsCredential(text: string): boolean {
  return inside.test(text);
}
