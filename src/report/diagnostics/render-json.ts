import type { Diagnostic } from '../../model/diagnostic.ts';
import type { Json, JsonObject } from '../../model/json.ts';
import type { Position } from '../../model/position.ts';

/** Diagnostics as plain data, to stand inside a larger document. Places are flat: `file`, `line`, `column`, `endLine`, `endColumn`. */
export function toDiagnosticsJson(diagnostics: readonly Diagnostic[]): Json {
  return diagnostics.map(toObject);
}

/** Diagnostics as a JSON array; equal diagnostics give equal text. */
export function renderDiagnosticsJson(diagnostics: readonly Diagnostic[]): string {
  return printJson(toDiagnosticsJson(diagnostics));
}

function toObject({ severity, code, message, detail, hint, at, related }: Diagnostic): JsonObject {
  return {
    severity,
    code,
    message,
    detail,
    ...(hint === undefined ? {} : { hint }),
    ...(at === undefined ? {} : toPlace(at)),
    ...(related === undefined
      ? {}
      : { related: related.map((other) => ({ message: other.message, ...toPlace(other.at) })) }),
  };
}

function toPlace({ file, line, column, endLine, endColumn }: Position): JsonObject {
  return {
    file,
    line,
    column,
    ...(endLine === undefined ? {} : { endLine }),
    ...(endColumn === undefined ? {} : { endColumn }),
  };
}

/** A value as JSON text of several lines. What a terminal would act on or not show is written as an escape. */
export function printJson(value: Json): string {
  const text = JSON.stringify(value, undefined, 2);
  return `${text.replace(/(?!\n)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, toEscape)}\n`;
}

function toEscape(character: string): string {
  const units = Array.from({ length: character.length }, (_, index) => character.charCodeAt(index));
  return units.map((unit) => `\\u${unit.toString(16).padStart(4, '0')}`).join('');
}
