// Consent on the embedded platform, with you as the person who agrees: plan, authorize, agree in a browser, and plan again with nothing left to do.
// Works in a folder of its own, which is gone afterwards. Fails when a step does not end as it should.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const cli = path.join(path.dirname(fileURLToPath(import.meta.url)), '../dist/main.js');

/** A port that nobody uses: the provider is told where to send the answer before anybody listens there. */
const port = await new Promise((resolve, reject) => {
  const server = createServer().once('error', reject);
  server.listen(0, '127.0.0.1', () => {
    const { port: free } = server.address();
    server.close(() => resolve(free));
  });
});

const folder = mkdtempSync(path.join(tmpdir(), 'connectorctl-demo-'));
process.once('exit', () => rmSync(folder, { recursive: true, force: true }));

const workspace = `version: 1
workspace: consent-demo
defaultEnvironment: sandbox
environments:
  sandbox:
    platform: sandbox
`;

const definition = `connector: sharefile
name: ShareFile polling
tags: [Docs]
configuration:
  oauth.api.key: my-cool-app
  oauth.api.secret: \${{ secrets.SHAREFILE_CLIENT_SECRET }}
  oauth.callback.url: http://127.0.0.1:${port}/oauth
  document.root.folder.name: /top
  sharefile.subdomain: cloud-elements
  event.notification.enabled: true
  event.vendor.type: polling
  event.notification.callback.url: https://mycoolapp.com/events
  event.poller.refresh_interval: 15
`;

mkdirSync(path.join(folder, 'instances'));
writeFileSync(path.join(folder, 'connectorctl.yaml'), workspace);
writeFileSync(path.join(folder, 'instances/sharefile.yaml'), definition);

const steps = [
  {
    about: 'ShareFile asks a person before it lets an app in, so the instance waits.',
    words: ['plan'],
    ends: 0,
  },
  {
    about: 'Now you are that person. Open the address in a browser on this machine,\nand click "Allow".',
    words: ['authorize', 'sharefile'],
    ends: 0,
  },
  {
    about: 'The instance is there, and nothing waits any more.',
    words: ['plan', '--detailed-exitcode'],
    ends: 0,
  },
];

// Ctrl-C is for the command that waits; it says what became of it.
process.on('SIGINT', () => {});
for (const { about, words, ends } of steps) {
  process.stdout.write(`\n${about}\n\n$ connectorctl ${words.join(' ')}\n`);
  const { status, error } = spawnSync(process.execPath, [cli, ...words], { cwd: folder, stdio: 'inherit' });
  if (error) throw error;
  if (status !== ends) {
    process.stderr.write(`\nThe demo stopped: connectorctl ${words[0]} ended with ${status}, not with ${ends}.\n`);
    process.exit(1);
  }
}
process.stdout.write('\nNo code was typed, stored or shown. With an account of your own it is the same command.\n');
