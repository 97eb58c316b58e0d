import type { Diagnostic } from '../../model/diagnostic.ts';
import { asJson } from '../../model/json.ts';
import type { Position } from '../../model/position.ts';
import { printJson } from './render-json.ts';

/** What is known about a code besides the diagnostics themselves. */
interface DiagnosticRule {
  readonly code: string;
  readonly severity: 'error' | 'warning';
  readonly message: string;
  /** Why it matters. */
  readonly help: string;
  /** A definition in which it is found, and one in which it is not. */
  readonly example?: { readonly bad: string; readonly good: string } | undefined;
}

interface DiagnosticsSarifOptions {
  readonly toolVersion: string;
  /** Explanations of codes; a code that is not among them is explained by the message of its diagnostic. */
  readonly rules?: readonly DiagnosticRule[] | undefined;
  /** Where the page of rules is, for `helpUri`; absent while the package names no repository. */
  readonly rulesPage?: string | undefined;
  /** Path of the workspace folder below the root of the repository, with `/` at its end. */
  readonly pathPrefix?: string | undefined;
}

/** Diagnostics as SARIF 2.1.0, for code scanning. Holds a rule for each known code, in the order of codes. */
export function renderDiagnosticsSarif(diagnostics: readonly Diagnostic[], options: DiagnosticsSarifOptions): string {
  const rules = allRules(diagnostics, options.rules ?? []);
  const indexes = new Map(rules.map(({ code }, index) => [code, index]));
  const pages = new Set(options.rulesPage === undefined ? [] : options.rules?.map(({ code }) => code));
  const describe = (rule: DiagnosticRule): object => ({
    ...describeRule(rule),
    helpUri: pages.has(rule.code) ? `${options.rulesPage ?? ''}#${rule.code}` : undefined,
  });
  const toResult = resultMaker(indexes, options.pathPrefix ?? '');
  const log = asJson({
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'connectorctl', version: options.toolVersion, rules: rules.map(describe) } },
        columnKind: 'utf16CodeUnits',
        results: diagnostics.map(toResult),
      },
    ],
  });
  return printJson(log);
}

function allRules(diagnostics: readonly Diagnostic[], known: readonly DiagnosticRule[]): readonly DiagnosticRule[] {
  const rules = new Map(known.map((rule) => [rule.code, rule]));
  for (const { code, severity, message } of diagnostics) {
    if (!rules.has(code)) rules.set(code, { code, severity, message, help: `${message}.` });
  }
  return [...rules.values()].toSorted((one, other) => (one.code < other.code ? -1 : 1));
}

function describeRule({ code, severity, message, help, example }: DiagnosticRule): object {
  const examples = example === undefined ? '' : `\n\n${fence('Bad', example.bad)}\n${fence('Good', example.good)}`;
  return {
    id: code,
    shortDescription: { text: message },
    fullDescription: { text: help },
    help: { text: help, markdown: `${help}${examples}` },
    defaultConfiguration: { level: severity },
  };
}

/** @param text YAML of our own, which holds no fence */
function fence(title: string, text: string): string {
  return `${title}:\n\n\`\`\`yaml\n${text}\`\`\`\n`;
}

/** For what has no place in a file. GitHub takes no result of a log in which one has no location: "expected at least one location". */
const noPlace: Position = { file: 'connectorctl.yaml', line: 1, column: 1 };

function resultMaker(indexes: ReadonlyMap<string, number>, pathPrefix: string): (diagnostic: Diagnostic) => object {
  return ({ code, severity, detail, hint, at, related }) => ({
    ruleId: code,
    ruleIndex: indexes.get(code) ?? -1,
    level: severity,
    message: { text: hint === undefined ? detail : `${detail}\n${hint}` },
    locations: [{ physicalLocation: locate(at ?? noPlace, pathPrefix) }],
    relatedLocations: related?.map((other, id) => ({
      id,
      message: { text: other.message },
      physicalLocation: locate(other.at, pathPrefix),
    })),
  });
}

function locate({ file, line, column, endLine, endColumn }: Position, pathPrefix: string): object {
  return {
    artifactLocation: { uri: encodePath(`${pathPrefix}${file}`), uriBaseId: '%SRCROOT%' },
    region: { startLine: line, startColumn: column, endLine, endColumn },
  };
}

function encodePath(path: string): string {
  // Half a surrogate pair cannot be in a URI.
  return path
    .replace(/\p{Cs}/gu, '\uFFFD')
    .split('/')
    .map(encodeURIComponent)
    .join('/');
}
