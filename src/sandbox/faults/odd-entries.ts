const entry = { name: 'Odd', element: { key: 'closeio' }, tags: [], configuration: {}, disabled: false };

/** What was seen or is to be feared in lists of a real account: each an entry that is of nobody's workspace. */
const oddEntries = {
  'null-name': { ...entry, id: 900_001, name: null },
  'number-name': { ...entry, id: 900_002, name: 7 },
  'no-element': { ...entry, id: 900_003, element: null },
  'element-without-key': { ...entry, id: 900_004, element: { id: 5 } },
  'list-configuration': { ...entry, id: 900_005, configuration: [] },
  'null-tag': { ...entry, id: 900_006, tags: [null] },
  'text-tags': { ...entry, id: 900_007, tags: 'theirs' },
  'text-id': { ...entry, id: '900008' },
  'path-id': { ...entry, id: '../accounts' },
  // No double holds it: it is sent as 9007199254740993000.
  'huge-id': { ...entry, id: 9_007_199_254_740_993_000 },
  'no-id': entry,
  'nested-values': { ...entry, id: 900_009, configuration: { a: 1, b: { c: [] }, d: true } },
  'other-types': { ...entry, id: 900_010, disabled: 'no', valid: 0, token: {}, createdDate: 5 },
  null: null,
  text: 'gone',
  list: [],
} as const;

export type OddForm = keyof typeof oddEntries;

export const oddForms: readonly OddForm[] = Object.keys(oddEntries).filter((form) => isOddForm(form));

function isOddForm(form: string): form is OddForm {
  return Object.hasOwn(oddEntries, form);
}

/** One odd entry of a list, or one of each. */
export function listOdd(form: OddForm | undefined): readonly unknown[] {
  return form === undefined ? Object.values(oddEntries) : [oddEntries[form]];
}
