import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { contextOf } from '../../src/cli/invocation.ts';
import { quoteWord } from '../../src/model/shell-word.ts';
import { type CommandContext, commandsAbout, completeHint, renderApplyCommand } from '../../src/report/next-step.ts';
import { describeNote } from '../../src/report/plan/change-words.ts';
import { describeNextStep } from '../../src/report/plan/reason-words.ts';
import { describeFailure } from '../../src/report/result/failure-words.ts';
import { anyFoundFailure } from '../support/failures.ts';
import { everyNote, everyReason } from '../support/plan-codes.ts';
import { aChange, aPlan } from '../support/plans.ts';
import { openWholeProgram } from '../support/whole-program.ts';

const alone = new Set(['init', 'convert', 'history', 'sandbox', 'help']);

/** What the real parser makes of a command line; throws where it refuses it. */
async function parse(
  words: readonly string[],
): Promise<{ readonly verb: string; readonly flags: Record<string, unknown> }> {
  const given: { verb: string; flags: Record<string, unknown> }[] = [];
  const { program } = await openWholeProgram();
  for (const command of program.commands) {
    command.action(() => {
      given.push({ verb: command.name(), flags: command.optsWithGlobals() });
    });
  }
  const [name, ...rest] = words;
  expect(name).toBe('connectorctl');
  if (rest.includes('--help')) return { verb: 'help', flags: {} };
  await program.parseAsync(rest, { from: 'user' });
  const [first] = given;
  if (first === undefined) throw new Error(`not a command: ${words.join(' ')}`);
  return first;
}

/** The words that a real shell makes of a line. */
function splitByShell(line: string): readonly string[] {
  const text = execFileSync('bash', ['-c', `printf '%s\\0' ${line}`], { encoding: 'utf8' });
  return text.split('\0').slice(0, -1);
}

function commandsIn(hint: string): readonly string[] {
  return hint.split('\n').flatMap((line) => /^(?:.*: +)?\s*((?:npx )?connectorctl .*)$/.exec(line)?.[1] ?? []);
}

/** All commands that stand in a text of the sources, with a sample for what is filled in. */
function commandsInSources(): readonly (readonly [file: string, command: string, lead: string])[] {
  const root = join(import.meta.dirname, '../../src');
  const verbs = ['plan', 'apply', 'drift', 'import', 'validate', 'init', 'convert', 'history', 'sandbox'];
  const pattern = new RegExp(String.raw`connectorctl ((?:${verbs.join('|')})\b(?![:<]| of | [(])[^'"\`\n\\]*)`, 'g');
  return readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !file.startsWith('operation/init'))
    .flatMap((file) => {
      const code = readFileSync(join(root, file), 'utf8')
        .split('\n')
        .filter((line) => !/^\s*(?:\*|\/\*|\/\/)/.test(line) && /['"`].*connectorctl /.test(line))
        .join('\n')
        .replaceAll(/\$\{[^}]*\}/g, 'SAMPLE');
      return [...code.matchAll(pattern)].flatMap(({ index, 1: found = '' }) => {
        const lead = code.slice(Math.max(0, index - 40), index);
        // A heading names the command that was given.
        if (lead.endsWith('# ')) return [];
        return [[file, `connectorctl ${found.trim()}`, lead] as const];
      });
    });
}

const production: CommandContext = { environment: 'production', config: 'other place/connectorctl.yaml' };

