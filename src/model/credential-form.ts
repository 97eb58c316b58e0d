/**
 * What is a credential by its form, whatever the key above it is called: vendors mark the keys that they give out, and an address may hold a password or a key among its
 * parameters.
 */
const marked =
  /\b(?:[rs]k_(?:live|test)_|gh[oprsu]_|github_pat_|glpat-|xox[abeoprs]-|shp(?:at|ca|pa|ss)_|AIza|ya29\.|SG\.|eyJ[\w-]{8,}\.eyJ)[\w.-]{12,}|\bapi_(?=[A-Za-z]*\d)[0-9A-Za-z.]{20,}|-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----.*/gs;
const parameter = /(?<=[?&;](?:api_?key|access_token|token|client_secret|secret|password|pwd|sig)=)[^&<$\s"'`]+/gi;
const userInfo = /^[a-z][a-z0-9+.:-]*:\/\/[^/\s:@]*:[^/\s@]+@/i;
const header = /\b(?:User|Organization|Element|Bearer|Basic) +(?=[^,]*[\d=])[\w+/=.~-]{8,}(?:,|\s*$)/i;
/** Letters and digits in a row, as keys are made; a name of a person or a robot has few digits, at its end. */
const random = /^(?=(?:.*\d){2})(?=.*[A-Za-z])(?![A-Za-z]+\d+$)[A-Za-z0-9]{16,}$/;

/** Whether a password, or a key among parameters, stands in an address, or another credential that its form gives away. */
export function holdsCredential(text: string): boolean {
  return userInfo.test(text) || header.test(text) || findCredentials(text).length > 0;
}

/** Where in a text those begin and end that can be told from what is around them. */
export function findCredentials(text: string): readonly { readonly start: number; readonly end: number }[] {
  return [...text.matchAll(marked), ...text.matchAll(parameter)].map(({ 0: found, index }) => ({
    start: index,
    end: index + found.length,
  }));
}

/** Whether a value under `username` is the API key itself: vendors of which the label says nothing take either (platform-facts B2). */
export function isKeyAsUser(key: string, text: string): boolean {
  return key === 'username' && random.test(text);
}
