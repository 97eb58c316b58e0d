import { Secret } from '../model/secret.ts';
import { UserError } from '../model/user-error.ts';
import type { AskingDefinition } from './authorize-definition.ts';
import type { PlanWords } from './operation-ports.ts';

/** A request whose answer another process completes: its address is published, and the answer may come days later. */
export interface DetachedConsent {
  /** Whether the definitions were reviewed. Nobody has looked yet at what a pull request puts into the address. */
  readonly isReviewed: boolean;
}

/**
 * Throws a UserError when the address of a definition must not be published. Must be asked before the platform is: of OAuth 1 the platform asks the
 * provider at once, whose host an unreviewed definition may have made up.
 */
export function mustSuitDetached(
  { desired: { key }, kind, app }: AskingDefinition,
  { isReviewed }: DetachedConsent,
  words: PlanWords,
): void {
  if (kind === 'oauth1') {
    throw new UserError('consent-not-detachable', `${key} cannot be authorized by a published link.`, {
      kind: 'invalid',
      hint: `Its provider uses OAuth 1, where the process that asks keeps a secret. At a command line:\n${words.command('authorize', key)}`,
    });
  }
  if (isReviewed) return;
  const { apiKey, callbackUrl, scope, siteAddress, further = new Map<string, Secret | string>() } = app;
  const shown = [apiKey, callbackUrl, scope, siteAddress, ...further.values()].filter((one) => one instanceof Secret);
  if (shown.length === 0) return;
  const names = [...new Set(shown.map(({ origin }) => origin))].join(', ');
  throw new UserError('consent-not-reviewed', `The link for ${key} comes after the merge.`, {
    kind: 'refused',
    hint: `${names} stands in it, and no review has said yet that everybody may see that.`,
  });
}
