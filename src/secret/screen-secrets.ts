import { foldedForms } from './folded-forms.ts';
import { foldLayers } from './folded-text.ts';
import { eachHash, mix, roll, windowLength, WindowTable } from './window-table.ts';

/**
 * Tells of a secret whether a form of it may stand in one of the texts, whole or in part. False is sure: whatever the search for this secret would find
 * holds a window of eight letters and digits of it, and no text has one.
 */
export function openScreen(texts: readonly string[]): (secret: string) => boolean {
  const windows = new WindowTable();
  for (const text of texts) {
    for (const { bytes } of foldLayers(text)) eachHash(bytes, (hash) => windows.insert(hash));
  }
  return (secret) => !isScreened(secret) || foldedForms(secret).some(({ bytes }) => hasAny(bytes, windows));
}

/** What every encoding leaves as it is, in a row. */
const lettersAndDigits = new RegExp(String.raw`[A-Za-z\d]{${windowLength}}`);
/** No line of it is looked for by itself. */
const oneLine = /^[ -~]+$/;

/**
 * Whether each form of a secret is sure to hold a window. Percent signs, backslashes and entities change no letter and no digit, so that a row of these stands
 * in all such forms; and in hexadecimal digits and base64 it comes to letters and digits again, which are more.
 */
function isScreened(secret: string): boolean {
  return oneLine.test(secret) && lettersAndDigits.test(secret);
}

function hasAny(bytes: Uint8Array, windows: WindowTable): boolean {
  let rolling = 0;
  for (let index = 0; index < bytes.length; index += 1) {
    rolling = roll(rolling, bytes, index);
    if (index >= windowLength - 1 && windows.has(mix(rolling))) return true;
  }
  return false;
}
