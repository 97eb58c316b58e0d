import { createHash } from 'node:crypto';
import type { Digest } from '../model/hashing.ts';

/** SHA-256 of UTF-8 text, lower-case hex. */
export const sha256Hex: Digest = (text) => createHash('sha256').update(text, 'utf8').digest('hex');
