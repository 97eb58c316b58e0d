import type { Diagnostic, SilencedDiagnostic } from '../../model/diagnostic.ts';
import { asJson, type Json } from '../../model/json.ts';
import type { Position } from '../../model/position.ts';
import { disarmJson } from '../../model/visible.ts';

/** Diagnostics as plain data, as a part of a larger document. Places are flat: `file`, `line`, `column`, `endLine`, `endColumn`. */
export function toDiagnosticsJson(diagnostics: readonly Diagnostic[]): Json {
  return asJson(diagnostics.map(flattenPlaces));
}

/** As a JSON array of diagnostics, each with the reason why it is silenced. */
export function toSilencedJson(silenced: readonly SilencedDiagnostic[]): Json {
  return asJson(silenced.map((one) => ({ ...flattenPlaces(one), reason: one.reason })));
}

/** Diagnostics as a JSON array; equal diagnostics give equal text. */
export function renderDiagnosticsJson(diagnostics: readonly Diagnostic[]): string {
  return printJson(toDiagnosticsJson(diagnostics));
}

/** In one order of keys, whatever that of the diagnostic is. */
function flattenPlaces({ severity, code, message, detail, hint, at, related }: Diagnostic): object {
  const others = related?.map((other) => ({ message: other.message, ...orderPlace(other.at) }));
  return { severity, code, message, detail, hint, ...(at && orderPlace(at)), related: others };
}

function orderPlace({ file, line, column, endLine, endColumn }: Position): Position {
  return { file, line, column, endLine, endColumn };
}

/** A value as JSON text of several lines. What a terminal would interpret or not show is written as an escape. */
export function printJson(value: Json): string {
  return `${disarmJson(JSON.stringify(value, undefined, 2))}\n`;
}
