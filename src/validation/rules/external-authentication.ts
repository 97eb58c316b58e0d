import { inEnvironments, joinWords } from '../build-views.ts';
import type { DocumentRule } from '../rule.ts';

const needed = ['oauth.user.refresh_token', 'oauth.api.key', 'oauth.api.secret'];

export const externalAuthentication: DocumentRule = {
  code: 'external-authentication',
  severity: 'warning',
  message: 'External authentication is incomplete',
  help: 'To take over a grant that was given elsewhere, the platform needs the refresh token and the OAuth app that it was issued to (platform-api §3).',
  check: ({ fields, views }) => {
    if (fields['externalAuthentication'] !== 'initial') return [];
    return views.flatMap((view) => {
      const missing = needed.filter((key) => view.entry(key) === undefined);
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
