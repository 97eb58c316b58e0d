import { describe, expect, it } from 'vitest';
import { openRig } from '../support/rig.ts';

const workspace = 'version: 1\nworkspace: acme\nenvironments:\n  sandbox: { platform: sandbox }\n';
const sound = 'connector: closeio\nname: A\nconfiguration:\n  username: ${{ secrets.A }}\n';

describe('a file without a definition', () => {
  it.each(['', '\n\n', '# connector: closeio\n# name: A\n', '---\n...\n'])('is told (%j)', async (text) => {
    const rig = openRig({ 'connectorctl.yaml': workspace, 'instances/a.yaml': text, 'instances/b.yaml': sound });
    const { code, stdout } = await rig.run(['validate']);
    expect(code).toBe(0);
    expect(stdout).toContain('instances/a.yaml:1:1 warning empty-file');
    expect((await rig.run(['validate', '--strict'])).code).toBe(3);
  });
});
