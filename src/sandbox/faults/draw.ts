import { createHash } from 'node:crypto';

/** A number from 0 to below 1 that looks random and is the same for the same seed and purpose. */
export function draw(seed: string, purpose: string): number {
  const digest = createHash('sha256')
    .update(JSON.stringify([seed, purpose]))
    .digest();
  return digest.readUIntBE(0, 6) / 2 ** 48;
}
