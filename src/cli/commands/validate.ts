import type { Diagnostic, SilencedDiagnostic } from '../../model/diagnostic.ts';
import { type OperationResult, type ExitCode, exitCode } from '../../operation/result.ts';
import { validate } from '../../operation/validate.ts';
import { listRules } from '../../operation/list-rules.ts';
import { version } from '../../operation/version.ts';
import { renderDiagnosticsGithub } from '../../report/diagnostics/render-github.ts';
import { renderDiagnosticsJunit } from '../../report/diagnostics/render-junit.ts';
import { renderDiagnosticsSarif } from '../../report/diagnostics/render-sarif.ts';
import { countSilenced, renderSilenced } from '../../report/diagnostics/render-silenced.ts';
import { renderDiagnosticsText } from '../../report/diagnostics/render-text.ts';
import { completeDiagnostics } from '../../report/next-step.ts';
import type { Host } from '../host.ts';
import { type CommandFlags, openCommand } from '../open-command.ts';
import { contextOf } from '../invocation.ts';
import { presentResult } from '../present-result.ts';
import { sourceReader } from '../source-reader.ts';
import type { Terminal } from '../terminal.ts';

interface ValidateFlags extends CommandFlags {
  readonly secrets: boolean;
  readonly strict?: boolean | undefined;
  readonly showSilenced?: boolean | undefined;
}

/** `connectorctl validate [FILE..]` */
export async function runValidate(files: readonly string[], flags: ValidateFlags, host: Host): Promise<ExitCode> {
  const { terminal, ports, target } = openCommand(flags, host);
  const { format } = flags;
  const commands = contextOf(flags, host);
  const result = await validate(ports, target, { files, checkSecrets: flags.secrets, strict: flags.strict });
  if (format === 'json' || result.kind !== 'checked') {
    return presentResult(result, { command: 'validate', format, terminal, commands });
  }
  const diagnostics = completeDiagnostics(result.diagnostics, commands);
  const write = format === 'github' ? terminal.raw : terminal.out;
  const { showSilenced = false } = flags;
  write(renderChecked({ ...result, diagnostics }, { format, cwd: ports.cwd, terminal, showSilenced }));
  return exitCode(result);
}

function renderChecked(
  { diagnostics, silenced, files, directory }: Extract<OperationResult, { kind: 'checked' }>,
  {
    format,
    cwd,
    terminal,
    showSilenced,
  }: { readonly format: string; readonly cwd: string; readonly terminal: Terminal; readonly showSilenced: boolean },
): string {
  switch (format) {
    case 'github':
      return renderDiagnosticsGithub(diagnostics);
    case 'sarif':
      return renderDiagnosticsSarif(diagnostics, { toolVersion: version, rules: listRules() });
    case 'junit':
      return renderDiagnosticsJunit(diagnostics);
    default:
      return renderText(diagnostics, { files, directory: directory ?? cwd, terminal, silenced, showSilenced });
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
