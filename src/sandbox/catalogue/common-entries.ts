import type { SandboxEntry } from './connector.ts';
import { entry, required } from './entry.ts';

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
