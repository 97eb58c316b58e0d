import { createHash } from 'node:crypto';

/** A page for people. */
export interface Page {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly html: string;
}

interface PageContent {
  readonly status: number;
  readonly title: string;
  /** CSS; the only one that the page may use. */
  readonly style: string;
  /** HTML, in which all foreign text is escaped. */
  readonly body: string;
  /** Where its forms may lead, as a content security policy says it. */
  readonly formTargets: string;
}

/** A page that runs no script, cannot be framed and is kept nowhere. */
export function renderHtmlPage({ status, title, style, body, formTargets }: PageContent): Page {
  const styleHash = createHash('sha256').update(style).digest('base64');
  const policy = [
    "default-src 'none'",
    `style-src 'sha256-${styleHash}'`,
    `form-action ${formTargets}`,
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ];
  return {
    status,
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': policy.join('; '),
      // Without any, a browser would not say that the form is ours. Nobody else learns the address.
      'referrer-policy': 'same-origin',
      'x-content-type-options': 'nosniff',
      // A code may stand in the address that follows.
      'cache-control': 'no-store',
    },
    html: `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${escapeHtml(title)}</title><style>${style}</style></head>
<body>${body}
</body>
</html>
`,
  };
}

/** Foreign text inside HTML, in attributes too. */
export function escapeHtml(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => `&#${character.codePointAt(0) ?? 0};`);
}
