import type { Redactor, Secret } from '../model/secret.ts';
import { createRedactor, maskForms } from '../secret/redactor.ts';

/** The secrets that a run has met so far. */
export interface KnownSecrets {
  /** Remembers a secret. Answers its forms that were not known before, each on one line, for the mask of a CI runner only. */
  learn(secret: Secret): readonly string[];
  /** Takes every known secret out of text that strangers wrote. */
  readonly redact: Redactor['redact'];
}

/** Knows no secret yet. */
export function openKnownSecrets(): KnownSecrets {
  const redactor = createRedactor();
  const known = new Set<string>();
  return {
    learn: (secret) => {
      redactor.add(secret);
      const fresh = maskForms(secret).filter((form) => !known.has(form));
      for (const form of fresh) known.add(form);
      return fresh;
    },
    redact: (text) => redactor.redact(text),
  };
}
