// Draws the pictures of README.md from what connectorctl really says: the plan on a terminal, and its comment on a pull request.
// `--check` fails instead when it says something else than the pictures show. The comment is drawn by Chromium (CHROMIUM, default /usr/bin/chromium).
import { build } from 'esbuild';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { root } from './bundle.mjs';
import { renderCommentPage } from './pictures/comment-page.mjs';
import { chromium, hasChromium, photograph } from './pictures/photograph.mjs';
import { columns, playStory } from './pictures/real-output.mjs';
import { readNote, shrinkPng } from './pictures/shrink-png.mjs';
import { renderTerminal } from './pictures/terminal-svg.mjs';
import { commit } from './pictures/workspace.mjs';

const folder = path.join(root, '.github/pictures');
const words = ['plan', '--prune'];
/** Pixels: a comment on GitHub is as wide as a window lets it be, and no wider than here. */
const pageWidth = 976;

const { text, plan } = await playStory(words);
const comment = await renderComment(plan);
const command = `connectorctl ${words.join(' ')}`;
const texts = {
  'plan.svg': renderTerminal(`$ ${command}\n${text}`, { columns, title: command, description: toDescription(plan) }),
  'comment.md': comment,
};
const pages = Object.fromEntries(
  ['light', 'dark'].map((theme) => [`comment-${theme}.png`, renderCommentPage(comment, { theme, opens: isUpdate })]),
);

if (process.argv.includes('--check')) check();
else draw();

function draw() {
  mkdirSync(folder, { recursive: true });
  for (const [name, content] of Object.entries(texts)) writeFileSync(path.join(folder, name), content);
  if (!hasChromium()) {
    process.stderr.write(
      `There is no browser at ${chromium}, so the pictures of the comment stay as they were.\nInstall one (apt-get install chromium), or say where it is: CHROMIUM=/path/to/chromium npm run pictures\n`,
    );
    process.exitCode = 1;
    return;
  }
  for (const [name, page] of Object.entries(pages)) {
    // The picture says of which page it is: browsers draw letters differently, so pictures cannot be compared.
    writeFileSync(path.join(folder, name), shrinkPng(photograph(page, pageWidth), toNote(page)));
  }
}

function check() {
  const stale = [
    ...Object.entries(texts).filter(([name, content]) => read(name)?.toString() !== content),
    ...Object.entries(pages).filter(([name, page]) => readNote(read(name)) !== toNote(page)),
  ];
  if (stale.length === 0) return;
  const names = stale.map(([name]) => name).join(', ');
  process.stderr.write(
    `.github/pictures shows something else than connectorctl says: ${names}. Run: npm run pictures\n`,
  );
  process.exitCode = 1;
}

function read(name) {
  const file = path.join(folder, name);
  return existsSync(file) ? readFileSync(file) : undefined;
}

function toNote(page) {
  return `page sha256 ${createHash('sha256').update(page).digest('hex')}`;
}

/** The comment as the Action writes it, by the renderer itself. */
async function renderComment(planned) {
  const { outputFiles } = await build({
    absWorkingDir: root,
    stdin: {
      contents: `export { renderPlanComment } from './src/report/github/render-plan-comment.ts';
        export { renderMarker } from './src/action/github/authorship.ts';`,
      resolveDir: root,
    },
    bundle: true,
    format: 'esm',
    platform: 'node',
    write: false,
  });
  const code = Buffer.from(outputFiles[0].contents).toString('base64');
  const { renderMarker, renderPlanComment } = await import(`data:text/javascript;base64,${code}`);
  const repository = 'https://github.com/acme/integrations';
  return renderPlanComment({
    outcome: { kind: 'planned', plan: planned, diagnostics: [] },
    environment: planned.environment,
    marker: renderMarker({ kind: 'plan' }),
    commit,
    links: { runUrl: `${repository}/actions/runs/7/attempts/1`, blobUrl: `${repository}/blob/${commit}` },
  }).body;
}

/** What has most to tell: the dangerous update first, then the one with drift and a new secret. */
function isUpdate(summary) {
  return summary.includes('<strong>update</strong>');
}

function toDescription({ changes, environment }) {
  const said = changes.map(({ action, key }) => `${action} ${key}`).join(', ');
  return `The plan of the environment ${environment} in a terminal: ${said}.`;
}
