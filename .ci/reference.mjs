// The pages of all commands and of all keys of both file formats, made from the program and from the schemas. `--check` fails when one is out of date.
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { loadSources, root } from './bundle.mjs';

const { buildProgram, findSynonym, knownWords } = await loadSources(`
  export { buildProgram } from './src/cli/program.ts';
  export { findSynonym, knownWords } from './src/cli/synonyms.ts';
`);

const typeWords = {
  object: 'mapping',
  array: 'list',
  string: 'text',
  integer: 'whole number',
  boolean: 'true or false',
};

for (const [name, text] of [
  ['commands.md', await renderCommands()],
  ['files.md', renderFiles()],
]) {
  const file = path.join(root, '.github/docs', name);
  if (!process.argv.includes('--check')) writeFileSync(file, text);
  else if (readFileSync(file, 'utf8') !== text) {
    process.stderr.write(`${path.relative(root, file)} is not what the sources say. Run: npm run reference\n`);
    process.exitCode = 1;
  }
}

/** The help of every command, as the program prints it on 80 columns. */
async function renderCommands() {
  const written = [];
  const output = { write: (text) => void written.push(text), screen: undefined };
  const host = { cwd: '/', env: {}, stdout: output, stderr: output };
  const { root: program, declare } = buildProgram({
    argv: [],
    host,
    finish: () => {},
    usageError: () => {},
    understood: () => {},
  });
  await declare();
  const helpOf = (command) => {
    written.length = 0;
    // They stand once, with the program itself.
    command.configureHelp({ showGlobalOptions: false });
    command.outputHelp();
    return written.join('').trimEnd();
  };
  const sections = list(program).map(({ name, command }) => `## ${name}\n\n\`\`\`text\n${helpOf(command)}\n\`\`\`\n`);
  return `# Commands

Every command with its options, as \`--help\` prints it. Options of the first section go with every command. Made by \`npm run reference\`; a test holds the page to the program.

${sections.join('\n')}
## Words of other tools

What people type who come from elsewhere, and what it is called here. The program answers with it and runs nothing.

| typed | answer |
| --- | --- |
${knownWords.command.map((word) => row(word, findSynonym('command', word))).join('')}${knownWords.option
    .map((word) => row(word.length === 1 ? `-${word}` : `--${word}`, findSynonym('option', word)))
    .join('')}`;
}

function list(command, name = command.name()) {
  return [{ name, command }, ...command.commands.flatMap((one) => list(one, `${name} ${one.name()}`))];
}

function row(word, answer) {
  const [say, ...commands] = answer.split('\n');
  return `| \`${word}\` | ${cell([say, ...commands.map((one) => `\`${one}\``)].join(' '))} |\n`;
}

function cell(text) {
  return text.replaceAll('|', String.raw`\|`).replaceAll('\n', ' ');
}

function readSchema(name) {
  return JSON.parse(readFileSync(path.join(root, `schema/${name}.schema.json`), 'utf8'));
}

/** Every key of the workspace file and of a definition. */
function renderFiles() {
  const workspace = readSchema('workspace');
  const definition = readSchema('instance');
  return `# Files

Every key of both file formats. Made from the schemas by \`npm run reference\`; a test holds the page to them. The schemas are what editors complete and check by; \`connectorctl init --editor\` sets them up.

## connectorctl.yaml

${workspace.description}

${table(workspace)}
Rules and what they find are on the [page of rules](../rules.md).

## instances/**/*.yaml

${definition.description}

${table(definition)}`;
}

function table(schema) {
  const rows = keysOf(schema, schema).map(
    ({ key, required, node }) =>
      `| \`${key}\`${required ? ' (required)' : ''} | ${cell(describeValue(node, schema))} | ${cell(node.description ?? node.title ?? '')} |\n`,
  );
  return `| key | value | what it is |\n| --- | --- | --- |\n${rows.join('')}`;
}

/** All keys, with those below them; \`NAME\` stands for a name that the user chooses. */
function keysOf(node, schema, lead = '', depth = 0) {
  const { properties = {}, additionalProperties, required = [] } = node;
  const own = Object.entries(properties).flatMap(([name, found]) => {
    const one = resolve(found, schema);
    const key = lead + (/^[\w$-]+$/.test(name) ? name : `"${name}"`);
    // Those of an override are those of the definition.
    const below =
      name === 'rules' || key === 'overrides.NAME.configuration' || depth > 4
        ? []
        : keysOf(one, schema, `${key}.`, depth + 1);
    return [{ key, required: required.includes(name), node: one }].concat(below);
  });
  const any = typeof additionalProperties === 'object' ? resolve(additionalProperties, schema) : undefined;
  if (any === undefined || any.properties === undefined || depth > 4) return own;
  return [...own, ...keysOf(any, schema, `${lead}NAME.`, depth + 1)];
}

/** A node with what it refers to; what stands beside the reference counts first. */
function resolve(node, schema) {
  if (node.$ref === undefined) return node;
  const at = node.$ref.replace(/^#\//, '').split('/');
  const { $ref: _, ...own } = node;
  return {
    ...resolve(
      at.reduce((found, part) => found[part], schema),
      schema,
    ),
    ...own,
  };
}

function describeValue(node, schema) {
  const { default: fallback, examples = [] } = node;
  const said = describeType(node, schema);
  return [
    said,
    ...(fallback === undefined ? [] : [`default \`${JSON.stringify(fallback)}\``]),
    ...(examples.length === 0
      ? []
      : [`such as \`${typeof examples[0] === 'string' ? examples[0] : JSON.stringify(examples[0])}\``]),
  ]
    .filter((part) => part !== '')
    .join('; ');
}

function describeType(node, schema) {
  if (node.const !== undefined) return `\`${JSON.stringify(node.const)}\``;
  if (node.enum !== undefined) return node.enum.map((value) => `\`${value}\``).join(', ');
  const choices = node.anyOf ?? node.oneOf;
  if (choices !== undefined) {
    const all = choices.map((one) => describeType(resolve(one, schema), schema)).filter((text) => text !== '');
    return [...new Set(all)].join(' or ');
  }
  const types = [node.type ?? []].flat().filter((type) => type !== 'null');
  const of = node.items === undefined ? '' : describeType(resolve(node.items, schema), schema);
  return types
    .map((type) => (type === 'array' && of !== '' ? `list of ${of}` : (typeWords[type] ?? type)))
    .join(' or ');
}
