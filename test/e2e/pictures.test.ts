import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { findLeaks } from '../support/leaks.ts';

const root = path.join(import.meta.dirname, '../..');
const readPicture = (name: string): string => readFileSync(path.join(root, '.github/pictures', name), 'utf8');

interface Story {
  readonly secrets: Readonly<Record<string, string>>;
  readonly rotated: Readonly<Record<string, string>>;
}

describe('the pictures of README.md', () => {
  it('show what connectorctl says', () => {
    const script = path.join(root, '.ci/pictures.mjs');
    const { status, stderr } = spawnSync(process.execPath, [script, '--check'], { encoding: 'utf8' });
    expect(stderr).toBe('');
    expect(status).toBe(0);
  });

  it('tell every kind of change, and no secret', async () => {
    const story: Story = await import(pathToFileURL(path.join(root, '.ci/pictures/workspace.mjs')).href);
    for (const picture of [readPicture('plan.svg'), readPicture('comment.md')]) {
      for (const word of [
        'create',
        'update',
        'move',
        'delete',
        'authorize',
        'changed on the platform',
        'secret rotated',
      ])
        expect(picture).toContain(word);
      expect(findLeaks(picture, story.secrets)).toEqual([]);
      expect(findLeaks(picture, story.rotated)).toEqual([]);
    }
  });

  it('stand in README.md, each with words for who cannot see it', () => {
    const readme = readFileSync(path.join(root, 'README.md'), 'utf8');
    const shown = [...readme.matchAll(/<img src="\.github\/pictures\/([^"]+)" [^>]*alt="[^"]{80,}"/g)];
    expect(shown.map(([, name]) => name)).toEqual(['comment-light.png', 'plan.svg']);
  });

  it('load nothing and run nothing, so that GitHub shows the drawing as it is', () => {
    const drawing = readPicture('plan.svg');
    expect(drawing).not.toMatch(/<script|<foreignObject|<style|<image|href|url\(|style=|on\w+=/i);
    expect(drawing.replace('xmlns="http://www.w3.org/2000/svg"', '')).not.toMatch(/="https?:/);
  });
});
