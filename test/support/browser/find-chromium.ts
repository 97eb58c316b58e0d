import { execFileSync } from 'node:child_process';

/** A browser for tests, or why there is none, as a sentence. */
export type FoundChromium = { readonly program: string } | { readonly missing: string };

const names = ['chromium', 'chromium-browser', 'google-chrome'];

/** Looks for a browser on this machine: `CHROMIUM` names it, or `.ci/browser.sh` has installed Debian's. */
export function findChromium(): FoundChromium {
  const { CHROMIUM: named = '' } = process.env;
  if (named !== '') return { program: named };
  for (const name of names) {
    try {
      return { program: execFileSync('sh', ['-c', `command -v ${name}`], { encoding: 'utf8' }).trim() };
    } catch {
      // The next one, then.
    }
  }
  return {
    missing:
      'SKIPPED: there is no Chromium here. `bash .ci/browser.sh` installs it from Debian; CHROMIUM names another one.',
  };
}
