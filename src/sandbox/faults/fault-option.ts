/** What an option's value may be. */
export type OptionValue =
  | { readonly type: 'number'; readonly min: number; readonly max: number; readonly whole: boolean }
  | { readonly type: 'choice'; readonly choices: readonly string[] }
  | { readonly type: 'flag' }
  | { readonly type: 'text' };

export interface FaultOption {
  /** Property of the rule. */
  readonly key: string;
  /** As it is written on the command line. */
  readonly name: string;
  readonly value: OptionValue;
  readonly required: boolean;
}

export interface FaultKindEntry {
  /** For `connectorctl sandbox --help`. */
  readonly summary: string;
  readonly options: readonly FaultOption[];
}

/** A day: no fault is meant to wait longer. */
const longestWait = 86_400_000;

export const milliseconds: OptionValue = { type: 'number', min: 0, max: longestWait, whole: false };

export const wholeNumber: OptionValue = { type: 'number', min: 1, max: 1e6, whole: true };

/** The options of FaultFrequency. */
const frequency: readonly FaultOption[] = [
  option('rate', { type: 'number', min: 0, max: 1, whole: false }),
  option('times', { type: 'number', min: 1, max: 1e9, whole: true }),
  option('after', { type: 'number', min: 0, max: 1e9, whole: true }),
];

/** A kind that takes a frequency. */
export function kind(summary: string, options: readonly FaultOption[]): FaultKindEntry {
  return { summary, options: [...options, ...frequency] };
}

export function option(key: string, value: OptionValue): FaultOption {
  const name = key.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  return { key, name, value, required: false };
}

export function choice(key: string, choices: readonly string[]): FaultOption {
  return option(key, { type: 'choice', choices });
}

export function required(one: FaultOption): FaultOption {
  return { ...one, required: true };
}
