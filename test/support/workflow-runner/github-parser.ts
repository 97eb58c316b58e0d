import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';

/** GitHub's own parsers of workflows and of expressions. */
export type GithubParser = Pick<typeof import('@actions/expressions'), 'data' | 'Evaluator' | 'Lexer' | 'Parser'> &
  Pick<
    typeof import('@actions/workflow-parser'),
    'parseWorkflow' | 'convertWorkflowTemplate' | 'NoOperationTraceWriter'
  >;

const entry = `
export { data, Evaluator, Lexer, Parser } from '@actions/expressions';
export { parseWorkflow, convertWorkflowTemplate, NoOperationTraceWriter } from '@actions/workflow-parser';
`;

const root = path.join(import.meta.dirname, '../../..');

/** They import JSON in a way that Node.js refuses, so they are bundled when they are first needed. */
export const githubParser: GithubParser = await load();

async function load(): Promise<GithubParser> {
  const { outputFiles } = await build({
    stdin: { contents: entry, resolveDir: root },
    bundle: true,
    format: 'esm',
    platform: 'node',
    external: ['yaml', 'cronstrue'],
    write: false,
    logLevel: 'warning',
  });
  const folder = path.join(root, 'node_modules/.cache/connectorctl');
  mkdirSync(folder, { recursive: true });
  const file = path.join(folder, 'github-parser.mjs');
  // Two test files may do this at the same time.
  const own = `${file}.${process.pid}`;
  writeFileSync(own, outputFiles[0]?.text ?? '');
  renameSync(own, file);
  const module: GithubParser = await import(pathToFileURL(file).href);
  return module;
}
