// How the command line and the Action are bundled. Both are equal byte for byte wherever they are made.
import { Ajv2020 } from 'ajv/dist/2020.js';
import standalone from 'ajv/dist/standalone/index.js';
import { build, transform } from 'esbuild';
import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const standaloneCode = standalone.default;

export const root = path.join(path.dirname(fileURLToPath(import.meta.url)), '..');
export const actionFolder = '.github/actions/connectorctl';

const withRequire =
  "import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);";

const shared = (folder) => ({
  absWorkingDir: folder,
  bundle: true,
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  minifySyntax: true,
  minifyWhitespace: true,
  // The browser build of `yaml` does not ask process.env about every token; test/definition/yaml-builds.test.ts proves that both parse alike.
  // `jsonc-parser` says only to bundlers that ask for `module` where its ES modules are; its other build loads its parts at run time.
  alias: {
    yaml: path.join(folder, 'node_modules/yaml/browser/index.js'),
    'jsonc-parser': path.join(folder, 'node_modules/jsonc-parser/lib/esm/main.js'),
    'string-width': path.join(folder, '.ci/lazy-string-width.mjs'),
    undici: path.join(folder, '.ci/lazy-undici.mjs'),
    'js-yaml': path.join(folder, '.ci/never-run.cjs'),
    'parse-json': path.join(folder, '.ci/never-run.cjs'),
    'import-fresh': path.join(folder, '.ci/never-run.cjs'),
    typescript: path.join(folder, '.ci/never-run.cjs'),
  },
  // The names of modules stand in the bundle: they must not depend on where the packages really are.
  preserveSymlinks: true,
  legalComments: 'inline',
  plugins: [versionOnly(folder), compiledSchema(folder), madeHelp(), startsNoPrograms(folder)],
  metafile: true,
  write: false,
  logLevel: 'warning',
});

/**
 * The command line: a small entry, the help of all commands, and all else with one lazily loaded chunk per command; and the licences of what is in them.
 * Writes nothing. Answers texts by file name.
 * @param sourceMaps for a developer who follows a stack trace; never published
 */
export async function bundleCommandLine(folder = root, { sourceMaps = false } = {}) {
  const sourcemap = sourceMaps ? 'inline' : false;
  const options = { ...shared(folder), outdir: 'dist', sourcemap, sourcesContent: false };
  const plugins = [...options.plugins, loadedLater(['run.ts', 'find-help.ts', 'undici-parts.cjs'])];
  const [start, rest] = await Promise.all([
    build({
      ...options,
      ...commonJs,
      plugins,
      entryPoints: {
        main: 'src/cli/main.ts',
        'find-help': 'src/cli/find-help.ts',
        'undici-parts': '.ci/undici-parts.cjs',
      },
    }),
    build({ ...options, plugins, entryPoints: { run: 'src/cli/run.ts' }, splitting: true }),
  ]);
  const made = await Promise.all(rest.outputFiles.map((file) => toCommonJs(file, sourcemap)));
  // A map tells of one file.
  const chunks = sourceMaps ? made : putTogether(made);
  // Node.js starts modules of this kind some milliseconds sooner.
  const kind = ['package.json', '{ "type": "commonjs" }\n'];
  const files = start.outputFiles.map((file) => [path.basename(file.path), file.text]);
  const all = new Map([...files, ...chunks, kind, ['LICENSES.txt', licensesOf([start, rest], folder)]]);
  // Without the first line, a shell that starts the installed command takes it for a shell script.
  return all.set('main.js', `#!/usr/bin/env node\n${all.get('main.js')}`);
}

const commonJs = {
  format: 'cjs',
  // So that they become calls of `require` too.
  supported: { 'dynamic-import': false },
  // ES modules are strict, which esbuild says of some only.
  banner: { js: '"use strict";' },
};

/** What has a file of its own beside the one that needs it, so that it is loaded only then. */
function loadedLater(names) {
  return {
    name: 'loaded-later',
    setup: ({ onResolve }) => {
      onResolve({ filter: /^\.\/[a-z-]+\.(?:ts|cjs)$/ }, ({ path: file, kind }) => {
        const isLater = kind !== 'import-statement' && names.includes(path.basename(file));
        return isLater ? { path: file.replace(/\.\w+$/, '.js'), external: true } : undefined;
      });
    },
  };
}

