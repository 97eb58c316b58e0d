import { createHash } from 'node:crypto';

/** Where the page goes, from the root of the repository. */
export const callbackPageFile = 'oauth-callback/index.html';

const style = `
body { font: 1.1rem/1.5 system-ui, sans-serif; max-width: 42rem; margin: 10vh auto; padding: 0 1rem; color: #1d2430; background: #fff }
textarea { box-sizing: border-box; width: 100%; height: 8rem; font: .85rem/1.4 ui-monospace, monospace; overflow-wrap: anywhere }
button { font: inherit; padding: .4rem 1.2rem; margin-top: .6rem }
`;

const script = `
const answer = new URLSearchParams(location.search);
const error = answer.get('error');
const said = document.getElementById('said');
const address = document.getElementById('address');
const copy = document.getElementById('copy');
address.value = location.href;
if (error !== null) {
  said.textContent = 'The provider refused: ' + error + '. ' + (answer.get('error_description') ?? '');
} else if (location.search === '') {
  said.textContent = 'Nothing came back from a provider. Open this page by the link in the comment of connectorctl.';
} else {
  said.textContent = 'You agreed. Copy the address below and give it to the workflow "connectorctl authorize", within a few minutes: it works once.';
}
copy.hidden = false;
copy.addEventListener('click', () => {
  address.select();
  navigator.clipboard.writeText(address.value).then(() => { copy.textContent = 'Copied'; }, () => document.execCommand('copy'));
});
`;

/** As a policy of a page names what it holds. */
function hashContent(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`;
}

/**
 * The page that a browser comes back to after consent, for a website of one's own: it shows the address to copy.
 * It stores and sends nothing, and takes no script, picture or font from anywhere.
 */
export function renderCallbackPage(): string {
  const policy = [
    "default-src 'none'",
    `script-src '${hashContent(script)}'`,
    `style-src '${hashContent(style)}'`,
    "base-uri 'none'",
    "form-action 'none'",
  ];
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy.join('; ')}">
<meta name="referrer" content="no-referrer">
<meta name="robots" content="noindex">
<meta name="viewport" content="width=device-width">
<title>Copy this address</title>
<style>${style}</style>
</head>
<body>
<!-- Written by \`connectorctl init --callback-page\`. Stores nothing, sends nothing. -->
<h1>Copy this address</h1>
<p id="said">Copy the whole address of this page from the address bar, and give it to the workflow "connectorctl authorize".</p>
<textarea id="address" readonly aria-label="Address"></textarea>
<button id="copy" type="button" hidden>Copy</button>
<script>${script}</script>
</body>
</html>
`;
}
