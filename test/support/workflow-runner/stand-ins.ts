import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { onTestFinished } from 'vitest';

const installed = path.join(import.meta.dirname, '../../../node_modules');

/** Programs that stand in for those that would ask somebody else's server. */
export interface StandIns {
  /** Folder of the programs, for the front of the PATH. */
  readonly folder: string;
  /** What was asked of them and not carried out, in turn. */
  readonly asked: () => readonly string[];
}

/** What a build of given sources came to, for the time of this process. */
const builds = mkdtempSync(path.join(tmpdir(), 'connectorctl-builds-'));
process.once('exit', () => rmSync(builds, { recursive: true, force: true }));

/**
 * `npm ci` links the packages that are installed here to where npm itself says that it would put them, and insists on a lock file.
 * `npm run build` builds what was not built before from the very same files, and hands out what came of it else.
 * `npm publish`, `npm run check` and `gh` write down what they were told; `gh release` keeps files and gives them back.
 * All else is done by the real npm.
 */
export function openStandIns(): StandIns {
  const folder = mkdtempSync(path.join(tmpdir(), 'connectorctl-tools-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const npm = execFileSync('sh', ['-c', 'command -v npm'], { encoding: 'utf8' }).trim();
  const [log, store] = [path.join(folder, 'asked'), path.join(folder, 'store')];
  mkdirSync(store);
  writeFileSync(log, '');
  write(folder, 'npm', renderNpm(npm, log));
  write(folder, 'gh', renderGh(log, store));
  return {
    folder,
    asked: () =>
      readFileSync(log, 'utf8')
        .split('\n')
        .filter((line) => line !== ''),
  };
}

function write(folder: string, name: string, script: string): void {
  const file = path.join(folder, name);
  writeFileSync(file, `#!/usr/bin/env bash\nset -euo pipefail\n${script}`);
  chmodSync(file, 0o755);
}

const renderNpm = (npm: string, log: string): string => `
case "$*" in
  ci|ci\\ *)
    root=$(${npm} root "\${@:2}")
    test -f "$(dirname "$root")/package-lock.json"
    ln -s ${installed} "$root";;
  'run build'|'run --prefix '*' build')
    place=.
    if [[ $2 == --prefix ]]; then place=$3; fi
    sources=$(cd "$place" && find package.json package-lock.json .npmrc src schema .ci -type f -print0 2>/dev/null | sort -z | xargs -0 sha256sum | sha256sum | cut -c-64)
    made=${builds}/$sources
    if [[ -d $made ]]; then cp -R "$made/." "$place"; else
      ${npm} "$@"
      mkdir "$made.part"
      (cd "$place" && cp -R --parents dist .github/actions/connectorctl/index.mjs .github/actions/connectorctl/LICENSES.txt "$made.part")
      mv "$made.part" "$made"
    fi;;
  publish\\ *|'run check') echo "npm $*" >> ${log};;
  *) exec ${npm} "$@";;
esac
`;

const renderGh = (log: string, store: string): string => `
echo "gh $*" >> ${log}
case "$1 $2" in
  'release create') for word in "$@"; do if test -f "$word"; then cp "$word" ${store}; fi; done;;
  'release download') cp ${store}/* .;;
  *) exit 1;;
esac
`;
