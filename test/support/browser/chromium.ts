import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { isJsonObject, type JsonRecord } from '../../../src/model/json.ts';
import { connectDevtools, type Devtools } from './devtools.ts';

/** A tab of a browser, as a person uses it. */
export interface Tab {
  /** Goes to an address and waits until the page is there. */
  open(url: string): Promise<void>;
  /** Moves the mouse onto the one element with that text, and clicks; waits until the page that follows is there. */
  click(text: string): Promise<void>;
  /** What a person reads. */
  text(): Promise<string>;
  /** What stands in the address bar. */
  address(): Promise<string>;
  /** What a script of the page gives, as text. */
  evaluate(script: string): Promise<string>;
  close(): Promise<void>;
}

export interface Browser {
  openTab(): Promise<Tab>;
  close(): Promise<void>;
}

/** Everything that would phone home, or ask a person something, is off. */
const switches = [
  '--headless=new',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--disable-dev-shm-usage',
  '--no-first-run',
  '--no-default-browser-check',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-default-apps',
  '--disable-extensions',
  '--disable-sync',
  '--metrics-recording-only',
  '--mute-audio',
  '--remote-debugging-port=0',
  // Nothing but this machine.
  '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1',
];

/** Starts a browser with an empty profile and nobody's window. */
export async function startChromium(program: string): Promise<Browser> {
  const profile = mkdtempSync(path.join(tmpdir(), 'connectorctl-browser-'));
  const child = spawn(program, [...switches, `--user-data-dir=${profile}`, 'about:blank'], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { PATH: process.env['PATH'], HOME: profile },
  });
  const gone = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const end = async (): Promise<void> => {
    child.kill('SIGKILL');
    await gone;
    rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
  };
  try {
    const devtools = await connectDevtools(await readEndpoint(child.stderr, gone));
    return {
      openTab: () => openTab(devtools),
      close: async () => {
        devtools.close();
        await end();
      },
    };
  } catch (error) {
    await end();
    throw error;
  }
}

/** It says on stderr where it listens. */
function readEndpoint(stderr: NodeJS.ReadableStream, gone: Promise<void>): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = '';
    stderr.setEncoding('utf8').on('data', (text: string) => {
      said += text;
      const [, url] = /^DevTools listening on (ws:\S+)/m.exec(said) ?? [];
      if (url !== undefined) resolve(url);
    });
    void gone.then(() => reject(new Error(`the browser ended: ${said}`)));
  });
}

async function openTab(devtools: Devtools): Promise<Tab> {
  const { targetId } = await devtools.send('Target.createTarget', { url: 'about:blank' });
  const { sessionId } = await devtools.send('Target.attachToTarget', { targetId, flatten: true });
  const session = String(sessionId);
  const send = (method: string, params?: JsonRecord): Promise<JsonRecord> => devtools.send(method, params, session);
  await send('Page.enable');
  await send('Runtime.enable');

  const evaluate = async (script: string): Promise<string> => {
    const { result, exceptionDetails } = await send('Runtime.evaluate', { expression: script, returnByValue: true });
    if (exceptionDetails !== undefined) throw new Error(`the page: ${JSON.stringify(exceptionDetails)}`);
    return isJsonObject(result) ? String(result['value']) : '';
  };
  /** Does what leads to another page, and waits for it. */
  const andLoad = async (act: () => Promise<unknown>): Promise<void> => {
    const loaded = new Promise<void>((resolve) => {
      const stop = devtools.listen(session, (method) => {
        if (method !== 'Page.loadEventFired') return;
        stop();
        resolve();
      });
    });
    await act();
    await loaded;
  };
  const pressAt = async (place: JsonRecord): Promise<void> => {
    for (const type of ['mouseMoved', 'mousePressed', 'mouseReleased']) {
      const button = type === 'mouseMoved' ? 'none' : 'left';
      await send('Input.dispatchMouseEvent', { type, ...place, button, clickCount: type === 'mouseMoved' ? 0 : 1 });
    }
  };
  return {
    evaluate,
    open: (url) => andLoad(() => send('Page.navigate', { url })),
    click: async (text) => {
      const place: unknown = JSON.parse(await evaluate(findPlace(text)));
      if (!isJsonObject(place)) throw new Error(`nothing to click says "${text}"`);
      await andLoad(() => pressAt(place));
    },
    text: () => evaluate('document.body.innerText'),
    address: () => evaluate('location.href'),
    close: async () => {
      await devtools.send('Target.closeTarget', { targetId });
    },
  };
}

/** The middle of the one button or link with that text. */
function findPlace(text: string): string {
  return `(() => {
    const found = [...document.querySelectorAll('button, a')].filter((one) => one.textContent.trim() === ${JSON.stringify(text)});
    if (found.length !== 1) return 'null';
    const { x, y, width, height } = found[0].getBoundingClientRect();
    return JSON.stringify({ x: x + width / 2, y: y + height / 2 });
  })()`;
}
