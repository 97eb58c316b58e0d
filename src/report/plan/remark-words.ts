import type { OfflineRemark, RemarkArguments } from '../../model/plan-codes.ts';
import { describeBreach } from './refusal-words.ts';
import type { WordTable } from './word-table.ts';

/** What a reader must know before an offline plan, in full sentences. */
export function describeRemark<C extends keyof RemarkArguments>(remark: OfflineRemark<C>): string {
  return remarkTable[remark.code].say(remark, undefined);
}

const allNew = 'Everything is treated as new.';

/** The words for every remark. */
export const remarkTable: WordTable<RemarkArguments> = {
  'apply-would-refuse': {
    help: 'The plan exceeds the limits of the environment.',
    say: ({ breaches }) => `Apply would refuse this: ${breaches.map((breach) => describeBreach(breach)).join(' ')}`,
  },
  'no-common-commit': {
    help: 'HEAD and the base have no common ancestor.',
    say: ({ ref }) =>
      `HEAD and ${ref} have no common ancestor in this clone. Changes that others made on ${ref} look reverted here.`,
  },
  'base-without-workspace': {
    help: 'There is no workspace file at the base.',
    say: ({ file }) => `The base has no ${file} here. ${allNew}`,
  },
  'base-workspace-invalid': {
    help: 'The workspace file at the base is not valid.',
    say: (places) => `At the base, the workspace file is not valid: ${listPlaces(places)}. ${allNew}`,
  },
  'base-without-environment': {
    help: 'The workspace file at the base does not define the environment.',
    say: ({ environment }) => `The base has no environment ${environment}. ${allNew}`,
  },
  'other-platform': {
    help: 'The environment moves to another platform than at the base.',
    say: ({ from, to }) =>
      `The environment moves to another platform: ${from} → ${to}. What exists there is not known without asking it. ${allNew}`,
  },
  'workspace-renamed': {
    help: 'The workspace has another name than at the base.',
    say: ({ from, to }) =>
      `The workspace is renamed: ${from} → ${to}. What ${from} manages is not touched, and all of it is created a second time.`,
  },
  'setting-changed': {
    help: 'A setting of the environment has another value than at the base.',
    say: ({ setting, from, to }) => `${setting} changes: ${from ?? '(not set)'} → ${to ?? '(not set)'}.`,
  },
  'base-definitions-invalid': {
    help: 'Definitions at the base are not valid.',
    say: (places) => `At the base, some definitions are not valid and are treated as missing: ${listPlaces(places)}.`,
  },
  'all-new': {
    help: 'No definition at the base can be used.',
    say: () => allNew,
  },
  'base-file-left-out': {
    help: 'A file at the base cannot be read.',
    say: ({ file, why }) => `At the base, ${file} ${why}: it is treated as missing.`,
  },
  'more-remarks': {
    help: 'There are more notices than are shown.',
    say: ({ count }) => `${count} more notices like these are not shown.`,
  },
};

function listPlaces({ places, more }: Pick<OfflineRemark<'base-workspace-invalid'>, 'places' | 'more'>): string {
  const named = places.map(({ file, line, message }) => (file === null ? message : `${file}:${line} ${message}`));
  return [...named, ...(more > 0 ? [`${more} more`] : [])].join(', ');
}
