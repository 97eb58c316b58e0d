import fc from 'fast-check';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Json } from '../../src/model/json.ts';
import { UserError } from '../../src/model/user-error.ts';
import { plan } from '../../src/operation/plan.ts';
import type { OperationResult } from '../../src/operation/result.ts';
import { renderPlanJson } from '../../src/report/plan/render-plan-json.ts';
import { renderPlanMarkdown } from '../../src/report/plan/render-plan-markdown.ts';
import { renderPlanText } from '../../src/report/plan/render-plan-text.ts';
import { type Sandbox, startSandbox } from '../../src/sandbox/sandbox.ts';
import { unseenCharacters } from '../support/foreign-text.ts';
import { openWay } from '../support/in-process-way.ts';
import { findTreeFlaws } from '../support/markdown-tree.ts';
import { applyHere } from '../support/operate.ts';
import { operationPorts } from '../support/operation-ports.ts';
import { credentials } from '../support/platform.ts';
import { findTextFlaws } from '../support/text-flaws.ts';
import { allSettled, virtualTime } from '../support/virtual-time.ts';
import { checkBounds, expectNone, type Fuzzer } from './fuzzer.ts';
import { mutatedJson } from './mutate.ts';

const secret = 'tr0ub4dor-and-3-more';
const env = { ...credentials, CONNECTORCTL_SECRET_PASSWORD: secret };
const definitionOf = (name: string, user: string): string =>
  `connector: actessentials\nname: ${name}\nconfiguration:\n  username: ${user}\n  password: \${{ secrets.PASSWORD }}\n`;
const workspace = {
  version: 1,
  workspace: 'acme',
  environments: { test: { baseUrl: 'http://127.0.0.1', limits: { maxDelete: 100, maxDeletePercent: 100 } } },
};

/** What the platform answers to each read of a plan. */
interface Stage {
  readonly directory: string;
  readonly answers: ReadonlyMap<string, Json>;
}

/** Answers of the platform, whose JSON is like none that it ever sent; from the wire to every report of the plan. */
export const json: Fuzzer = {
  name: 'json',
  casesInSuite: 40,
  property: async () => {
    const { directory, answers } = await setStage();
    const one = fc
      .constantFrom(...answers.keys())
      .chain((asked) => mutatedJson(answers.get(asked) ?? null).map((answer) => ({ asked, answer })));
    const inputs = fc.record({
      changed: fc.array(one, { minLength: 1, maxLength: 3 }),
      status: fc.constantFrom(200, 200, 200, 200, 400, 403, 404, 500),
    });
    return fc.asyncProperty(inputs, async ({ changed, status }) => {
      const replaced = new Map([...answers, ...changed.map(({ asked, answer }) => [asked, answer] as const)]);
      const hit = new Set(changed.map(({ asked }) => asked));
      const started = performance.now();
      const ended = await planOn(directory, (asked) => ({
        status: hit.has(asked) ? status : 200,
        answer: replaced.get(asked),
      }));
      checkBounds(started);
      expectNone(findFlaws(ended));
    });
  },
};

type Answering = (asked: string) => { readonly status: number; readonly answer: Json | undefined };

async function planOn(directory: string, answering: Answering): Promise<OperationResult> {
  return planWith(directory, {
    serve: async (incoming, outgoing) => {
      const { status, answer } = answering(pathOf(incoming));
      const text = JSON.stringify(answer ?? { message: 'Not found', requestId: 'r-1' });
      send(outgoing, answer === undefined ? 404 : status, text);
    },
  });
}

async function planWith(directory: string, sandbox: Pick<Sandbox, 'serve'>): Promise<OperationResult> {
  const time = virtualTime(allSettled);
  const dispatcher = openWay({ sandbox, time, delay: () => 1, patience: 120_000 });
  const { sleep, now, date } = time;
  const ports = operationPorts({ cwd: directory, env, sleep, now, date, dispatcher, timeouts: { total: 2 ** 31 - 1 } });
  try {
    return await time.run(plan(ports, {}, {}));
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { kind: 'stopped', error, diagnostics: [] };
  }
}

function pathOf({ url = '' }: IncomingMessage): string {
  return url.replace(/\?.*/, '');
}

function send(outgoing: ServerResponse, status: number, text: string): void {
  outgoing.writeHead(status, { 'content-type': 'application/json' });
  outgoing.end(text);
}

/** Applies two definitions, changes one of them, and keeps what a plan then reads. */
async function setStage(): Promise<Stage> {
  const directory = mkdtempSync(path.join(tmpdir(), 'connectorctl-'));
  process.once('exit', () => rmSync(directory, { recursive: true, force: true }));
  mkdirSync(path.join(directory, 'instances'));
  const write = (file: string, text: string): void => writeFileSync(path.join(directory, file), text);
  write('connectorctl.yaml', JSON.stringify(workspace));
  for (const name of ['one', 'two']) write(`instances/${name}.yaml`, definitionOf(name, 'before'));
  const sandbox = await startSandbox();
  try {
    await applyHere({ directory, env, sandbox });
    write('instances/two.yaml', definitionOf('two', 'after'));
    rmSync(path.join(directory, '.connectorctl'), { recursive: true, force: true });
    const answers = new Map<string, Json>();
    const ended = await planWith(directory, {
      serve: async (incoming, outgoing) => {
        const keep = (body: Buffer | string): ServerResponse => {
          const text = String(body);
          if (text !== '') answers.set(pathOf(incoming), JSON.parse(text));
          return end(body);
        };
        const end = outgoing.end.bind(outgoing) as (body: Buffer | string) => ServerResponse;
        await sandbox.serve(incoming, Object.assign(outgoing, { end: keep }));
      },
    });
    if (ended.kind !== 'planned' || answers.size < 2) throw new Error(`The plan before: ${JSON.stringify(ended)}`);
    return { directory, answers };
  } finally {
    await sandbox.close();
  }
}

function findFlaws(ended: OperationResult): readonly string[] {
  if (ended.kind === 'stopped') {
    const { message, hint = '' } = ended.error;
    return [...findActing(`${message}\n${hint}`), ...findSecret(message + hint)];
  }
  if (ended.kind !== 'planned') return [`it ended with ${ended.kind}`];
  const text = renderPlanText(ended.plan, { color: false, width: 90, verbose: true });
  const markdown = renderPlanMarkdown(ended.plan);
  const printed = renderPlanJson(ended.plan);
  return [
    ...findTextFlaws(text.trimEnd(), 90).filter((flaw) => !flaw.startsWith('too long') && !flaw.startsWith('trailing')),
    ...findTreeFlaws(markdown),
    ...findActing(printed),
    ...findSecret(text + markdown + printed),
    ...ended.plan.changes
      .filter(({ action }) => action === 'delete')
      .map(({ key }) => `${key} would be deleted without prune`),
  ];
}

function findActing(text: string): readonly string[] {
  const line = text.split('\n').find((one) => unseenCharacters.test(one) || /^\s*::|##\[/.test(one));
  return line === undefined ? [] : [`acts: ${JSON.stringify(line)}`];
}

function findSecret(text: string): readonly string[] {
  return text.includes(secret) ? ['a secret is shown'] : [];
}
