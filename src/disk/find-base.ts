import { UserError } from '../model/user-error.ts';
import { type GitPlace, runGit } from './run-git.ts';

/** The commit that a working tree is compared with. */
interface BaseCommit {
  /** Its hash, in hex. */
  readonly commit: string;
  /** True: where HEAD and the ref parted. False: the two have no commit in common that is stored here, and it is the ref's own. */
  readonly isMergeBase: boolean;
}

const hash = /^[0-9a-f]{40}(?:[0-9a-f]{24})?$/;

/** What git itself gives a meaning in a name (`:/text` searches messages), and what no name may contain. */
const unfitForRef = /^-|[\s:\p{Cc}]/u;

/** A longer name would push the rest of the report out of sight. */
const longestRef = 200;

/**
 * The commit at which a branch left the ref: a pull request is what came after it (`git diff REF...HEAD`).
 * Throws a UserError of kind `invalid` when the ref names no commit that is stored here, or there is no repository.
 * @param ref branch, tag or commit, as git takes it
 */
export function findBase(ref: string, place: GitPlace): BaseCommit {
  if (ref === '' || ref.length > longestRef || unfitForRef.test(ref)) throw unfit(ref);
  const isShallow = checkRepository(place);
  const [tip, head] = resolveCommits([ref, 'HEAD'], place);
  if (tip === undefined) throw unknownRef(ref, isShallow);
  const parted = head === undefined ? undefined : findMergeBase(tip, head, place);
  return parted === undefined ? { commit: tip, isMergeBase: false } : { commit: parted, isMergeBase: true };
}

/**
 * The full hash of the commit that the ref names; undefined outside a repository.
 * Throws a UserError when it is not stored here, or when git refuses to read the repository: then nobody can tell what stands in it.
 */
export function findCommit(ref: string, place: GitPlace): string | undefined {
  if (ref === '' || ref.length > longestRef || unfitForRef.test(ref)) throw unfit(ref);
  const state = readRepositoryState(place);
  if (state === undefined) return undefined;
  const [commit] = resolveCommits([ref], place);
  if (commit === undefined) throw unknownRef(ref, state.isShallow);
  return commit;
}

/** Whether the clone is shallow. Throws when git does not see the folder as part of a repository. */
function checkRepository(place: GitPlace): boolean {
  const state = readRepositoryState(place);
  if (state === undefined) throw noRepository(place);
  return state.isShallow;
}

/** Undefined outside a repository. Throws when git cannot read the one that is there. */
function readRepositoryState(place: GitPlace): { readonly isShallow: boolean } | undefined {
  const { status, stdout, stderr } = runGit(['rev-parse', '--is-shallow-repository'], place);
  if (status === 0) return { isShallow: stdout.toString('utf8').trim() === 'true' };
  if (/dubious ownership|safe\.directory/.test(stderr)) throw foreignFolder(topFolder(stderr) ?? place.directory);
  if (/not a git repository/.test(stderr)) return undefined;
  throw noRepository(place, stderr);
}

/** The names go through standard input, where none can be mistaken for an option. */
function resolveCommits(names: readonly string[], place: GitPlace): readonly (string | undefined)[] {
  const input = names.map((name) => `${name}^{commit}\n`).join('');
  const { stdout } = runGit(['cat-file', '--batch-check=%(objectname)'], place, input);
  const lines = stdout.toString('utf8').split('\n');
  return names.map((_, index) => lines[index]).map((line = '') => (hash.test(line) ? line : undefined));
}

function findMergeBase(tip: string, head: string, place: GitPlace): string | undefined {
  const { status, stdout } = runGit(['merge-base', tip, head], place);
  const [first = ''] = stdout.toString('utf8').split('\n');
  return status === 0 && hash.test(first) ? first : undefined;
}

function unfit(ref: string): UserError {
  return new UserError('invalid-base', `--base ${JSON.stringify(ref)} is not a valid name of a commit.`, {
    kind: 'invalid',
    hint: 'Name a branch, a tag or a commit, such as origin/main.',
  });
}

function noRepository({ directory }: GitPlace, stderr?: string): UserError {
  return new UserError('no-repository', `${directory} is not in a readable git repository.`, {
    kind: 'invalid',
    hint: '--offline compares with a commit, so it needs the repository. In CI, check it out first.',
    cause: stderr === undefined ? undefined : new Error(stderr),
  });
}

function unknownRef(ref: string, isShallow: boolean): UserError {
  const shallow = 'This is a shallow clone, which contains only the newest commit. With actions/checkout, set:';
  return new UserError('unknown-base', `--base ${ref} names no commit in this clone.`, {
    kind: 'invalid',
    hint: isShallow
      ? `${shallow}\n  fetch-depth: 0`
      : 'Correct the name, or fetch the branch with `git fetch`. A remote branch is called origin/NAME here.',
  });
}

/** The folder that git wants to be named: the top of the repository, not the workspace. */
function topFolder(stderr: string): string | undefined {
  return /repository at '(.+)'/.exec(stderr)?.[1];
}

function foreignFolder(directory: string): UserError {
  return new UserError('foreign-repository', `git refuses to read ${directory}, because it belongs to another user.`, {
    kind: 'invalid',
    hint: `This is common for a checkout in a container. If you trust it, run:\n  git config --global --add safe.directory ${JSON.stringify(directory)}`,
  });
}
