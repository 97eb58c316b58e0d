import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';

interface Locked {
  readonly resolved?: string;
  readonly integrity?: string;
  readonly hasInstallScript?: boolean;
  readonly optional?: boolean;
  readonly dev?: boolean;
}

const root = path.join(import.meta.dirname, '../..');
const read = (name: string) => JSON.parse(readFileSync(path.join(root, name), 'utf8'));
const { packages }: { readonly packages: Readonly<Record<string, Locked>> } = read('package-lock.json');
const locked = Object.entries(packages).filter(([name]) => name !== '');

describe('the lock file', () => {
  it('names each package by its hash, and no place of its own to get it from', () => {
    const loose = locked.filter(
      ([, { resolved, integrity = '' }]) => resolved !== undefined || !integrity.startsWith('sha512-'),
    );
    expect(loose.map(([name]) => name)).toEqual([]);
    expect(locked.length).toBeGreaterThan(50);
  });

  it('brings nothing to users, and lets only the packages that are named run anything when they are installed', () => {
    expect(locked.filter(([, one]) => one.dev !== true).map(([name]) => name)).toEqual([]);
    const { dependencies, optionalDependencies, allowScripts } = read('package.json');
    expect([dependencies, optionalDependencies]).toEqual([undefined, undefined]);
    const running = locked.filter(([, one]) => one.hasInstallScript === true && one.optional !== true);
    expect(running.map(([name]) => name)).toEqual(Object.keys(allowScripts).map((name) => `node_modules/${name}`));
  });
});
