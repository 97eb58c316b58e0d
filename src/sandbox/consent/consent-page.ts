import { createHash } from 'node:crypto';
import type { ConsentQuestion } from './consent-link.ts';

/** A page for people. */
export interface Page {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly html: string;
}

const style = `
body { font: 1.1rem/1.5 system-ui, sans-serif; max-width: 34rem; margin: 12vh auto; padding: 0 1rem; color: #1d2430; }
dt { color: #5a6474; font-size: .9rem; margin-top: .6rem } dd { margin: 0; overflow-wrap: anywhere }
button { font: inherit; padding: .5rem 1.4rem; margin: 1.5rem .6rem 0 0; border-radius: .4rem; border: 1px solid #5a6474; background: #fff }
button[value=allow] { background: #14532d; border-color: #14532d; color: #fff }
small { color: #5a6474 }
`;

const styleHash = createHash('sha256').update(style).digest('base64');

/** Asks a person. @param name of the connector */
export function renderConsentPage(question: ConsentQuestion, name: string): Page {
  const { apiKey, callbackUrl, scope = '', site } = question;
  const scopes = scope.split(/[\s,]+/).filter((one) => one !== '');
  const body = `
<h1>${escape(name)}</h1>
<p>The app <b>${escape(apiKey)}</b> asks to act for you in ${escape(name)}.</p>
<dl>
<dt>It may</dt>
${(scopes.length === 0 ? ['all that you may'] : scopes).map((one) => `<dd>${escape(one)}</dd>`).join('\n')}
<dt>Your answer goes to</dt><dd>${escape(callbackUrl)}</dd>
</dl>
<form method="post"><button name="decision" value="allow">Allow</button><button name="decision" value="deny">Deny</button></form>
<p><small>A page of the sandbox, in place of ${site === '' ? 'the real one' : escape(site)}. Nobody's account is concerned.</small></p>`;
  // Browsers hold the redirect that follows a form to form-action too.
  return toPage(200, { title: `${name}: allow access?`, body, formTargets: `'self' ${new URL(callbackUrl).origin}` });
}

/** Tells a person why there is nothing to decide. */
export function renderRefusalPage(status: number, message: string): Page {
  const body = `
<h1>Nothing to decide</h1>
<p>${escape(message)}.</p>
<p>Ask for a new link.</p>`;
  return toPage(status, { title: 'Nothing to decide', body, formTargets: "'none'" });
}

/** Sends the browser on. */
export function renderRedirect(location: string): Page {
  const page = toPage(303, { title: 'On to the app', body: '<p>On to the app.</p>', formTargets: "'none'" });
  return { ...page, headers: { ...page.headers, location } };
}

function toPage(
  status: number,
  { title, body, formTargets }: { readonly title: string; readonly body: string; readonly formTargets: string },
): Page {
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
      // A code stands in the address that follows.
      'cache-control': 'no-store',
    },
    html: `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${escape(title)}</title><style>${style}</style></head>
<body>${body}
</body>
</html>
`,
  };
}

function escape(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => `&#${character.codePointAt(0) ?? 0};`);
}
