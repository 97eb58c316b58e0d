// Bundles the command line and the Action. `command-line`: the former only, which leaves no trace in what git follows.
import { mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { actionFolder, buildCommandLine, bundleAction, root } from './bundle.mjs';

await rm(path.join(root, 'dist'), { recursive: true, force: true });
await buildCommandLine();

if (process.argv[2] !== 'command-line') {
  const folder = path.join(root, actionFolder);
  await mkdir(folder, { recursive: true });
  for (const [name, text] of await bundleAction()) await writeFile(path.join(folder, name), text);
}
