import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { credentials, startPlatform } from '../support/platform.ts';
import { openRig } from '../support/rig.ts';

const folder = path.join(import.meta.dirname, '../../.github/docs');

/** Commands of the blocks without a language: those are run as they stand. */
function commandsOf(page: string): readonly string[] {
  const text = readFileSync(path.join(folder, `${page}.md`), 'utf8');
  const blocks = [...text.matchAll(/^```(\w*)\n([^]*?)^```$/gm)].flatMap(([, language, block = '']) =>
    language === '' ? [block] : [],
  );
  return blocks.flatMap((block) => block.trim().split('\n'));
}

const definition =
  'connector: actessentials\nname: One\nconfiguration:\n  username: ada\n  password: ${{ secrets.ONE }}\n';

describe('a page of the documentation', () => {
  it('about installing is followed in an empty folder', async () => {
    const rig = openRig();
    for (const command of commandsOf('install')) {
      const { code, stdout, stderr } = await rig.run(command.split(' ').slice(1));
      expect({ command, code, said: code === 0 ? '' : stdout + stderr }).toEqual({ command, code: 0, said: '' });
    }
  });

  it.each(['environments', 'rotation', 'scale', 'troubleshooting'])(
    'about %s is followed, command by command',
    async (page) => {
      const [dev, prod] = [await startPlatform(), await startPlatform()];
      const text = readFileSync(path.join(folder, 'environments.md'), 'utf8');
      const workspace = /^```yaml\n([^]*?)^```$/m.exec(text)?.[1] ?? '';
      const here = workspace
        .replace('https://api.openconnectors.eu10.ext.hana.ondemand.com', dev.origin)
        .replace('https://api.openconnectors.us10.ext.hana.ondemand.com', prod.origin);
      expect(here).not.toContain('ondemand');
      const rig = openRig({ 'connectorctl.yaml': here, 'instances/one.yaml': definition });
      const env = { ...credentials, CONNECTORCTL_SECRET_ONE: 'pa55 one' };
      const commands = commandsOf(page);
      expect(commands.length).toBeGreaterThan(2);
      for (const command of commands) {
        const { code, stdout, stderr } = await rig.run(command.split(' ').slice(1), { env });
        expect({ command, code, said: code === 0 ? '' : stdout + stderr }).toEqual({ command, code: 0, said: '' });
      }
      expect(dev.sandbox.instances()).toHaveLength(1);
    },
  );

  it.each([
    ['using', 6],
    ['secrets', 3],
  ] as const)('about %s has commands that are run as they stand', async (page, count) => {
    const { origin: baseUrl } = await startPlatform();
    const environments = { dev: { baseUrl }, stage: { baseUrl } };
    const workspace = { version: 1, workspace: 'acme', defaultEnvironment: 'dev', environments };
    const keys = ['support/tickets', 'support/eu', 'legacy/old'];
    const rig = openRig({
      'connectorctl.yaml': JSON.stringify(workspace),
      ...Object.fromEntries(keys.map((key) => [`instances/${key}.yaml`, definition.replace('One', key)])),
    });
    const env = { ...credentials, CONNECTORCTL_SECRET_ONE: 'pa55 one' };
    const commands = commandsOf(page).filter((line) => line.startsWith('connectorctl '));
    expect(commands).toHaveLength(count);
    for (const command of commands) {
      const words = wordsOf(command);
      // Nobody is there to be asked.
      const { code, stdout, stderr } = await rig.run(words[0] === 'apply' ? [...words, '--yes'] : words, { env });
      expect({ command, code, said: code === 0 ? '' : stdout + stderr }).toEqual({ command, code: 0, said: '' });
    }
  });
});

/** The words behind `connectorctl` as a shell takes them, without the comment. */
function wordsOf(command: string): readonly string[] {
  const line = command.replace(/ +# .*$/, '');
  return [...line.matchAll(/'([^']*)'|(\S+)/g)].slice(1).map(([, quoted, bare]) => quoted ?? bare ?? '');
}
