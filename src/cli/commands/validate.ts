import type { Diagnostic } from '../../model/diagnostic.ts';
import { type OperationResult, type ExitCode, exitCode } from '../../operation/result.ts';
import { validate } from '../../operation/validate.ts';
import { version } from '../../operation/version.ts';
import { renderDiagnosticsGithub } from '../../report/diagnostics/render-github.ts';
import { renderDiagnosticsJunit } from '../../report/diagnostics/render-junit.ts';
import { renderDiagnosticsSarif } from '../../report/diagnostics/render-sarif.ts';
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
}

/** `connectorctl validate [FILE..]` */
export async function runValidate(files: readonly string[], flags: ValidateFlags, host: Host): Promise<ExitCode> {
  const { terminal, ports, target } = openCommand(flags, host);
  const { format } = flags;
  const commands = contextOf(flags, host);
  const result = await validate(ports, target, { files, checkSecrets: flags.secrets });
  if (format === 'json' || result.kind !== 'checked') {
    return presentResult(result, { command: 'validate', format, terminal, commands });
  }
  const diagnostics = completeDiagnostics(result.diagnostics, commands);
  const write = format === 'github' ? terminal.raw : terminal.out;
  write(renderChecked({ ...result, diagnostics }, { format, cwd: ports.cwd, terminal }));
  return exitCode(result);
}

function renderChecked(
  { diagnostics, files, directory }: Extract<OperationResult, { kind: 'checked' }>,
  { format, cwd, terminal }: { readonly format: string; readonly cwd: string; readonly terminal: Terminal },
): string {
  switch (format) {
    case 'github':
      return renderDiagnosticsGithub(diagnostics);
    case 'sarif':
      return renderDiagnosticsSarif(diagnostics, { toolVersion: version });
    case 'junit':
      return renderDiagnosticsJunit(diagnostics);
    default:
      return renderText(diagnostics, { files, directory: directory ?? cwd, terminal });
  }
}

interface TextOptions {
  readonly files: number;
  readonly directory: string;
  readonly terminal: Terminal;
}

function renderText(diagnostics: readonly Diagnostic[], { files, directory, terminal }: TextOptions): string {
  if (diagnostics.length === 0) return `${files} ${files === 1 ? 'file' : 'files'} checked, no problems.\n`;
  const { outColor: color, width } = terminal;
  return renderDiagnosticsText(diagnostics, { sourceOf: sourceReader(directory), color, width });
}
