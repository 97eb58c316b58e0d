import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { openManaged, tagsOf } from '../support/managed.ts';

const secret = 'tr0ub4dor-and-3-more';
/** Set, and named by no definition any more. */
const env = { CONNECTORCTL_SECRET_RETIRED: secret };

const encodings: readonly (readonly [string, string])[] = [
  ['plain', secret],
  ['base64', Buffer.from(secret).toString('base64')],
  ['hexadecimal', Buffer.from(secret).toString('hex')],
  ['percent-encoded twice', encodeURIComponent(encodeURIComponent(`<${secret}>`))],
  ['reversed', Array.from(secret).toReversed().join('')],
  ['in upper case', secret.toUpperCase()],
];

describe('a secret that is set and that no definition names', () => {
  it.each(encodings)('is in no output when the platform repeats it %s', async (_name, shown) => {
    const world = await openManaged();
    await world.apply();
    const { sandbox } = world.platform;
    sandbox.seed({
      connector: 'actessentials',
      name: `Orphan ${shown}`,
      tags: [...tagsOf('gone'), `tag ${shown}`],
      configuration: { username: shown, password: 'x' },
    });
    sandbox.change(world.live('One').id, { configuration: { username: `now ${shown}` } });
    for (const format of ['text', 'json', 'markdown']) {
      for (const command of ['plan', 'drift']) {
        const { stdout, stderr } = await world.run(
          [command, '--format', format === 'markdown' && command === 'drift' ? 'text' : format],
          env,
        );
        expect(stdout + stderr).not.toContain(shown);
      }
    }
    const applied = await world.run(['apply', '--yes', '--record', 'run.jsonl', '--format', 'json'], env);
    expect(applied.stdout + applied.stderr + world.rig.read('run.jsonl')).not.toContain(shown);
  });

  it('hides the whole value that holds it, so that a plan answers no list of guesses', async () => {
    const world = await openManaged();
    await world.apply();
    world.platform.sandbox.change(world.live('One').id, { configuration: { username: `guess-1 ${secret} guess-2` } });
    const { plan } = await world.json(['plan'], env);
    const fields = plan.changes.flatMap((change) => change.fields);
    expect(fields).toEqual([expect.objectContaining({ field: '/configuration/username', before: '(secret)' })]);
  });

  it('becomes its reference when an import meets it', async () => {
    const world = await openManaged();
    const { sandbox } = world.platform;
    sandbox.seed({ connector: 'actessentials', name: 'Stranger', configuration: { username: secret, password: 'x' } });
    sandbox.seed({
      connector: 'actessentials',
      name: `Has ${secret}`,
      tags: [`a ${secret}`],
      configuration: { username: `me:${secret}`, password: 'x' },
    });
    const { code, stdout, stderr } = await world.run(['import', '--all'], env);
    expect(code).toBe(0);
    expect(stdout + stderr).not.toContain(secret);
    const names = readdirSync(path.join(world.rig.directory, 'instances'), { recursive: true, encoding: 'utf8' });
    expect(names.join(' ')).not.toMatch(/tr0ub4dor/);
    const texts = names
      .filter((name) => name.endsWith('.yaml'))
      .map((name) => readFileSync(path.join(world.rig.directory, 'instances', name), 'utf8'));
    expect(texts.join('\n')).not.toContain(secret);
    expect(texts.filter((text) => text.includes('username: ${{ secrets.RETIRED }}'))).toHaveLength(1);
  });
});
