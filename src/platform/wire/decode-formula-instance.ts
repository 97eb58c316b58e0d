import type { FormulaInstance } from '../../model/platform.ts';
import { decodeId } from './decode-id.ts';
import { readField, readText, undecodable, type Decoded } from './json.ts';

/**
 * Reads an entry of `GET /formulas/instances` (platform-api §12).
 * @param show makes foreign text fit to be shown
 */
export function decodeFormulaInstance(value: unknown, show: (text: string) => string): Decoded<FormulaInstance> {
  const id = decodeId(readField(value, 'id'));
  if (id === undefined) return undecodable('its id is missing or no number');
  return { ok: true, value: { id, name: show(readText(value, 'name') ?? '') } };
}
