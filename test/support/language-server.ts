import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { isJsonObject } from '../../src/model/json.ts';

/** Where something stands in a file, both counted from 0. */
interface Place {
  readonly line: number;
  readonly character: number;
}

export interface Underlined {
  /** Counted from 0. */
  readonly line: number;
  readonly message: string;
  /** 1 is an error, 2 a warning. */
  readonly severity: number;
}

/** The YAML language server that editors use, in a process of its own. */
export interface LanguageServer {
  /** Opens a file and waits until it is checked. */
  open(file: string, text: string): Promise<readonly Underlined[]>;
  /** Labels with their documentation as text. */
  complete(file: string, place: Place): Promise<ReadonlyMap<string, string>>;
  hover(file: string, place: Place): Promise<string>;
  close(): Promise<void>;
}

type Message = Readonly<Record<string, unknown>>;

/** Speaks the protocol over stdin and stdout. Schemas are found by the first line of a file, as for everybody. */
export async function startLanguageServer(folder: string): Promise<LanguageServer> {
  const program = createRequire(import.meta.url).resolve('yaml-language-server/bin/yaml-language-server');
  const server = spawn(process.execPath, [program, '--stdio'], { stdio: ['pipe', 'pipe', 'ignore'] });
  const answers = new Map<number, (result: unknown) => void>();
  const checked = new Map<string, (found: readonly Underlined[]) => void>();
  let last = 0;

  const send = (message: Message): void => {
    const body = JSON.stringify({ jsonrpc: '2.0', ...message });
    server.stdin.write(`Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
  };
  const ask = async (method: string, params: unknown): Promise<unknown> =>
    new Promise((resolve) => {
      last += 1;
      answers.set(last, resolve);
      send({ id: last, method, params });
    });
  const receive = (message: Message): void => {
    const { id, method, params, result } = message;
    if (method === undefined) answers.get(Number(id))?.(result);
    // It asks for the settings of the editor: none.
    else if (id !== undefined)
      send({ id, result: method === 'workspace/configuration' ? [null, null, null, null, null, null] : null });
    else if (method === 'textDocument/publishDiagnostics' && isJsonObject(params)) {
      checked.get(String(params['uri']))?.(readUnderlined(params['diagnostics']));
    }
  };
  server.stdout.on('data', readFrames(receive));

  const root = pathToFileURL(folder).href;
  const capabilities = { textDocument: { publishDiagnostics: {}, hover: { contentFormat: ['markdown'] } } };
  await ask('initialize', { processId: process.pid, rootUri: root, capabilities });
  send({ method: 'initialized', params: {} });

  return {
    open: async (file, text) => {
      const uri = pathToFileURL(file).href;
      const found = new Promise<readonly Underlined[]>((resolve) => {
        checked.set(uri, resolve);
      });
      send({ method: 'textDocument/didOpen', params: { textDocument: { uri, languageId: 'yaml', version: 1, text } } });
      return found;
    },
    complete: async (file, place) => readCompletions(await ask('textDocument/completion', at(file, place))),
    hover: async (file, place) => JSON.stringify((await ask('textDocument/hover', at(file, place))) ?? ''),
    close: async () => {
      const ended = once(server, 'exit');
      server.kill();
      await ended;
    },
  };
}

function at(file: string, position: Place): unknown {
  return { textDocument: { uri: pathToFileURL(file).href }, position };
}

/** Puts the messages of a stream together again. */
function readFrames(receive: (message: Message) => void): (chunk: Buffer) => void {
  let rest = Buffer.alloc(0);
  return (chunk) => {
    rest = Buffer.concat([rest, chunk]);
    for (;;) {
      const end = rest.indexOf('\r\n\r\n');
      const length = Number(/Content-Length: (\d+)/i.exec(rest.subarray(0, Math.max(end, 0)).toString())?.[1]);
      if (end < 0 || rest.length < end + 4 + length) return;
      const message: unknown = JSON.parse(rest.subarray(end + 4, end + 4 + length).toString());
      rest = rest.subarray(end + 4 + length);
      if (isJsonObject(message)) receive(message);
    }
  };
}

function readUnderlined(value: unknown): readonly Underlined[] {
  return listObjects(value).map(({ message, severity, range }) => {
    const start = isJsonObject(range) ? range['start'] : undefined;
    const line = isJsonObject(start) ? start['line'] : undefined;
    return { line: Number(line), message: String(message), severity: Number(severity) };
  });
}

function readCompletions(value: unknown): ReadonlyMap<string, string> {
  const items = listObjects(isJsonObject(value) ? value['items'] : value);
  return new Map(items.map(({ label, documentation }) => [String(label), JSON.stringify(documentation ?? '')]));
}

function listObjects(value: unknown): readonly Message[] {
  return Array.isArray(value) ? value.filter((one) => isJsonObject(one)) : [];
}
