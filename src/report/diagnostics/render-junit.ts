import { type Diagnostic, isError } from '../../model/diagnostic.ts';
import { visibleLines } from '../../model/visible.ts';
import { countDiagnostics } from './count-diagnostics.ts';

interface DiagnosticsJunitOptions {
  /** All files that were checked; those without a problem pass. */
  readonly files?: readonly string[] | undefined;
}

/** Stands for what has no place in a file. */
const workspace = '(workspace)';

/** Diagnostics as JUnit XML: one suite, a test case for each file. Errors fail the case, warnings are its output. */
export function renderDiagnosticsJunit(
  diagnostics: readonly Diagnostic[],
  { files = [] }: DiagnosticsJunitOptions = {},
): string {
  const cases = new Map<string, Diagnostic[]>(files.map((file) => [file, []]));
  for (const diagnostic of diagnostics) {
    const file = diagnostic.at?.file ?? workspace;
    const all = cases.get(file);
    if (all === undefined) cases.set(file, [diagnostic]);
    else all.push(diagnostic);
  }
  const failed = [...cases.values()].filter((all) => all.some(isError)).length;
  const counts = `tests="${cases.size}" failures="${failed}" errors="0" skipped="0"`;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="connectorctl" ${counts}>`,
    `  <testsuite name="connectorctl validate" ${counts}>`,
    ...[...cases].flatMap(([file, all]) => renderCase(file, all)),
    '  </testsuite>',
    '</testsuites>',
    '',
  ].join('\n');
}

function renderCase(file: string, diagnostics: readonly Diagnostic[]): readonly string[] {
  const errors = diagnostics.filter(isError);
  const warnings = diagnostics.filter((diagnostic) => !isError(diagnostic));
  const [first] = errors;
  const open = `    <testcase classname="connectorctl.validate" name="${escapeXml(file)}"`;
  if (diagnostics.length === 0) return [`${open}/>`];
  return [
    `${open}>`,
    ...(first === undefined
      ? []
      : [
          `      <failure type="${escapeXml(first.code)}" message="${escapeXml(countDiagnostics(errors))}">${escapeXml(errors.map(describe).join('\n\n'), '\n')}</failure>`,
        ]),
    ...(warnings.length === 0
      ? []
      : [`      <system-out>${escapeXml(warnings.map(describe).join('\n\n'), '\n')}</system-out>`]),
    '    </testcase>',
  ];
}

function describe({ at, severity, code, message, detail, hint }: Diagnostic): string {
  const place = at === undefined ? '' : `${at.file}:${at.line}:${at.column}: `;
  return [`${place}${severity} ${message} [${code}]`, detail, ...(hint === undefined ? [] : [`Next: ${hint}`])].join(
    '\n',
  );
}

/** Text of an element or an attribute. Lines of ours stay lines; a line feed that an attribute holds would be read as a blank, and end a line of the log. */
function escapeXml(text: string, lineFeed = '&#10;'): string {
  // XML cannot hold control characters, not even escaped.
  return visibleLines(text.replace(/(?![\t\n\r])[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\uFFFE\uFFFF]/gu, ''))
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&apos;')
    .replaceAll('\n', lineFeed);
}
