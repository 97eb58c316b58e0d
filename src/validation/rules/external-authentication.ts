import { joinWords } from '../../model/join-words.ts';
import { inEnvironments } from '../build-views.ts';
import type { DocumentRule } from '../rule.ts';

const app = ['oauth.api.key', 'oauth.api.secret'];
/** What an OAuth 2 grant that was given elsewhere is taken over with. */
const oauth2 = ['oauth.user.refresh_token', ...app];
/** OAuth 1 knows no refresh: its tokens are the grant (platform-facts D5). */
const oauth1 = ['oauth.user.token', 'oauth.user.token.secret', ...app];

export const externalAuthentication: DocumentRule = {
  code: 'external-authentication',
  severity: 'warning',
  message: 'External authentication is incomplete',
  help: 'To take over a grant that was given elsewhere, the platform needs the tokens (OAuth 2: the refresh token; OAuth 1: the token and its secret) and the OAuth app that they were issued to.',
  check: ({ fields, views }) => {
    if (fields['externalAuthentication'] !== 'initial') return [];
    return views.flatMap((view) => {
      const isOauth1 = view.entry('oauth.user.token.secret') !== undefined;
      const missing = (isOauth1 ? oauth1 : oauth2).filter((key) => view.entry(key) === undefined);
      if (missing.length === 0) return [];
      const names = joinWords(
        missing.map((key) => `\`${key}\``),
        'and',
      );
      return [
        {
          path: ['externalAuthentication'],
          part: 'key' as const,
          detail: `\`externalAuthentication: initial\` needs ${names} in the configuration${inEnvironments(view.environments)}.`,
          hint: `Add a line such as \`${missing[0] ?? ''}: \${{ secrets.NAME }}\`.`,
        },
      ];
    });
  },
};
