import type { Diagnostic } from '../../model/diagnostic.ts';
import type { Json, JsonObject } from '../../model/json.ts';
import type { Position } from '../../model/position.ts';
import { printJson } from './render-json.ts';

/** What is known about a code beside the diagnostics themselves. */
interface DiagnosticRule {
  readonly code: string;
  readonly severity: 'error' | 'warning';
  readonly message: string;
  /** Why it matters. */
  readonly help: string;
}

interface DiagnosticsSarifOptions {
  readonly toolVersion: string;
  /** Explanations of codes; those of the diagnostics that are not among them explain themselves by their message. */
  readonly rules?: readonly DiagnosticRule[];
  /** Path of the workspace folder below the root of the repository, with `/` at its end. */
  readonly pathPrefix?: string;
}

/** Diagnostics as SARIF 2.1.0, for code scanning. Holds a rule for each known code, in the order of codes. */
export function renderDiagnosticsSarif(diagnostics: readonly Diagnostic[], options: DiagnosticsSarifOptions): string {
  const rules = allRules(diagnostics, options.rules ?? []);
  const indexes = new Map(rules.map(({ code }, index) => [code, index]));
  const toResult = resultMaker(indexes, options.pathPrefix ?? '');
  const log: Json = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'connectorctl', version: options.toolVersion, rules: rules.map(toRule) } },
        columnKind: 'utf16CodeUnits',
        results: diagnostics.map(toResult),
      },
    ],
  };
  return printJson(log);
}

function allRules(diagnostics: readonly Diagnostic[], known: readonly DiagnosticRule[]): readonly DiagnosticRule[] {
  const rules = new Map(known.map((rule) => [rule.code, rule]));
  for (const { code, severity, message } of diagnostics) {
    if (!rules.has(code)) rules.set(code, { code, severity, message, help: `${message}.` });
  }
  return [...rules.values()].toSorted((one, other) => (one.code < other.code ? -1 : 1));
}

function toRule({ code, severity, message, help }: DiagnosticRule): JsonObject {
  return {
    id: code,
    shortDescription: { text: message },
    fullDescription: { text: help },
    help: { text: help },
    defaultConfiguration: { level: severity },
  };
}

function resultMaker(indexes: ReadonlyMap<string, number>, pathPrefix: string): (diagnostic: Diagnostic) => JsonObject {
  return ({ code, severity, detail, hint, at, related }) => ({
    ruleId: code,
    ruleIndex: indexes.get(code) ?? -1,
    level: severity,
    message: { text: hint === undefined ? detail : `${detail}\n${hint}` },
    ...(at === undefined ? {} : { locations: [{ physicalLocation: toLocation(at, pathPrefix) }] }),
    ...(related === undefined
      ? {}
      : {
          relatedLocations: related.map((other, id) => ({
            id,
            message: { text: other.message },
            physicalLocation: toLocation(other.at, pathPrefix),
          })),
        }),
  });
}

function toLocation({ file, line, column, endLine, endColumn }: Position, pathPrefix: string): JsonObject {
  return {
    artifactLocation: { uri: toUri(`${pathPrefix}${file}`), uriBaseId: '%SRCROOT%' },
    region: {
      startLine: line,
      startColumn: column,
      ...(endLine === undefined ? {} : { endLine }),
      ...(endColumn === undefined ? {} : { endColumn }),
    },
  };
}

function toUri(path: string): string {
  // Half a surrogate pair cannot be in a URI.
  return path
    .replace(/\p{Cs}/gu, '\uFFFD')
    .split('/')
    .map(encodeURIComponent)
    .join('/');
}
