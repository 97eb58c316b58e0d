import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { readInputs } from '../../src/action/inputs.ts';

const manifest: { readonly inputs: Readonly<Record<string, { readonly default: string }>> } = parse(
  readFileSync(path.join(import.meta.dirname, '../../.github/actions/connectorctl/action.yml'), 'utf8'),
);

/** Variables as a runner makes them from the inputs of a step. */
function variables(inputs: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(inputs).map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value]));
}

function decode(inputs: Readonly<Record<string, string>>): object | readonly string[] {
  const read = readInputs(variables(inputs));
  return read.ok ? read.value : read.diagnostics.map(({ detail, hint }) => `${detail} ${hint}`);
}

describe('the inputs', () => {
  it('are those of action.yml, with its defaults', () => {
    const { inputs } = manifest;
    const given = Object.fromEntries(Object.entries(inputs).map(([name, input]) => [name, input.default]));
    expect(decode({ ...given, token: '' })).toEqual({
      workingDirectory: '.',
      comment: true,
      allowReplace: false,
      acceptDrift: 'off',
      requireReview: true,
      strict: false,
      withholdSecrets: false,
    });
    // A name that the decoder does not know would be refused with a guess at it, a missing one would leave a default out.
    const misspelt = Object.keys(inputs).map((name) => [`${name}s`, 'x']);
    const mistakes = decode(Object.fromEntries(misspelt));
    for (const name of Object.keys(inputs))
      expect(mistakes).toContain(`The Action has no input \`${name}s\`. Did you mean \`${name}\`?`);
  });

  it('keep the dashes of their names, as a runner does', () => {
    expect(
      decode({
        command: 'apply',
        environment: 'production',
        'working-directory': 'apps/crm',
        config: 'ctl.yaml',
        comment: 'false',
        only: 'one, folder/two\n three \n',
        exclude: 'folder/*\n',
        prune: 'TRUE',
        'allow-replace': 'True',
        resend: 'true',
        concurrency: '256',
        'accept-drift': 'pull-request',
        'require-review': 'false',
        'comment-author': 'my-app[bot]',
        strict: 'true',
        'withhold-secrets': 'true',
      }),
    ).toEqual({
      command: 'apply',
      environment: 'production',
      workingDirectory: 'apps/crm',
      config: 'ctl.yaml',
      comment: false,
      only: ['one', 'folder/two', 'three'],
      exclude: ['folder/*'],
      prune: true,
      allowReplace: true,
      resend: [],
      concurrency: 256,
      acceptDrift: 'pull-request',
      requireReview: false,
      strict: true,
      withholdSecrets: true,
      commentAuthor: 'my-app[bot]',
    });
  });

  it('are refused all at once', () => {
    const mistakes = decode({ command: 'destroy', prune: 'yes', concurrency: '0', only: ',', onli: 'one' });
    expect(mistakes).toEqual([
      'The Action has no input `onli`. Did you mean `only`?',
      'The input `command` cannot be used. It must be one of `plan`, `apply`, `drift`, `validate`, `authorize`. Correct `command` under `with:` in the workflow.',
      expect.stringContaining('`only` cannot be used. It contains only commas.'),
      expect.stringContaining('`prune` cannot be used.'),
      expect.stringContaining('`concurrency` cannot be used. It must be a whole number from 1 to 256.'),
    ]);
  });

  it('do not mind variables that look like inputs and are near to none', () => {
    expect(decode({ somethingelseentirely: 'x' })).toMatchObject({ comment: true });
  });

  it('hold the token as a secret', () => {
    const read = readInputs({ INPUT_TOKEN: 'ghs_canary' });
    expect(JSON.stringify(read)).not.toContain('canary');
    expect(read).toMatchObject({ ok: true });
  });
});
