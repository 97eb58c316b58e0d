import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { credentials, startPlatform } from '../support/platform.ts';
import { openRig } from '../support/rig.ts';

const page = readFileSync(path.join(import.meta.dirname, '../../.github/docs/move-in.md'), 'utf8');

/** The blocks of one language, in their order; without one, those of commands. */
function blocksOf(language: string): readonly string[] {
  const blocks = [...page.matchAll(/^```(\w*)\n([^]*?)^```$/gm)];
  return blocks.flatMap(([, found, text = '']) => (found === language ? [text] : []));
}

const hosts = { stage: 'hooks-stage.example.com', prod: 'hooks.example.com' } as const;

/** A connection as it lives in one of the accounts of the page. */
function tickets(name: keyof typeof hosts) {
  return {
    connector: 'servicenow',
    name: 'Tickets',
    configuration: {
      'servicenow.subdomain': name === 'prod' ? 'acme' : 'acme-stage',
      username: 'robot',
      password: `pa55 of ${name}`,
      'event.notification.enabled': 'true',
      'event.notification.callback.url': `https://${hosts[name]}/events`,
    },
  };
}

it('the page about moving in is followed to its end, command by command', async () => {
  const stage = await startPlatform();
  const prod = await startPlatform();
  stage.sandbox.seed(tickets('stage'));
  stage.sandbox.seed({ connector: 'closeio', name: 'CRM', configuration: { username: 'api_stage_0123456789' } });
  prod.sandbox.remove(prod.sandbox.seed(tickets('prod')).id);
  prod.sandbox.remove(prod.sandbox.seed(tickets('prod')).id);
  prod.sandbox.seed({ connector: 'closeio', name: 'CRM (EU)', configuration: { username: 'api_prod_0123456789' } });
  prod.sandbox.seed(tickets('prod'));

  const [workspace = '', first = '', joined = ''] = blocksOf('yaml');
  const text = workspace
    .replace('https://api.openconnectors.eu10.ext.hana.ondemand.com', stage.origin)
    .replace('https://api.openconnectors.us10.ext.hana.ondemand.com', prod.origin);
  expect(text).not.toContain('ondemand');
  const rig = openRig({ 'connectorctl.yaml': text });
  const commands = blocksOf('').flatMap((block) => block.trim().split('\n'));
  expect(commands.length).toBeGreaterThan(8);
  // The id is told by the match of the page itself, before the plain import writes a definition of its own.
  const order = commands.toSorted((a, b) => Number(b.includes('--match')) - Number(a.includes('--match')));
  const run = async (command: string): Promise<string> => {
    const { code, stdout, stderr } = await rig.run(command.split(' ').slice(1), { env: credentials });
    expect({ command, code, said: code === 0 ? '' : stdout + stderr }).toEqual({ command, code: 0, said: '' });
    return stdout + stderr;
  };
  const inStage = order.filter((command) => command.includes('--env stage') && !command.includes('--with-secrets'));
  const others = order.filter((command) => !inStage.includes(command));
  const [imported = '', planned = ''] = await runAll(inStage, run);
  for (const line of blocksOf('text').join('').trim().split('\n')) expect(imported).toContain(line);
  expect(planned).toContain('2 to adopt');

  const definition = rig.read('instances/servicenow/tickets.yaml');
  expect(parse(definition)).toMatchObject({ ...parse(first), configuration: { username: 'robot' } });
  for (const line of first.split('\n').filter((one) => one.includes('#'))) expect(definition).toContain(line.trim());

  await runAll(others, run);
  expect(parse(rig.read('instances/servicenow/tickets.yaml'))).toMatchObject(parse(joined));
  expect(rig.read('instances/closeio/crm.yaml')).toContain('prod: 1003');
  for (const { sandbox } of [stage, prod]) {
    expect(sandbox.instances().filter(({ tags }) => tags.some((tag) => tag.startsWith('connectorctl/')))).toHaveLength(
      2,
    );
  }
});

async function runAll(
  commands: readonly string[],
  run: (command: string) => Promise<string>,
): Promise<readonly string[]> {
  const said: string[] = [];
  for (const command of commands) said.push(await run(command));
  return said;
}
