import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import path from 'node:path';

/** A name that was written, relative to the folder that is watched. */
export interface WrittenName {
  readonly name: string;
  readonly isFolder: boolean;
  /** Whether it was opened in such a way that a link at this name is not followed. */
  readonly isNew: boolean;
}

const { O_WRONLY, O_RDWR, O_EXCL, O_NOFOLLOW } = fs.constants;

/**
 * Runs something and tells every name below a folder that was written meanwhile, by this process and synchronously: the tool writes no other way.
 * A link, a copy or another name counts as written under the name that it gets.
 */
export async function watchWrites(folder: string, run: () => Promise<void>): Promise<readonly WrittenName[]> {
  const seen: WrittenName[] = [];
  const note = (place: unknown, isFolder: boolean, isNew: boolean): void => {
    if (typeof place !== 'string') return;
    const name = path.relative(folder, path.resolve(place));
    if (name !== '' && !name.startsWith('..')) seen.push({ name, isFolder, isNew });
  };
  const original = { ...fs };
  const { openSync, writeFileSync, appendFileSync, renameSync, linkSync, copyFileSync, symlinkSync, mkdirSync } =
    original;
  const patched: Partial<typeof fs> = {
    openSync: (...words) => {
      const [place, flags] = words;
      if (isForWriting(flags)) note(place, false, isExclusive(flags));
      return openSync(...words);
    },
    writeFileSync: (...words) => {
      const options = words[2];
      const flag = typeof options === 'object' && options !== null ? options.flag : undefined;
      note(words[0], false, flag === 'wx');
      writeFileSync(...words);
    },
    appendFileSync: (...words) => {
      note(words[0], false, false);
      appendFileSync(...words);
    },
    renameSync: (from, to) => {
      note(to, false, true);
      renameSync(from, to);
    },
    linkSync: (from, to) => {
      note(to, false, true);
      linkSync(from, to);
    },
    copyFileSync: (from, to, mode) => {
      note(to, false, mode === fs.constants.COPYFILE_EXCL);
      copyFileSync(from, to, mode);
    },
    symlinkSync: (target, place, type) => {
      note(place, false, true);
      symlinkSync(target, place, type);
    },
  };
  const folders = {
    mkdirSync: (place: string, options?: fs.MakeDirectoryOptions) => {
      note(place, true, false);
      return mkdirSync(place, options);
    },
  };
  Object.assign(fs, patched, folders);
  syncBuiltinESMExports();
  try {
    await run();
  } finally {
    Object.assign(fs, {
      openSync,
      writeFileSync,
      appendFileSync,
      renameSync,
      linkSync,
      copyFileSync,
      symlinkSync,
      mkdirSync,
    });
    syncBuiltinESMExports();
  }
  return seen;
}

function isForWriting(flags: string | number): boolean {
  return typeof flags === 'number' ? (flags & (O_WRONLY | O_RDWR)) !== 0 : /[wa+]/.test(flags);
}

function isExclusive(flags: string | number): boolean {
  return typeof flags === 'number' ? (flags & (O_EXCL | O_NOFOLLOW)) !== 0 : flags.includes('x');
}
