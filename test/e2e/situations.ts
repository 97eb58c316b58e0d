import { type WorldOptions, definitionOf, refusing } from '../support/world.ts';

/** What a command meets, and the exit code it has to end with, whatever the format. */
export interface Situation extends WorldOptions {
  readonly name: string;
  /** Without `--format`. */
  readonly words: readonly string[];
  readonly code: number;
  /** Fewer formats than the command knows, where another situation ends in the same way in all of them. */
  readonly formats?: readonly string[];
  /** Changes to an environment in which everything is set; undefined takes a variable away. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Names of instances that somebody else made. */
  readonly strangers?: readonly string[];
}

const formatsByCommand: Readonly<Record<string, readonly string[]>> = {
  validate: ['text', 'json', 'github', 'sarif', 'junit'],
  plan: ['text', 'json', 'markdown'],
  apply: ['text', 'json', 'markdown'],
  convert: ['text', 'json'],
};

/** The formats in which a situation is looked at: all that its command knows, unless it says otherwise. */
export function formatsOf({
  words: [command = ''],
  formats = formatsByCommand[command],
}: Situation): readonly string[] {
  return formats ?? ['text', 'json'];
}

const unknownField = { 'instances/one.yaml': `${definitionOf('One')}colour: red\n` };
const brokenYaml = { 'instances/one.yaml': 'connector: [actessentials\nname: One\n' };
const otherEnvironment = Object.fromEntries(
  ['one', 'two', 'three'].map((name) => [`instances/${name}.yaml`, `${definitionOf(name)}environments: [other]\n`]),
);
const noWorkspace = { 'connectorctl.yaml': undefined };
const twoEnvironments = (words: string) => `version: 1
workspace: acme
environments:
  test: { ${words} }
  other: { platform: sandbox }
`;
const elsewhere = { 'connectorctl.yaml': twoEnvironments('baseUrl: https://platform.example.net') };
const noPassword = { CONNECTORCTL_SECRET_PASSWORD: undefined };
const noCredentials = { CONNECTORCTL_USER_SECRET: undefined, CONNECTORCTL_ORGANIZATION_SECRET: undefined };
const wrongCredentials = { CONNECTORCTL_USER_SECRET: 'wrong' };
const body = { 'body.json': JSON.stringify({ element: { key: 'actessentials' }, name: 'One', configuration: {} }) };

/** Whatever is wrong with the files ends every command that reads them alike. */
const invalidFiles = (command: string): readonly Situation[] => [
  { name: 'an unknown field', words: [command], files: unknownField, code: 3 },
  { name: 'broken YAML', words: [command], files: brokenYaml, code: 3 },
  { name: 'no workspace file', words: [command], files: noWorkspace, code: 3 },
  { name: 'an unset secret', words: [command], env: noPassword, code: command === 'validate' ? 3 : 6 },
];

const few = ['text', 'json'];

const validate: readonly Situation[] = [
  ...invalidFiles('validate'),
  { name: 'sound files', words: ['validate'], code: 0 },
  { name: 'no secrets asked for', words: ['validate', '--no-secrets'], env: noPassword, formats: few, code: 0 },
  { name: 'an unknown environment', words: ['validate', '--env', 'tset'], formats: few, code: 3 },
  { name: 'a named file that is not there', words: ['validate', 'instances/four.yaml'], formats: few, code: 3 },
  {
    name: 'a named workspace file that is not there',
    words: ['validate', '--config', 'other.yaml'],
    formats: few,
    code: 3,
  },
];

const plan: readonly Situation[] = [
  ...invalidFiles('plan'),
  { name: 'changes', words: ['plan'], code: 0 },
  { name: 'changes, asked for in detail', words: ['plan', '--detailed-exitcode'], code: 2 },
  {
    name: 'nothing to do, asked for in detail',
    words: ['plan', '--detailed-exitcode'],
    files: otherEnvironment,
    code: 0,
  },
  { name: 'an instance that somebody else made', words: ['plan', '--detailed-exitcode'], strangers: ['Two'], code: 6 },
  { name: 'a key that there is not', words: ['plan', '--only', 'four'], code: 3 },
  { name: 'no credentials', words: ['plan'], env: noCredentials, code: 3 },
  {
    name: 'credentials that cannot stand in a header',
    words: ['plan'],
    env: { CONNECTORCTL_USER_SECRET: 'a\nb' },
    code: 3,
  },
  { name: 'an unknown host', words: ['plan', '--env', 'test'], files: elsewhere, code: 3 },
  { name: 'wrong credentials', words: ['plan'], env: wrongCredentials, code: 1 },
  {
    name: 'a platform that refuses to list',
    words: ['plan'],
    before: () => ({ status: 403, json: { message: 'No privilege' } }),
    code: 1,
  },
  {
    name: 'a platform that answers with a page',
    words: ['plan'],
    before: () => ({ body: '<html><title>Welcome</title></html>' }),
    code: 1,
  },
  { name: 'a folder in the place of a plan', words: ['plan', '--out', 'instances'], code: 3 },
  {
    name: 'a place where the plan cannot be written',
    words: ['plan', '--out', 'connectorctl.yaml/plan.json'],
    code: 1,
  },
];

const apply: readonly Situation[] = [
  ...invalidFiles('apply').slice(1, 3),
  { name: 'changes', words: ['apply', '--yes'], code: 0 },
  { name: 'nothing to do, and nobody to ask', words: ['apply'], files: otherEnvironment, code: 0 },
  { name: 'changes, and nobody to ask', words: ['apply'], code: 6 },
  { name: 'one of three refused', words: ['apply', '--yes'], before: refusing('Two'), code: 5 },
  { name: 'all refused', words: ['apply', '--yes'], before: refusing('One', 'Two', 'Three'), code: 1 },
  { name: 'an instance that somebody else made', words: ['apply', '--yes'], strangers: ['Two'], code: 6 },
  {
    name: 'only instances that somebody else made',
    words: ['apply', '--yes'],
    strangers: ['One', 'Two', 'Three'],
    code: 6,
  },
  { name: 'wrong credentials', words: ['apply', '--yes'], env: wrongCredentials, code: 1 },
];

const convert: readonly Situation[] = [
  { name: 'a body', words: ['convert', 'body.json'], files: body, code: 0 },
  { name: 'a body, to a folder', words: ['convert', 'body.json', '--out', 'made'], files: body, code: 0 },
  { name: 'a body that is no JSON', words: ['convert', 'body.json'], files: { 'body.json': '{ "element": ' }, code: 3 },
  { name: 'a body that is not there', words: ['convert', 'body.json'], code: 3 },
  {
    name: 'a definition that is there already',
    words: ['convert', 'body.json', '--out', 'made'],
    files: { ...body, 'made/actessentials/one.yaml': 'mine\n' },
    code: 6,
  },
];

const usage: readonly Situation[] = [
  { name: 'an unknown flag', words: ['plan', '--detailed-exit'], code: 3 },
  { name: 'an unknown command', words: ['plam'], code: 3 },
  { name: 'a number that is none', words: ['apply', '--concurrency', 'many'], code: 3 },
  { name: 'an argument too many', words: ['plan', 'this'], code: 3 },
  { name: 'an argument too few', words: ['convert'], code: 3 },
  { name: 'a flag without its value', words: ['plan', '--env'], code: 3 },
];

export const situations: readonly Situation[] = [...validate, ...plan, ...apply, ...convert, ...usage];
