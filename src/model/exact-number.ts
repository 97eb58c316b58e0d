/**
 * A JSON number that JavaScript would write with other digits than it came in: `1.0`, `1e3`, `-0`, `9007199254740993`.
 * It keeps its text, so that nothing passes through double precision; every other number is a `number`.
 * Has no members of its own, and is neither a JSON object nor a list: ask `isStructured`. `String()` gives the text.
 */
export interface ExactNumber {
  readonly [digits]: string;
  toString(): string;
  /** Text, as `JSON.stringify` can't write the digits. Use `writeJson`, which does. */
  toJSON(): string;
}

const digits: unique symbol = Symbol('digits');

const methods = {
  toString(this: ExactNumber): string {
    return this[digits];
  },
  toJSON(this: ExactNumber): string {
    return this[digits];
  },
};

/** A number as JSON writes it (RFC 8259, section 6). */
const jsonNumber = /^(-?)(0|[1-9]\d*)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/;

/** Whether the text is a number to JSON. YAML has others: `0x1F`, `007`, `+5`, `.5`, `.inf`. */
export function isJsonNumber(text: string): boolean {
  return jsonNumber.test(text);
}

/** The number that a text writes: a `number` only where JavaScript writes it with the same digits. */
export function toNumber(text: string): number | ExactNumber {
  const number = Number(text);
  if (String(number) === text) return number;
  const exact: ExactNumber = Object.freeze(Object.create(methods, { [digits]: { value: text, enumerable: true } }));
  return exact;
}

/** Whether a value is a number that keeps its text. */
export function isExactNumber(value: unknown): value is ExactNumber {
  return typeof value === 'object' && value !== null && digits in value;
}

/** Exponents with more digits are compared as they are written. */
const longestExponent = 15;

/**
 * Numbers of the same value give the same text, however they are spelt: `1`, `1.0` and `10e-1`; `0` and `-0`. Every digit counts.
 * Written as JavaScript writes numbers; what is no JSON number stays as it is.
 */
export function canonicalNumber(value: number | ExactNumber): string {
  const text = String(value);
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = jsonNumber.exec(text) ?? [];
  if (whole === '' || exponent.length > longestExponent) return text;
  const written = whole + fraction;
  const first = countZeros(written);
  if (first === written.length) return '0';
  const significant = written.slice(first, written.length - countZerosAtEnd(written));
  // The decimal point stands before the digit with this number.
  const point = whole.length - first + Number(exponent);
  return sign + placePoint(significant, point);
}

function countZeros(text: string): number {
  let count = 0;
  while (text[count] === '0') count += 1;
  return count;
}

function countZerosAtEnd(text: string): number {
  let count = 0;
  while (text[text.length - 1 - count] === '0') count += 1;
  return count;
}

/** ECMAScript, Number::toString: an exponent only from 21 digits before or 6 zeros behind the point on. */
function placePoint(significant: string, point: number): string {
  const { length } = significant;
  if (length <= point && point <= 21) return significant.padEnd(point, '0');
  if (point > 0 && point <= 21) return `${significant.slice(0, point)}.${significant.slice(point)}`;
  if (point > -6 && point <= 0) return `0.${'0'.repeat(-point)}${significant}`;
  const mantissa = length === 1 ? significant : `${significant[0]}.${significant.slice(1)}`;
  return `${mantissa}e${point > 0 ? '+' : '-'}${Math.abs(point - 1)}`;
}
