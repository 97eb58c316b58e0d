import path from 'node:path';
import { readTextFile } from '../../disk/read-text.ts';
import { convert, type ConvertInput } from '../../operation/convert.ts';
import type { ExitCode } from '../../operation/exit-code.ts';
import { hideValues } from '../../report/diagnostics/hide-values.ts';
import type { Host } from '../host.ts';
import { type CommandFlags, terminalOf } from '../open-command.ts';
import { contextOf } from '../invocation.ts';
import { presentResult } from '../present-result.ts';

interface ConvertFlags extends CommandFlags {
  readonly out?: string | undefined;
}

/** `connectorctl convert FILE..` */
export async function runConvert(files: readonly string[], flags: ConvertFlags, host: Host): Promise<ExitCode> {
  const terminal = terminalOf(flags, host);
  const cwd = host.cwd;
  const inputs: ConvertInput[] = [];
  for (const from of files) {
    inputs.push({ from, text: from === '-' ? await readStandardInput(host) : readTextFile(path.resolve(cwd, from)) });
  }
  const texts = new Map(inputs.map(({ from, text }) => [from, text]));
  const result = await convert(inputs, { cwd, out: flags.out, configFile: flags.config });
  const { format } = flags;
  const converted = new Set(result.kind === 'converted' ? result.definitions.map((definition) => definition.from) : []);
  // Only a body that could not be read has problems at a place of its text.
  const sourceOf = (file: string) => (converted.has(file) ? undefined : hideValues(texts.get(file) ?? ''));
  return presentResult(result, { command: 'convert', format, terminal, sourceOf, commands: contextOf({}, host) });
}

async function readStandardInput({ stdin }: Host): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stdin.open()) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString('utf8');
}
