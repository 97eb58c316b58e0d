// A page as a PNG, by a browser without a window.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

export const chromium = process.env.CHROMIUM ?? '/usr/bin/chromium';

export function hasChromium() {
  return existsSync(chromium);
}

/**
 * Photographs a page from edge to edge, two pixels of the picture to one of the page.
 * @param width pixels of the page
 */
export function photograph(html, width) {
  const folder = mkdtempSync(path.join(tmpdir(), 'connectorctl-photograph-'));
  try {
    const height = measure(folder, html, width);
    const picture = path.join(folder, 'picture.png');
    browse(folder, html, [`--window-size=${width},${height}`, `--screenshot=${picture}`]);
    return readFileSync(picture);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The page says itself how high it is. */
function measure(folder, html, width) {
  const asking = `${html}<script>document.title = 'height ' + Math.ceil(document.body.getBoundingClientRect().height);</script>`;
  const said = browse(folder, asking, [`--window-size=${width},600`, '--dump-dom']);
  const [, height] = /<title>height (\d+)</.exec(said) ?? [];
  if (height === undefined) throw new Error(`${chromium} did not tell the height of the page.`);
  return Number(height);
}

function browse(folder, html, words) {
  const page = path.join(folder, 'page.html');
  writeFileSync(page, html);
  const { status, stdout, stderr, error } = spawnSync(
    chromium,
    [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--disable-background-networking',
      '--disable-lcd-text',
      '--no-first-run',
      '--hide-scrollbars',
      '--force-device-scale-factor=2',
      `--user-data-dir=${path.join(folder, 'profile')}`,
      ...words,
      pathToFileURL(page).href,
    ],
    { encoding: 'utf8', timeout: 60_000 },
  );
  if (error) throw error;
  if (status !== 0) throw new Error(`${chromium} ended with ${status}:\n${stderr}`);
  return stdout;
}