/** What a chunk exports stands in one statement at its end. */
const exported = /(?<=^|[;}\n])export\{([^{}]*)\};(?=\s*(?:\/\/# sourceMappingURL=\S+\s*)?$)/;

/**
 * esbuild splits ES modules only. It would export each name by a function that is called whenever another chunk uses it, which takes a thirtieth of an apply:
 * the values are enough where nothing is exported that is only made when it is first asked for. No chunk imports one that imports it.
 */
async function toCommonJs({ path: file, text }, sourcemap) {
  const name = path.basename(file);
  const isMadeLater = text.includes('__esm({');
  const names = (isMadeLater ? undefined : exported.exec(text)?.[1].split(',')) ?? [];
  const values = names.map((one) => one.split(' as ').toReversed().join(':'));
  const source =
    names.length === 0 ? text : text.replace(exported, () => `module.exports={__esModule:!0,${values.join(',')}};`);
  const { code } = await transform(source, {
    ...commonJs,
    banner: commonJs.banner.js,
    platform: 'node',
    target: 'node20.19',
    define: { 'import.meta.dirname': '__dirname' },
    minifySyntax: true,
    minifyWhitespace: true,
    legalComments: 'inline',
    logOverride: { 'commonjs-variable-in-esm': 'silent' },
    sourcemap,
    sourcesContent: false,
    sourcefile: name,
  });
  return [name, code];
}

/** In characters. Larger ones would take longer to read where they are not needed. */
const smallChunk = 30_000;

/**
 * Puts the many small chunks that commands share into one file, as functions that are run when they are first asked for:
 * a plan takes seventy of them, and to find and to open a file takes Node.js a quarter of a millisecond. In parentheses, which tell V8 that they will
 * run: it would go through the text of each twice.
 */
function putTogether(chunks) {
  const small = new Map(chunks.filter(isSmall));
  const parts = [...small].map(
    ([name, text]) => `${JSON.stringify(`./${name}`)}: (function (module, exports, require) {\n${text}\n})`,
  );
  const askForPart = (text) =>
    text.replaceAll(/\brequire\("(\.\/chunk-\w+\.js)"\)/g, (call, name) =>
      small.has(name.slice(2)) ? `require("./parts.js")("${name}")` : call,
    );
  const rest = chunks.filter((chunk) => !isSmall(chunk)).map(([name, text]) => [name, askForPart(text)]);
  return [['parts.js', `"use strict";\nconst parts = {\n${parts.join(',\n')}\n};\n${askingForParts}`], ...rest];
}

function isSmall([name, text]) {
  return name.startsWith('chunk-') && text.length < smallChunk;
}

const askingForParts = `const loaded = new Map();
function ask(name) {
  if (!Object.hasOwn(parts, name)) return require(name);
  const known = loaded.get(name);
  if (known !== undefined) return known.exports;
  const module = { exports: {} };
  loaded.set(name, module);
  parts[name](module, module.exports, ask);
  return module.exports;
}
module.exports = ask;
`;

/** The Action: one file that needs nothing beside it, and the licences of what is in it. As above. */
export async function bundleAction(folder = root) {
  const result = await build({
    ...shared(folder),
    entryPoints: { index: 'src/action/main.ts' },
    outdir: 'action',
    outExtension: { '.js': '.mjs' },
    banner: { js: withRequire },
  });
  return toTexts(result, folder);
}

/** What other programs import, with its types. One source file without imports of ours, so that its types need no other file. */
export async function bundleLibrary(folder = root) {
  const [{ outputFiles }, types] = await Promise.all([
    // Not made smaller: people step into it.
    build({
      ...shared(folder),
      entryPoints: { events: librarySource },
      outdir: 'dist',
      outExtension: { '.js': '.mjs' },
      minifySyntax: false,
      minifyWhitespace: false,
    }),
    declareTypes(folder, librarySource),
  ]);
  return new Map([...outputFiles.map((file) => [path.basename(file.path), file.text]), ['events.d.mts', types]]);
}

const librarySource = 'src/events/events.ts';

async function declareTypes(folder, source) {
  const out = await mkdtemp(path.join(tmpdir(), 'connectorctl-types-'));
  const options =
    '--ignoreConfig --target es2023 --module nodenext --types node --strict --declaration --emitDeclarationOnly';
  try {
    const compiler = path.join(folder, 'node_modules/typescript/bin/tsc');
    const words = [compiler, ...options.split(' '), '--outDir', out, source];
    await promisify(execFile)(process.execPath, words, { cwd: folder });
    return await readFile(path.join(out, 'events.d.ts'), 'utf8');
  } finally {
    await rm(out, { recursive: true, force: true });
  }
}

function toTexts(result, folder) {
  const files = result.outputFiles.map((file) => [path.basename(file.path), file.text]);
  return new Map([...files, ['LICENSES.txt', licensesOf([result], folder)]]);
}

function licensesOf(results, folder) {
  const outputs = results.flatMap(({ metafile }) => Object.values(metafile.outputs));
  const inputs = outputs.flatMap((output) => Object.entries(output.inputs));
  const used = inputs.filter(([, { bytesInOutput }]) => bytesInOutput > 0).map(([file]) => file);
  return renderLicenses(folder, used);
}

/** Of package.json, the sources use the version only; the rest would change the bundle with each word in it. */
function versionOnly(folder) {
  return {
    name: 'version-only',
    setup: ({ onLoad }) => {
      onLoad({ filter: /[/\\]package\.json$/ }, ({ path: file }) => {
        if (file !== path.join(folder, 'package.json')) return undefined;
        const { version, repository } = JSON.parse(readFileSync(file, 'utf8'));
        return { contents: JSON.stringify({ version, repository }), loader: 'json' };
      });
    },
  };
}

/** Which schema each source compiles, and how. */
const compiledBy = {
  'check-schema.ts': { schema: 'instance', allErrors: true },
  'check-plan.ts': { schema: 'plan', allErrors: false },
};

/** Schemas are compiled here, each for the one source that does, so that no command has to load a compiler and to wait for it. */
function compiledSchema(folder) {
  const compiler = /^ajv\/dist\/2020\.js$/;
  return {
    name: 'compiled-schema',
    setup: ({ onLoad, onResolve }) => {
      onResolve({ filter: compiler }, ({ importer }) => {
        const source = path.basename(importer);
        if (!Object.hasOwn(compiledBy, source)) throw new Error(`${importer}: which schema does it compile?`);
        return { path: source, namespace: 'compiled-schema' };
      });
      onLoad({ filter: /.*/, namespace: 'compiled-schema' }, ({ path: source }) => {
        const { schema: name, allErrors } = compiledBy[source];
        const schema = JSON.parse(readFileSync(path.join(folder, `schema/${name}.schema.json`), 'utf8'));
        const ajv = new Ajv2020({
          allErrors,
          allowUnionTypes: true,
          allowMatchingProperties: true,
          code: { source: true },
        });
        const contents = `${standaloneCode(ajv, ajv.compile(schema))}
const compiled = module.exports; module.exports = { Ajv2020: class { compile() { return compiled; } } };`;
        return { contents, resolveDir: folder };
      });
    },
  };
}

/** Of the parser, whose other modules of Node.js are needed in any case. */
function startsNoPrograms(folder) {
  return {
    name: 'starts-no-programs',
    setup: ({ onResolve }) => {
      onResolve({ filter: /^node:child_process$/ }, ({ importer }) =>
        /[/\\]commander[/\\]/.test(importer) ? { path: path.join(folder, '.ci/lazy-child-process.cjs') } : undefined,
      );
    },
  };
}

/** The help of all commands is made here, so that to show it needs neither the parser nor them. */
function madeHelp() {
  return {
    name: 'made-help',
    setup: ({ onLoad }) => {
      onLoad({ filter: /[/\\]cli[/\\]help-pages\.ts$/ }, async () => {
        const { helpPages } = await loadSources("export { helpPages } from './src/cli/help-pages.ts';");
        return { contents: `export const helpPages = JSON.parse(${JSON.stringify(JSON.stringify(helpPages))});` };
      });
    },
  };
}

function renderLicenses(folder, inputs) {
  const found = inputs.flatMap((file) => {
    const [at, name] = /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(file) ?? [];
    return name === undefined ? [] : [[name, path.join(folder, at)]];
  });
  const packages = [...new Map(found)].toSorted(([left], [right]) => (left < right ? -1 : 1));
  return `The program beside this file holds parts of these packages.\n${packages.map(([name, at]) => renderLicense(name, at)).join('')}`;
}

function renderLicense(name, folder) {
  const { version, license } = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8'));
  const files = readdirSync(folder).filter((file) => /^licen[cs]e\b/i.test(file));
  if (files.length === 0) throw new Error(`${name} has no licence file`);
  const texts = files
    .toSorted()
    .map((file) => readFileSync(path.join(folder, file), 'utf8').replaceAll('\r\n', '\n').trim());
  return `\n${'='.repeat(80)}\n${name} ${version} (${license})\n\n${texts.join('\n\n')}\n`;
}

/** What a piece of TypeScript exports, bundled in memory: Node.js 20 cannot run it. Imports are relative to the root. */
export async function loadSources(contents) {
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: root, loader: 'ts' },
    bundle: true,
    format: 'esm',
    platform: 'node',
    write: false,
    logLevel: 'error',
    banner: {
      js: `import{createRequire as __createRequire}from'node:module';const require=__createRequire(${JSON.stringify(import.meta.url)});`,
    },
  });
  return import(`data:text/javascript;base64,${Buffer.from(outputFiles[0].text).toString('base64')}`);
}
