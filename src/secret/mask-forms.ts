import { reveal, type Secret } from '../model/secret.ts';
import { encodedForms } from './encoded-forms.ts';

/** A shorter part of a secret is met by chance: masking it would make a log unreadable and show where the secret is. */
const shortestPart = 4;

/**
 * What a CI runner has to mask so that no form of a secret is seen in a log. Each on one line, as runners mask line by line.
 * Must go to the runner and nowhere else: these are secrets.
 */
export function maskForms(secret: Secret): readonly string[] {
  const text = reveal(secret);
  const lines = encodedForms(text)
    .flatMap((form) => form.split(/[\r\n]+/))
    .filter((line) => line.trim() !== '' && (line === text || line.length >= shortestPart));
  return [...new Set(lines)];
}
