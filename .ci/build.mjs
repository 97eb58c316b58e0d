// Bundles the command line into dist/ and the Action beside its action.yml. git follows neither.
// `--source-maps`: with maps of the command line, for stack traces that name the sources (node --enable-source-maps dist/main.js).
import { chmod, mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { actionFolder, bundleAction, bundleCommandLine, bundleLibrary, root } from './bundle.mjs';

const sourceMaps = process.argv.includes('--source-maps');
const dist = path.join(root, 'dist');
const [commandLine, action, library] = await Promise.all([
  bundleCommandLine(root, { sourceMaps }),
  bundleAction(),
  bundleLibrary(),
]);
await rm(dist, { recursive: true, force: true });
await writeAll(dist, commandLine);
await writeAll(dist, library);
await writeAll(path.join(root, actionFolder), action);
await chmod(path.join(dist, 'main.js'), 0o755);

async function writeAll(folder, texts) {
  await mkdir(folder, { recursive: true });
  await Promise.all([...texts].map(([name, text]) => writeFile(path.join(folder, name), text)));
}
