import type { SandboxEntry } from './connector.ts';

/** Types of entries that were seen (platform-api §8). */
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
  readonly name?: string;
  readonly about?: string;
  readonly default?: string;
  readonly required?: boolean;
  /** Needed only when the entry that controls groups has this value. */
  readonly group?: string;
  /** Makes it the entry that controls groups; these are its values. */
  readonly controls?: readonly string[];
  /** Kept by the platform itself: hidden from people. */
  readonly internal?: boolean;
  readonly hidden?: boolean;
  readonly comesBackAs?: string;
  readonly neverReturned?: boolean;
}

/** One configuration entry, with the defaults that most have. */
export function entry(key: string, type: EntryType, options: EntryOptions = {}): SandboxEntry {
  const { about, group, controls, internal = false, comesBackAs, neverReturned } = options;
  return {
    key,
    name: options.name ?? toTitle(key),
    type,
    required: options.required ?? false,
    groupControl: controls !== undefined,
    internal,
    hideFromConsole: options.hidden ?? internal,
    ...(about === undefined ? {} : { description: about }),
    ...(options.default === undefined ? {} : { defaultValue: options.default }),
    ...(group === undefined ? {} : { groupName: group }),
    ...(controls === undefined ? {} : { options: controls.map((value) => ({ value })) }),
    ...(comesBackAs === undefined ? {} : { comesBackAs }),
    ...(neverReturned === undefined ? {} : { neverReturned }),
  };
}

/** An entry that must have a value. */
export function required(key: string, type: EntryType = 'TEXTFIELD_128', options: EntryOptions = {}): SandboxEntry {
  return entry(key, type, { ...options, required: true });
}

function toTitle(key: string): string {
  const words = key.split(/[._]/).join(' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}
