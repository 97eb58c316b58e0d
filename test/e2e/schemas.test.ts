import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { actions } from '../../src/model/plan.ts';
import { planCodes } from '../../src/report/plan/plan-codes.ts';
import { openRig, sandboxWorkspace } from '../support/rig.ts';
import { compileSchema, faultsOf, readSchema } from '../support/schemas.ts';
import { definitionOf } from '../support/world.ts';

const [output, plan] = [compileSchema('output'), compileSchema('plan')];
const env = { CONNECTORCTL_SECRET_PASSWORD: 'pa55 word' };

function expectDocument(stdout: string): Record<string, unknown> {
  const document: Record<string, unknown> = JSON.parse(stdout);
  expect(faultsOf(output, document)).toEqual([]);
  return document;
}

describe('the schema of --format json', () => {
  it('describes what every command prints, however it ends', async () => {
    const rig = openRig({
      'connectorctl.yaml': sandboxWorkspace,
      'instances/one.yaml': definitionOf('One'),
      'instances/two.yaml': definitionOf('Two'),
      'body.json': JSON.stringify({ element: { key: 'sharefile' }, name: 'Files', configuration: {} }),
    });
    const run = async (...words: readonly string[]) => {
      const { stdout } = await rig.run([...words, '--format', 'json'], { env });
      return expectDocument(stdout);
    };
    await run('validate');
    expect(await run('plan', '--out', 'plan.json', '--exclude', 'two')).toHaveProperty('plan.exclude');
    await run('apply', '--yes', '--record', 'runs.jsonl');
    await run('apply');
    await run('drift');
    expect(await run('doctor')).toHaveProperty('checks.0.name', 'node');
    expect(await run('status', '--ping')).toHaveProperty('instances.0.id');
    await run('history', 'runs.jsonl');
    await run('import', '--all');
    await run('convert', 'body.json');
    expect(await run('explain', 'hubspot')).toHaveProperty('connector.key');
    expect(await run('secrets', 'list')).toHaveProperty('secrets.0.name', 'PASSWORD');
    expect(await run('secrets', 'check')).toMatchObject({ environment: 'sandbox', exitCode: 0 });
    expect(await run('catalog', 'pull')).toHaveProperty('connectors');
    expect(await run('explain', '--list', 'crm')).toHaveProperty('connectors');
    rig.write('instances/one.yaml', definitionOf('One').replace('made', 'other'));
    await run('plan', '--detailed-exitcode');
    await run('apply', 'plan.json', '--yes');
    rig.write('instances/bad.yaml', 'conector: x\nname: <NAME>\n');
    expect(await run('validate')).toMatchObject({ exitCode: 3 });
    expect(await run('plan', '--no-such-flag')).toMatchObject({ exitCode: 3, error: { code: 'usage' } });
    expect(faultsOf(plan, JSON.parse(rig.read('plan.json')))).toEqual([]);
  });

  it('describes what init prints', async () => {
    const { stdout } = await openRig().run(['init', '--format', 'json'], {});
    expect(expectDocument(stdout)).toMatchObject({ command: 'init', exitCode: 0 });
  });

  it.each(['busy', 'small', 'empty'])('describes the plan %s that other tests print', (name) => {
    const printed = readFileSync(path.join(import.meta.dirname, `../golden/plan/${name}.json`), 'utf8');
    const envelope = { formatVersion: '1.0', command: 'plan', exitCode: 0, diagnostics: [], plan: JSON.parse(printed) };
    expect(faultsOf(output, envelope)).toEqual([]);
  });

  it('refuses a code that nobody knows, and words in a plan file', () => {
    const golden = readFileSync(path.join(import.meta.dirname, '../golden/plan/busy.json'), 'utf8');
    expect(faultsOf(plan, JSON.parse(golden))).not.toEqual([]);
    const wrong = JSON.parse(golden.replaceAll(/"code": "[a-z-]+"/g, '"code": "no-such-code"'));
    const envelope = { formatVersion: '1.0', command: 'plan', exitCode: 0, diagnostics: [], plan: wrong };
    expect(faultsOf(output, envelope)).not.toEqual([]);
  });
});

describe('the lists in both schemas', () => {
  it.each(['output', 'plan'] as const)('are those of the code: %s', (name) => {
    const schema = JSON.stringify(readSchema(name));
    expect(schema).toContain(`"enum":${JSON.stringify(actions)}`);
    for (const kind of ['reason', 'note', 'risk', 'meaning', 'remark'] as const) {
      const codes = planCodes.filter((one) => one.kind === kind).map(({ code }) => code);
      expect(schema).toContain(`"enum":${JSON.stringify(codes)}`);
    }
  });
});
