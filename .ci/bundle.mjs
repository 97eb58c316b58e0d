// How the command line and the Action are bundled. Both bundles are equal byte for byte wherever they are made.
import { build } from 'esbuild';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = path.join(path.dirname(fileURLToPath(import.meta.url)), '..');
export const actionFolder = '.github/actions/connectorctl';

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
  },
  // The names of modules stand in the bundle: they must not depend on where the packages really are.
  preserveSymlinks: true,
  banner: {
    js: "import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);",
  },
  logLevel: 'warning',
});

/** One small entry, one lazily loaded chunk per command. */
export function buildCommandLine(folder = root) {
  return build({
    ...shared(folder),
    entryPoints: { main: 'src/cli/main.ts' },
    outdir: 'dist',
    splitting: true,
    legalComments: 'linked',
    sourcemap: 'linked',
    sourcesContent: false,
  });
}

/**
 * The Action: one file that needs nothing beside it, and the licences of what is in it. Writes nothing.
 * Answers texts by file name.
 */
export async function bundleAction(folder = root) {
  const { outputFiles, metafile } = await build({
    ...shared(folder),
    entryPoints: ['src/action/main.ts'],
    outfile: 'index.mjs',
    legalComments: 'inline',
    metafile: true,
    write: false,
  });
  const [bundle] = outputFiles;
  return new Map([
    ['index.mjs', bundle.text],
    ['LICENSES.txt', renderLicenses(folder, Object.keys(metafile.inputs))],
  ]);
}

function renderLicenses(folder, inputs) {
  const found = inputs.flatMap((file) => {
    const [at, name] = /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(file) ?? [];
    return name === undefined ? [] : [[name, path.join(folder, at)]];
  });
  const packages = [...new Map(found)].toSorted(([left], [right]) => (left < right ? -1 : 1));
  return `index.mjs holds parts of these packages.\n${packages.map(([name, at]) => renderLicense(name, at)).join('')}`;
}

function renderLicense(name, folder) {
  const { version, license } = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8'));
  const file = ['LICENSE', 'LICENSE.md', 'LICENSE.txt', 'license']
    .map((one) => path.join(folder, one))
    .find(existsSync);
  if (file === undefined) throw new Error(`${name} has no licence file`);
  const text = readFileSync(file, 'utf8').replaceAll('\r\n', '\n').trim();
  return `\n${'='.repeat(80)}\n${name} ${version} (${license})\n\n${text}\n`;
}
