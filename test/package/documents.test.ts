import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { connectorsFolder } from '../../src/model/environment.ts';

const root = path.join(import.meta.dirname, '../..');
const read = (name: string): string => readFileSync(path.join(root, name), 'utf8');
const isThere = (name: string): boolean => existsSync(path.join(root, name));

const inGithub = readdirSync(path.join(root, '.github'), { recursive: true, encoding: 'utf8' }).map((name) =>
  path.join('.github', name),
);
const documents = ['README.md', 'src/README.md', ...inGithub.filter((name) => name.endsWith('.md'))];

/** What it leads to within the repository, relative to its root. */
function listLinks(document: string): readonly string[] {
  const links = [...read(document).matchAll(/\]\(([^)#]+)[^)]*\)|(?:href|src)="([^"#]+)"/g)];
  return links
    .map(([, link, attribute]) => link ?? attribute ?? '')
    .filter((link) => !/^[a-z]+:/.test(link))
    .map((link) => path.join(path.dirname(document), link));
}

/** Paths of this repository between backquotes or in examples of commands; not those with a wildcard. */
function listPaths(document: string): readonly string[] {
  const paths = [...read(document).matchAll(/(?<![\w./-])(?:src|test|schema|\.ci|\.github)\/[\w./*-]*[\w*]/g)];
  // The folder of pulled connectors is made in the repository of whoever pulls them.
  return paths.map(([found]) => found).filter((found) => !found.includes('*') && found !== connectorsFolder);
}

describe('the pages of this repository', () => {
  it.each(documents)('%s leads only to what is there', (document) => {
    expect(listLinks(document).filter((name) => !isThere(name))).toEqual([]);
  });

  it.each(documents.filter((name) => name !== 'README.md'))('%s names only files that are there', (document) => {
    expect(listPaths(document).filter((name) => !isThere(name))).toEqual([]);
  });

  it('explain each word of the glossary once', () => {
    const words = [...read('.github/glossary.md').matchAll(/^\| (?!word )(\w[^|]*) \|/gm)].map(([, word]) => word);
    expect(words.length).toBeGreaterThan(50);
    expect(words.filter((word, index) => words.indexOf(word) !== index)).toEqual([]);
  });
});

describe('what GitHub reads', () => {
  it.each(inGithub.filter((name) => /\.ya?ml$/.test(name)))('%s is YAML', (name) => {
    expect(parse(read(name))).toBeTypeOf('object');
  });

  it('names owners for folders and files that are there', () => {
    const lines = read('.github/CODEOWNERS')
      .split('\n')
      .filter((line) => line.startsWith('/'));
    expect(lines.length).toBeGreaterThan(3);
    expect(lines.map((line) => line.split(/\s+/)[0] ?? '').filter((name) => !isThere(name))).toEqual([]);
  });
});
