import type { Diagnostic } from '../../model/diagnostic.ts';
import { asJson, type Json } from '../../model/json.ts';
import type { Position } from '../../model/position.ts';

/** Diagnostics as plain data, as a part of a larger document. Places are flat: `file`, `line`, `column`, `endLine`, `endColumn`. */
export function toDiagnosticsJson(diagnostics: readonly Diagnostic[]): Json {
  return asJson(diagnostics.map(flattenPlaces));
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
  const text = JSON.stringify(value, undefined, 2);
  return `${text.replace(/(?!\n)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, toEscape)}\n`;
}

function toEscape(character: string): string {
  const units = Array.from({ length: character.length }, (_, index) => character.charCodeAt(index));
  return units.map((unit) => `\\u${unit.toString(16).padStart(4, '0')}`).join('');
}
