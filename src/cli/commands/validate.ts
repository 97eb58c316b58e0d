import type { Diagnostic, SilencedDiagnostic } from '../../model/diagnostic.ts';
import { wantsSeveral } from '../../operation/choose-environments.ts';
import { type ExitCode, exitCode, worstExitCode } from '../../operation/exit-code.ts';
import type { OperationResult } from '../../operation/result.ts';
import { validate } from '../../operation/validate.ts';
import { prefixInRepository } from '../../operation/path-prefix.ts';
import { listRules } from '../../operation/list-rules.ts';
import { rulesPage, version } from '../../operation/version.ts';
import { renderDiagnosticsGithub } from '../../report/diagnostics/render-github.ts';
import { renderDiagnosticsJunit } from '../../report/diagnostics/render-junit.ts';
import { renderDiagnosticsSarif } from '../../report/diagnostics/render-sarif.ts';
import { countSilenced, renderSilenced } from '../../report/diagnostics/render-silenced.ts';
import { renderDiagnosticsText } from '../../report/diagnostics/render-text.ts';
import { completeDiagnostics } from '../../report/next-step.ts';
import type { Host } from '../host.ts';
import { type EachFlags, operateEach, runEach } from '../each-environment.ts';
import { openCommand, type OpenCommand } from '../open-command.ts';
import { renderHead } from '../present-each.ts';
import { contextOf } from '../invocation.ts';
import { presentResult } from '../present-result.ts';
import { sourceReader } from '../source-reader.ts';
import type { Terminal } from '../terminal.ts';

interface ValidateFlags extends EachFlags {
  readonly secrets: boolean;
  readonly strict?: boolean | undefined;
  readonly showSilenced?: boolean | undefined;
}

/** `connectorctl validate [FILE..]` */
export async function runValidate(files: readonly string[], flags: ValidateFlags, host: Host): Promise<ExitCode> {
  const { format, strict, secrets: checkSecrets } = flags;
  const operate = ({ ports, target }: Pick<OpenCommand, 'ports' | 'target'>) =>
    validate(ports, target, { files, checkSecrets, strict });
  if (format === 'json') return runEach(flags, host, { command: 'validate' }, operate);

  const open = openCommand(flags, host);
  if (!wantsSeveral(flags)) return writeResult(await operate(open), flags, { open, host });
  const ended = await operateEach(flags, open, operate);
  if ('kind' in ended) return writeResult(ended, flags, { open, host });
  const each = (one: OperationResult, env?: string) => writeResult(one, { ...flags, env }, { open, host });
  if (format !== 'text') return each(mergeChecked(ended.map(({ result }) => result)));
  const codes: ExitCode[] = [];
  for (const { environment, result } of ended) {
    open.terminal.out(renderHead(environment, { color: open.terminal.outColor }));
    codes.push(await each(result, environment));
  }
  return worstExitCode(codes);
}

interface WriteOptions {
  readonly open: OpenCommand;
  readonly host: Host;
}

async function writeResult(
  result: OperationResult,
  flags: ValidateFlags,
  { open, host }: WriteOptions,
): Promise<ExitCode> {
  const { terminal, ports } = open;
  const { format, showSilenced = false } = flags;
  const commands = contextOf(flags, host);
  if (result.kind !== 'checked') return presentResult(result, { command: 'validate', format, terminal, commands });
  const diagnostics = completeDiagnostics(result.diagnostics, commands);
  const write = format === 'github' ? terminal.raw : terminal.out;
  write(renderChecked({ ...result, diagnostics }, { format, host, cwd: ports.cwd, terminal, showSilenced }));
  return exitCode(result);
}

/**
 * What was found for several environments, as one report: what all of them share stands in it once. A format for programs has no place for the
 * name of an environment. What stopped one of them is all that is told.
 */
function mergeChecked(results: readonly OperationResult[]): OperationResult {
  const stopped = results.find(({ kind }) => kind !== 'checked');
  const [first] = results;
  if (stopped !== undefined || first?.kind !== 'checked')
    return stopped ?? { kind: 'checked', diagnostics: [], files: 0 };
  const all = new Map(
    results.flatMap(({ diagnostics }) => diagnostics.map((one) => [JSON.stringify(one), one] as const)),
  );
  return { ...first, diagnostics: [...all.values()] };
}

function renderChecked(
  { diagnostics, silenced, files, checkedFiles, directory: folder }: Extract<OperationResult, { kind: 'checked' }>,
  {
    format,
    host,
    cwd,
    terminal,
    showSilenced,
  }: {
    readonly format: string;
    readonly host: Host;
    readonly cwd: string;
    readonly terminal: Terminal;
    readonly showSilenced: boolean;
  },
): string {
  const directory = folder ?? cwd;
  switch (format) {
    case 'github':
      return renderDiagnosticsGithub(diagnostics, { pathPrefix: prefixInRepository(directory, host) });
    case 'sarif':
      return renderDiagnosticsSarif(diagnostics, {
        toolVersion: version,
        rules: listRules(),
        rulesPage,
        pathPrefix: prefixInRepository(directory, host),
      });
    case 'junit':
      return renderDiagnosticsJunit(diagnostics, { files: checkedFiles });
    default:
      return renderText(diagnostics, { files, directory, terminal, silenced, showSilenced });
  }
}

interface TextOptions {
  readonly files: number;
  readonly directory: string;
  readonly terminal: Terminal;
  readonly silenced: readonly SilencedDiagnostic[] | undefined;
  readonly showSilenced: boolean;
}

function renderText(
  diagnostics: readonly Diagnostic[],
  { files, directory, terminal, silenced = [], showSilenced }: TextOptions,
): string {
  const listed = showSilenced ? renderSilenced(silenced, terminal.width) : '';
  const count = countSilenced(silenced);
  if (diagnostics.length === 0) {
    return `${listed}${files} ${files === 1 ? 'file' : 'files'} checked, no problems${count}.\n`;
  }
  const { outColor: color, width } = terminal;
  const found = renderDiagnosticsText(diagnostics, { sourceOf: sourceReader(directory), color, width });
  return `${listed}${found.trimEnd()}${count}\n`;
}