describe('every command in a text of the sources', () => {
  const found = commandsInSources();

  it('is found', () => {
    expect(found.length).toBeGreaterThan(25);
  });

  it.each(found)(
    'in %s stands where it is completed, alone on its line or behind a colon: %s',
    (_file, _command, lead) => {
      expect(lead).toMatch(/(?:['"`] *|\\n *|: +)$/);
    },
  );

  it.each(found)('in %s is one that the parser takes: %s', async (_, command) => {
    const { verb, flags } = await parse(splitByShell(completeHint(command, production)));
    if (alone.has(verb)) return;
    expect(flags).toMatchObject(
      / --env /.test(command) ? {} : { env: 'production', config: 'other place/connectorctl.yaml' },
    );
  });
});

describe('every next step', () => {
  const words = [
    ...everyReason().map(
      (reason) => [reason.code, describeNextStep({ key: "it's $HOME", reason }, production)] as const,
    ),
    ...everyNote().map((note) => [note.code, describeNote(note, { key: 'a b' }, production)] as const),
    ...fc
      .sample(anyFoundFailure, { numRuns: 200, seed: 1 })
      .map((failure) => [failure.code, describeFailure(failure, production).hint] as const),
    ['worded', describeFailure({ code: 'http-500', message: 'It failed.' }, production).hint] as const,
  ].flatMap(([code, hint]) => commandsIn(hint ?? '').map((command) => [code, command] as const));
  const once = [...new Map(words.map((one) => [one.join(), one])).values()];

  it('is found', () => {
    expect(words.length).toBeGreaterThan(10);
  });

  it.each(once)('of %s works in the environment that it is about: %s', async (_, command) => {
    expect((await parse(splitByShell(command))).flags).toMatchObject({
      env: 'production',
      config: 'other place/connectorctl.yaml',
    });
  });
});

describe('a command of a next step', () => {
  it('takes along what was given, each option once', () => {
    const context = contextOf({ env: 'eu', config: 'c.yaml', only: ['a b', 'c/*'], prune: true }, { env: {} });
    expect(completeHint('Do it:\n  connectorctl apply', context)).toBe(
      "Do it:\n  connectorctl apply --env eu --config c.yaml --prune --only 'a b' 'c/*'",
    );
    expect(completeHint('connectorctl apply --only x', context)).toBe(
      'connectorctl apply --env eu --config c.yaml --only x',
    );
    expect(completeHint('connectorctl apply --env other', context)).toContain('apply --config c.yaml');
    expect(completeHint('connectorctl drift', context)).toBe(
      "connectorctl drift --env eu --config c.yaml --only 'a b' 'c/*'",
    );
    expect(completeHint('connectorctl import --all', context)).toBe(
      'connectorctl import --env eu --config c.yaml --all',
    );
    expect(completeHint('connectorctl init', context)).toBe('connectorctl init');
  });

  it('names the plan file, which holds the selection', () => {
    const context = contextOf({ env: 'eu', only: ['a'] }, { env: {} }, 'my plan.json');
    expect(completeHint('connectorctl apply', context)).toBe("connectorctl apply 'my plan.json' --env eu");
    expect(completeHint('connectorctl plan', context)).toBe("connectorctl plan --env eu --out 'my plan.json' --only a");
    expect(
      renderApplyCommand(aPlan([aChange({ key: 'a', action: 'create' })], { only: ['a'] }), { planFile: 'p.json' }),
    ).toBe('connectorctl apply p.json --env production');
  });

  it('is the whole same run where it was only held up', () => {
    const flags = {
      record: 'runs/a.jsonl',
      verify: false,
      concurrency: 4,
      lockTimeout: 30_000,
      deleteDuplicate: ['7'],
    };
    const context = contextOf(flags, { env: {} });
    expect(completeHint('connectorctl apply --yes', context)).toBe(
      'connectorctl apply --delete-duplicate 7 --record runs/a.jsonl --no-verify --concurrency 4 --lock-timeout 30s --yes',
    );
    expect(completeHint('connectorctl apply', context)).toBe('connectorctl apply');
    expect(completeHint('connectorctl apply --lock-timeout 5m', context)).not.toContain('30s');
  });

  it('begins as the program was started', () => {
    const context = contextOf({}, { env: { npm_command: 'exec' } });
    expect(completeHint('See:\nconnectorctl init', context)).toBe('See:\nnpx connectorctl init');
  });

  it('is about the environment of the plan, whichever was asked for', () => {
    const plan = aPlan([aChange({ key: 'a', action: 'create' })], { exclude: ['b'] });
    expect(completeHint('connectorctl plan', commandsAbout(plan, { environment: 'other' }))).toBe(
      'connectorctl plan --env production --exclude b',
    );
  });

  it('leaves prose alone', () => {
    const text = 'This version of connectorctl knows no plan.\nThe tags of connectorctl apply to it.';
    expect(completeHint(text, production)).toBe(text);
  });

  it.each([
    'a b',
    '$HOME',
    "it's",
    '`id`',
    '!x',
    '*',
    '~',
    'a\nb',
    'tab\there',
    'back\\slash',
    '\u001b[31m',
    'ü "q"',
    '\u202eab',
    '\u{e0041}',
    '##[group]x',
  ])('quotes %j so that a shell takes it as one word', (word) => {
    expect(splitByShell(quoteWord(word))).toEqual([word]);
    expect(quoteWord(word)).not.toMatch(/[\p{Cc}\p{Cf}]|##\[/u);
  });
});

describe('a command of two words', () => {
  it.each([
    ['connectorctl secrets check', 'connectorctl secrets check --env prod'],
    ['See: connectorctl catalog pull sfdc', 'See: connectorctl catalog pull --env prod sfdc'],
    ['connectorctl events listen', 'connectorctl events listen'],
    ['connectorctl plan', 'connectorctl plan --env prod'],
  ])('keeps them together: %s', (hint, complete) => {
    expect(completeHint(hint, { environment: 'prod' })).toBe(complete);
  });
});
