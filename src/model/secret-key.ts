// Last words that say that the value is about a secret, not one: `oauth.token.url`, `oauth.user.refresh_time`, `apikey.user.password.keyname`.
const describing =
  /(?:^| )(?:ur[li]|time|interval|type|method|algorithm|expires|expires in|expiry|expiration|ttl|lifetime|format|enabled|seconds|path|key ?name|ur[li] version ?\d*)$/;

// Last words after `splitWords`.
const secretWords =
  /(?:^key|(?:^| )(?:pwd|passwd|pass|jks|pfx|p12|keystore|jwt|bearer|signature|session id|sessionid|verifier|(?:access|auth|authorization) ?code))$/;

// `api.key`, `apim.subscription.key`; but not every key, as in `project.key` or `organizer_key`.
const secretPairs =
  /(?:^| )(?:access|account|api|auth|client|consumer|encryption|hmac|license|master|private|rsa|security|shared|signature|signing|ssh|subscription) key(?: |$)/;

// Anywhere, also inside a longer word: `userpassword`, `tokenaccess`, `xvcloudauthorization`.
const secretParts =
  /password|passphrase|secret|token|credential|apikey|accesskey|accesscode|passcode|privatekey|encoded jks|authorization$/;

/** The few secrets among the `event.` keys (platform-api §10). */
const secretEventKeys: ReadonlySet<string> = new Set([
  'event.notification.signature.key',
  'event.notification.basic.password',
  'event.notification.callback.headers',
]);

/**
 * Whether a configuration value is taken for a secret because of its key alone.
 * Only one of several signs (platform-api §7): the mask, the entry's type and a reference to a secret say it as well.
 */
export function isSecretKey(key: string): boolean {
  const known = judged.get(key);
  if (known !== undefined) return known;
  const isSecret = judgeKey(key);
  if (judged.size < mostJudged) judged.set(key, isSecret);
  return isSecret;
}

/** Thousands of definitions have the same few keys. As many are remembered as connectors have together, or so. */
const judged = new Map<string, boolean>();
const mostJudged = 5_000;

function judgeKey(key: string): boolean {
  if (secretEventKeys.has(key.toLowerCase())) return true;
  const words = splitWords(key);
  if (words.startsWith('event ') || describing.test(words)) return false;
  return [secretWords, secretPairs, secretParts].some((pattern) => pattern.test(words));
}

/** The words of a key or a label, in small letters, with one blank between: `accessToken.URL` → `access token url`. */
export function splitWords(key: string): string {
  return key
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1 $2')
    .split(/[^a-zA-Z0-9]+/)
    .filter((word) => word !== '')
    .join(' ')
    .toLowerCase();
}
