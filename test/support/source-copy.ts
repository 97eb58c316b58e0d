import { cpSync, symlinkSync } from 'node:fs';
import path from 'node:path';

const root = path.join(import.meta.dirname, '../..');

/** What is no source: made by a build, by npm, by git, by a run. */
const made =
  /^(?:dist|coverage|\.git|\.cache|\.connectorctl)$|^\.github\/actions\/.*\.(?:mjs|txt)$|(?:^|\/)node_modules$/;

/**
 * Copies what a plain checkout of this repository holds, but for the tests.
 * @param folder where to; it is made
 */
export function copySources(folder: string): void {
  cpSync(root, folder, {
    recursive: true,
    filter: (file) => {
      const name = path.relative(root, file).replaceAll(path.sep, '/');
      return name !== 'test' && !made.test(name);
    },
  });
}

/** As above, with the packages that are installed here, so that it can be built. Answers the folder. */
export function copyCheckout(folder: string): string {
  copySources(folder);
  symlinkSync(path.join(root, 'node_modules'), path.join(folder, 'node_modules'));
  return folder;
}
