import { appendFileSync, existsSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { openSummary, parseOwnUrl, renderOutput, writeOutputs } from '../../../src/action/runner/runner-files.ts';
import { readOutputs } from '../../support/fake-runner.ts';
import { openRig } from '../../support/rig.ts';

const token = 'a'.repeat(64);
const makeToken = (): string => token;

describe('the outputs of a step', () => {
  it('are numbers, booleans, digests and addresses, added to what is there', () => {
    const rig = openRig({ output: '' });
    const file = path.join(rig.directory, 'output');
    writeOutputs({ 'exit-code': 0, changes: true }, { file, makeToken });
    writeOutputs(
      { digest: { digest: 'abc123' }, 'comment-url': new URL('https://github.com/a b') },
      { file, makeToken },
    );
    expect(readOutputs(rig.read('output'))).toEqual({
      'exit-code': '0',
      changes: 'true',
      digest: 'abc123',
      'comment-url': 'https://github.com/a%20b',
    });
  });

  it('never hold anything else', () => {
    const file = path.join(openRig().directory, 'output');
    expect(() => writeOutputs({ digest: { digest: 'not\nhex' } }, { file, makeToken })).toThrow('no digest');
    expect(() => renderOutput('name<<x', '1', token)).toThrow('unfit output');
    expect(() => renderOutput('name', `1\nghadelimiter_${token}\nother=2`, token)).toThrow('unfit output');
    expect(existsSync(file)).toBe(false);
  });

  it('are written nowhere when there is no runner', () => {
    expect(() => writeOutputs({ digest: { digest: 'not hex' } }, { file: undefined, makeToken })).not.toThrow();
  });

  it('take an address only of the server itself', () => {
    const server = 'https://github.com';
    expect(parseOwnUrl('https://github.com/a/b/pull/1#issuecomment-2', server)?.href).toContain('/pull/1');
    const others = ['https://evil.example/', 'http://github.com/', 'https://me@github.com/', '', 'javascript:alert(1)'];
    expect(others.map((text) => parseOwnUrl(text, server))).toEqual(others.map(() => undefined));
  });
});

describe('the summary of a step', () => {
  it('grows, and never beyond what GitHub takes', () => {
    const rig = openRig({ 'summary.md': '' });
    const file = path.join(rig.directory, 'summary.md');
    const summary = openSummary(file);
    summary.add('# one\n');
    summary.add('two');
    expect(rig.read('summary.md')).toBe('# one\n\ntwo\n\n');

    summary.add('ö'.repeat(summary.remainingBytes() / 2 - 1));
    expect(summary.remainingBytes()).toBeLessThan(2);
    summary.add('three');
    expect(rig.read('summary.md')).not.toContain('three');
    expect(rig.read('summary.md')).toContain('**The summary is too long for GitHub.');

    writeFileSync(file, 'x'.repeat(1024 * 1024));
    appendFileSync(file, '');
    summary.add('four');
    expect(Buffer.byteLength(rig.read('summary.md'))).toBe(1024 * 1024);
  });

  it('goes nowhere when there is no runner', () => {
    expect(() => openSummary(undefined).add('text')).not.toThrow();
  });
});
