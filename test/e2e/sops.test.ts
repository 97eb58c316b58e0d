import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { openRig, sandboxWorkspace } from '../support/rig.ts';

const sops = (name: string): string => readFileSync(path.join(import.meta.dirname, '../secret/sops', name), 'utf8');

describe('a secret of a SOPS file', () => {
  it('reaches the platform and no output, and is read by every command', async () => {
    const rig = openRig({
      'connectorctl.yaml': `${sandboxWorkspace.trimEnd()}\n    secrets: { file: secrets.yaml }\n`,
      'secrets.yaml': sops('comments.enc.yaml'),
      'instances/one.yaml':
        'connector: actessentials\nname: One\nconfiguration:\n  username: one\n  password: ${{ secrets.lorem }}\n',
    });
    const env = { SOPS_AGE_KEY: sops('test-identity.txt') };
    const outputs: string[] = [];
    for (const words of [
      ['validate'],
      ['plan'],
      ['apply', '--yes', '--verbose', '--record', 'runs.jsonl'],
      ['plan', '--detailed-exitcode'],
      ['plan', '--format', 'json'],
      ['drift'],
      ['secrets', 'list'],
    ]) {
      const { stdout, stderr, code } = await rig.run(words, { env });
      expect([words, code, stderr]).toEqual([words, 0, expect.not.stringContaining('generates')]);
      outputs.push(stdout, stderr);
    }
    outputs.push(rig.read('runs.jsonl'));
    expect(outputs.join('\n')).not.toMatch(/ipsum|aXBzdW|AGE-SECRET/);
    expect(rig.read('.connectorctl/sandbox.jsonl')).toContain('ipsum');
  });
});
