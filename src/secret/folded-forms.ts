import { foldedBytes, isAscii } from './folded-text.ts';

export interface FoldedForm {
  readonly bytes: Uint8Array;
  /** Windows that begin before this are what many texts begin with. */
  readonly from: number;
}

/** A secret as it is, reversed, as hexadecimal digits and inside base64, folded as a text is. */
export function foldedForms(text: string): readonly FoldedForm[] {
  const bytes = Buffer.from(text, 'utf8');
  const plain = foldedBytes(text);
  const encoded = [0, 1, 2].map((offset) => foldedBytes(innerBase64(bytes, offset)));
  const others = [reversed(text, plain), hexDigits(bytes), ...encoded];
  return [{ bytes: plain, from: commonStart(text) }, ...others.map((form) => ({ bytes: form, from: 0 }))];
}

/** Folded backwards, a text of ASCII is its folded bytes backwards. */
function reversed(text: string, folded: Uint8Array): Uint8Array {
  return isAscii(text) ? folded.toReversed() : foldedBytes(Array.from(text).toReversed().join(''));
}

const digits = Buffer.from('0123456789abcdef', 'latin1');

function hexDigits(bytes: Uint8Array): Uint8Array {
  const hex = new Uint8Array(bytes.length * 2);
  for (let at = 0; at < bytes.length; at += 1) {
    const byte = bytes[at] ?? 0;
    hex[2 * at] = digits[byte >> 4] ?? 0;
    hex[2 * at + 1] = digits[byte & 0x0f] ?? 0;
  }
  return hex;
}

/** Scheme and host of an address are no secret by themselves, and neither is the first line of a key. */
function commonStart(text: string): number {
  const common =
    /^\s*(?:[a-z][a-z\d+.-]*:\/\/[^/?#@\s]*(?![^/?#\s]*@)|-----BEGIN [A-Z\d ]+-----)/i.exec(text)?.[0] ?? '';
  return common === '' ? 0 : foldedBytes(common).length;
}

/** The characters that depend on these bytes only, whatever stands before and behind them: the bytes begin at one of three offsets. */
export function innerBase64(bytes: Buffer, offset: number): string {
  const encoded = (offset === 0 ? bytes : Buffer.concat([Buffer.alloc(offset), bytes])).toString('base64');
  return encoded.slice(Math.ceil((offset * 8) / 6), Math.floor(((offset + bytes.length) * 8) / 6));
}
