import type { SandboxEntry } from './connector.ts';
import { pollerKey } from '../../model/platform-keys.ts';

/** Types of entries that have been seen (platform-api §8). */
type EntryType =
  | 'TEXTFIELD_32'
  | 'TEXTFIELD_64'
  | 'TEXTFIELD_128'
  | 'TEXTFIELD_1000'
  | 'TEXTAREA'
  | 'BOOLEAN'
  | 'PASSWORD'
  | 'COMBO'
  | 'CODE_EDITOR';

interface EntryOptions {
  readonly name?: string | undefined;
  readonly about?: string | undefined;
  readonly default?: string | undefined;
  readonly required?: boolean | undefined;
  /** Needed only when the entry that controls groups has this value. */
  readonly group?: string | undefined;
  /** Makes it the entry that controls groups; these are its values. */
  readonly controls?: readonly string[] | undefined;
  /** Kept by the platform itself: hidden from people. */
  readonly internal?: boolean | undefined;
  readonly hidden?: boolean | undefined;
  readonly comesBackAs?: string | undefined;
  readonly neverReturned?: boolean | undefined;
}

/** One configuration entry, with the defaults that most have. */
export function entry(key: string, type: EntryType, options: EntryOptions = {}): SandboxEntry {
  const { about, group, controls, internal = false, comesBackAs, neverReturned } = options;
  return {
    key,
    name: options.name ?? titleOf(key),
    type,
    required: options.required ?? false,
    groupControl: controls !== undefined,
    internal,
    hideFromConsole: options.hidden ?? internal,
    description: about,
    defaultValue: options.default,
    groupName: group,
    options: controls?.map((value) => ({ value })),
    comesBackAs,
    neverReturned,
  };
}

/** An entry that must have a value. */
export function required(key: string, type: EntryType = 'TEXTFIELD_128', options: EntryOptions = {}): SandboxEntry {
  return entry(key, type, { ...options, required: true });
}

function titleOf(key: string): string {
  const words = key.split(/[._]/).join(' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** How the provider's lists are paged (platform-api §7). */
export function pagination(type: 'page' | 'offset' | 'cursor' | '', max: string): readonly SandboxEntry[] {
  return [
    entry('pagination.max', 'TEXTFIELD_32', { default: max, hidden: true, about: 'Largest page of the provider.' }),
    entry('pagination.type', 'TEXTFIELD_32', { default: type, hidden: true }),
    ...(type === 'page' ? [entry('pagination.page.startindex', 'TEXTFIELD_32', { default: '1', hidden: true })] : []),
  ];
}

/** The provider's address; `{key}` in it stands for another entry's value. */
export function baseUrl(url: string): readonly SandboxEntry[] {
  return [entry('base.url', 'TEXTFIELD_1000', { default: url, hidden: true, about: 'Address of the provider.' })];
}

/** A user's name and password; the password is masked (platform-api §7). */
export function login(username: string, password: string): readonly SandboxEntry[] {
  return [required(username, 'TEXTFIELD_128'), required(password, 'PASSWORD')];
}

/** Whether empty fields are left out of answers; default true (platform-api §7). */
export function nullFilter(): readonly SandboxEntry[] {
  return [entry('filter.response.nulls', 'BOOLEAN', { default: 'true', about: 'Leave empty fields out of answers.' })];
}

/** Settings of bulk downloads (platform-api §7). */
export function bulk(field: string, mask: string): readonly SandboxEntry[] {
  return [
    entry('bulk.query.field_name', 'TEXTFIELD_128', { default: field, hidden: true }),
    entry('bulk.query.operator', 'TEXTFIELD_128', { default: '>=', hidden: true }),
    entry('bulk.query.date_mask', 'TEXTFIELD_128', { default: mask, hidden: true }),
    entry('bulk.query.download_format', 'TEXTFIELD_32', { default: 'JSON', internal: true }),
    entry('bulk.relations', 'TEXTAREA', { default: '{}', hidden: true }),
    entry('bulk.add_metadata', 'TEXTFIELD_128', { hidden: true }),
  ];
}

interface OauthOptions {
  readonly authorize: string;
  readonly token: string;
  readonly scope?: string | undefined;
  /** False where a documented body creates an instance without the app's key and secret. */
  readonly required?: boolean | undefined;
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
      default: options.scope,
    }),
    entry('oauth.basic.header', 'BOOLEAN', { default: 'true', hidden: true }),
    entry('oauth.user.token', 'TEXTFIELD_128', { internal: true }),
    ...oauth2Refresh(),
  ];
}

/** What the platform needs to renew an access token. */
function oauth2Refresh(): readonly SandboxEntry[] {
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

/** How the platform tells us of events, whatever way it learns of them (platform-api §10). */
function notification(): readonly SandboxEntry[] {
  return [
    entry('event.notification.enabled', 'BOOLEAN', { default: 'false', about: 'Whether events are sent at all.' }),
    entry('event.notification.callback.url', 'TEXTFIELD_1000', { about: 'Where events are sent to.' }),
    entry('event.notification.signature.key', 'TEXTFIELD_128', {
      about: 'Shared key of the signature that each event carries.',
    }),
  ];
}

interface PollingOptions {
  /** Resources that are polled unless the instance says otherwise. */
  readonly resources?: Readonly<Record<string, unknown>> | undefined;
  /** Minutes. */
  readonly interval?: string | undefined;
}

/** Events by polling (platform-api §10). */
export function polling(options: PollingOptions = {}): readonly SandboxEntry[] {
  return [
    ...notification(),
    entry('event.vendor.type', 'TEXTFIELD_32', { default: 'polling', hidden: true, about: 'polling or webhook.' }),
    entry('event.poller.refresh_interval', 'TEXTFIELD_32', {
      default: options.interval ?? '15',
      about: 'Minutes between two polls.',
    }),
    entry(pollerKey, 'TEXTAREA', {
      about: 'What is polled: a JSON object with one entry for each resource.',
      default: options.resources === undefined ? undefined : JSON.stringify(options.resources),
    }),
  ];
}

/** Events that the provider pushes (platform-api §10). */
export function webhooks(): readonly SandboxEntry[] {
  return [
    ...notification(),
    entry('event.vendor.type', 'TEXTFIELD_32', { default: 'webhooks', hidden: true, about: 'polling or webhook.' }),
    entry('event.notification.subscription.id', 'TEXTFIELD_64', { internal: true }),
  ];
}
