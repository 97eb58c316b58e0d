import type { SandboxEntry } from './connector.ts';
import { entry, required } from './entry.ts';

interface OauthOptions {
  readonly authorize: string;
  readonly token: string;
  readonly scope?: string;
  /** False where a documented body creates an instance without the app's key and secret. */
  readonly required?: boolean;
}

/** The app that the provider registered: its key, secret and callback (platform-api §9). */
function oauthApp(isRequired: boolean): readonly SandboxEntry[] {
  return [
    entry('oauth.api.key', 'TEXTFIELD_128', {
      required: isRequired,
      about: 'Client id of the app that is registered with the provider.',
    }),
    entry('oauth.api.secret', 'TEXTFIELD_128', {
      required: isRequired,
      about: 'Client secret of the app that is registered with the provider.',
    }),
    entry('oauth.callback.url', 'TEXTFIELD_1000', {
      required: isRequired,
      about: 'Where the provider sends the browser back to after consent.',
    }),
  ];
}

/** OAuth 2: the app, the provider's addresses, and the tokens that the platform keeps (platform-api §7, §9). */
export function oauth2(options: OauthOptions): readonly SandboxEntry[] {
  return [
    ...oauthApp(options.required ?? true),
    required('oauth.authorization.url', 'TEXTFIELD_1000', { default: options.authorize, internal: true }),
    required('oauth.token.url', 'TEXTFIELD_1000', { default: options.token, internal: true }),
    entry('oauth.scope', 'TEXTFIELD_64', {
      hidden: true,
      about: 'What the app asks the user for.',
      ...(options.scope === undefined ? {} : { default: options.scope }),
    }),
    entry('oauth.basic.header', 'BOOLEAN', { default: 'true', hidden: true }),
    entry('oauth.user.token', 'TEXTFIELD_128', { internal: true }),
    ...oauth2Refresh(),
  ];
}

/** What the platform needs to renew an access token. */
export function oauth2Refresh(): readonly SandboxEntry[] {
  return [
    entry('oauth.user.refresh_token', 'TEXTFIELD_128', { internal: true }),
    entry('oauth.user.refresh_time', 'TEXTFIELD_64', {
      internal: true,
      about: 'Epoch milliseconds of the last renewal.',
    }),
    entry('oauth.user.refresh_interval', 'TEXTFIELD_32', { default: '3600', internal: true, about: 'In seconds.' }),
  ];
}

/** OAuth 1: the app, the provider's three addresses and the user's token (platform-api §9). */
export function oauth1(options: OauthOptions & { readonly request: string }): readonly SandboxEntry[] {
  return [
    ...oauthApp(options.required ?? true),
    required('oauth.request.url', 'TEXTFIELD_1000', { default: options.request, internal: true }),
    required('oauth.authorization.url', 'TEXTFIELD_1000', { default: options.authorize, internal: true }),
    required('oauth.token.url', 'TEXTFIELD_1000', { default: options.token, internal: true }),
    entry('oauth.request.authorization.type', 'TEXTFIELD_32', { default: 'header', internal: true }),
    entry('oauth.user.token', 'TEXTFIELD_128', { internal: true }),
    entry('oauth.user.token.secret', 'TEXTFIELD_128', { internal: true }),
  ];
}
