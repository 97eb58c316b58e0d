import { escapeHtml, type Page, renderHtmlPage } from '../html-page.ts';
import type { ConsentQuestion } from './consent-link.ts';

const style = `
body { font: 1.1rem/1.5 system-ui, sans-serif; max-width: 34rem; margin: 12vh auto; padding: 0 1rem; color: #1d2430; }
dt { color: #5a6474; font-size: .9rem; margin-top: .6rem } dd { margin: 0; overflow-wrap: anywhere }
button { font: inherit; padding: .5rem 1.4rem; margin: 1.5rem .6rem 0 0; border-radius: .4rem; border: 1px solid #5a6474; background: #fff }
button[value=allow] { background: #14532d; border-color: #14532d; color: #fff }
small { color: #5a6474 }
`;

/** Asks a person. @param name of the connector */
export function renderConsentPage(question: ConsentQuestion, name: string): Page {
  const { apiKey, callbackUrl, scope = '', site } = question;
  const scopes = scope.split(/[\s,]+/).filter((one) => one !== '');
  const body = `
<h1>${escapeHtml(name)}</h1>
<p>The app <b>${escapeHtml(apiKey)}</b> asks to act for you in ${escapeHtml(name)}.</p>
<dl>
<dt>It may</dt>
${(scopes.length === 0 ? ['all that you may'] : scopes).map((one) => `<dd>${escapeHtml(one)}</dd>`).join('\n')}
<dt>Your answer goes to</dt><dd>${escapeHtml(callbackUrl)}</dd>
</dl>
<form method="post"><button name="decision" value="allow">Allow</button><button name="decision" value="deny">Deny</button></form>
<p><small>A page of the sandbox, in place of ${site === '' ? 'the real one' : escapeHtml(site)}. Nobody's account is concerned.</small></p>`;
  // Browsers hold the redirect that follows a form to form-action too.
  return toPage(200, { title: `${name}: allow access?`, body, formTargets: `'self' ${new URL(callbackUrl).origin}` });
}

/** Tells a person why there is nothing to decide. */
export function renderRefusalPage(status: number, message: string): Page {
  const body = `
<h1>Nothing to decide</h1>
<p>${escapeHtml(message)}.</p>
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
  content: { readonly title: string; readonly body: string; readonly formTargets: string },
): Page {
  return renderHtmlPage({ status, style, ...content });
}
