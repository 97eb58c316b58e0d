import { GithubError } from './github-error.ts';

/**
 * Creates something that must not be there twice.
 * When GitHub may have done it without an answer, it is looked for; only what is not there is sent a second time.
 */
export async function createOnce<T>(create: () => Promise<T>, find: () => Promise<T | undefined>): Promise<T> {
  try {
    return await create();
  } catch (error) {
    if (!(error instanceof GithubError && error.unclear)) throw error;
    return (await find()) ?? (await create());
  }
}
