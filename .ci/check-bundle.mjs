// Fails when the checked-in bundle of the Action is not what its sources give.
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { actionFolder, bundleAction, root } from './bundle.mjs';

const stale = [...(await bundleAction())].filter(([name, text]) => {
  const file = path.join(root, actionFolder, name);
  return !existsSync(file) || readFileSync(file, 'utf8') !== text;
});
if (stale.length > 0) {
  process.stderr.write(
    `${stale.map(([name]) => `${actionFolder}/${name}`).join(' and ')} not up to date. Run: npm run build\n`,
  );
  process.exitCode = 1;
}
