import { spawn } from 'node:child_process';
import type { Host } from './host.ts';

/** Opens an address in the browser of the person, where there seems to be one. Answers whether it tried. Never fails. */
export function openBrowser(url: string, { env }: Pick<Host, 'env'>): boolean {
  const command = browserCommand(env);
  if (command === undefined || !/^https?:\/\//.test(url)) return false;
  const [program, ...words] = command;
  if (program === undefined) return false;
  try {
    // The address holds no secret, so that a list of processes may show it.
    const child = spawn(program, [...words, url], { stdio: 'ignore', detached: true });
    child.once('error', () => {});
    child.unref();
    return true;
  } catch {
    return false;
  }
}

function browserCommand(env: Host['env']): readonly string[] | undefined {
  if (process.platform === 'darwin') return ['open'];
  if (process.platform === 'win32') return ['rundll32', 'url.dll,FileProtocolHandler'];
  return (env['DISPLAY'] ?? env['WAYLAND_DISPLAY'] ?? '') === '' ? undefined : ['xdg-open'];
}
