/** What a credential is called among the parameters of an address, or the parts of a connection string. */
const name = String.raw`(?:api[_-]?key|(?:access|auth|refresh|session|security|x-amz-security)?[_-]?token|(?:client[_-]?)?secret|passwd|password|pwd|(?:x-amz-)?signature|sig|accountkey|sharedaccesskey)=`;

/** A password in an address, one among parameters or the parts of a connection string, a header of a log-in, and a private key. */
const inside = new RegExp(
  [
    String.raw`:\/\/[^/?#\s:@]*:[^/?#\s@]+@`,
    String.raw`(?:^|[?&;#])\s*${name}[^&<{$\s]`,
    // What follows is looked at as far as one word goes, so that a text full of such beginnings is read once.
    String.raw`\b(?:User|Organization|Element|Bearer|Basic) +(?=[\w+/.~-]*[\d=])[\w+/=.~-]{8,}(?:,|\s*$)`,
    String.raw`-----BEGIN [A-Z ]*PRIVATE KEY-----`,
  ].join('|'),
  'i',
);

/** What vendors begin a key with, so that scanners find it. A token of which the rest has to be looked for begins where no word is under way. */
const marked =
  /\b(?:[rs]k_(?:live|test)_|gh[oprsu]_|github_pat_|glpat-|xox[abeoprs]-|shp(?:at|ca|pa|ss)_|AIza|ya29\.|SG\.|(?<![\w-])eyJ[\w-]{8,}\.eyJ)[\w.-]{12,}|\bapi_(?=[A-Za-z]*\d)[0-9A-Za-z.]{20,}/g;
const parameter = new RegExp(String.raw`(?<=[?&;]${name})[^&<{$\s"'\u0060]+`, 'gi');
/** Letters and digits in a row, as keys are made; a name of a person or a robot has its digits at the end. */
const random = /^(?=(?:[^\d]*\d){2})(?=\d*[A-Za-z])(?![A-Za-z]+\d+$)[A-Za-z0-9]{16,64}$/;

/** Whether a text shows by itself that a part of it is a credential, whatever it is called and whoever wrote it. */
export function holdsCredential(text: string): boolean {
  return inside.test(text) || findCredentials(text).length > 0;
}

/** Where in a text those begin and end that can be told from what is around them. */
export function findCredentials(text: string): readonly { readonly start: number; readonly end: number }[] {
  return [...text.matchAll(marked), ...text.matchAll(parameter)].map(({ 0: found, index }) => ({
    start: index,
    end: index + found.length,
  }));
}

/** Whether a value under `username` is the API key itself: some vendors take either, and no label tells (platform-facts B2). */
export function isKeyAsUser(key: string, text: string): boolean {
  return key === 'username' && random.test(text);
}
