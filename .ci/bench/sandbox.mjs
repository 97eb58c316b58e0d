import { spawn } from 'node:child_process';
import { cli } from './measure.mjs';
import { benchSecrets } from './workspace.mjs';

/** What the command line and the bare loops need to reach it. */
export function environment({ url, user, organization }) {
  return {
    ...benchSecrets,
    BENCH_URL: url,
    CONNECTORCTL_USER_SECRET: user,
    CONNECTORCTL_ORGANIZATION_SECRET: organization,
    CONNECTORCTL_ALLOWED_HOSTS: new URL(url).host,
  };
}

/** The sandbox as a server in a process of its own. */
export function startSandbox(data, delay, port = 0) {
  const child = spawn(process.execPath, [
    cli,
    'sandbox',
    '--port',
    String(port),
    '--data',
    data,
    '--latency',
    String(delay),
  ]);
  // A bench that fails leaves nothing behind that still serves.
  const end = () => child.kill('SIGKILL');
  process.once('exit', end);
  child.once('close', () => process.off('exit', end));
  return new Promise((resolve, reject) => {
    let text = '';
    child.on('error', reject);
    child.stdout.setEncoding('utf8').on('data', (chunk) => {
      text += chunk;
      const found = /on (\S+)[\s\S]*USER_SECRET=(\S+)[\s\S]*ORGANIZATION_SECRET=(\S+)\n/.exec(text);
      if (found === null) return;
      const [, url, user, organization] = found;
      resolve({ url, user, organization, stop: () => stop(child) });
    });
  });
}

/** Ends a process and waits for its end. */
export function stop(child) {
  return new Promise((resolve) => {
    child.once('close', resolve);
    child.kill('SIGTERM');
  });
}
