import type { SignatureCause } from '../../events/explain-signature.ts';
import type { RefusedBecause } from '../../events/receiver.ts';

/** What is wrong with a request, in a sentence. */
export const refusedWords: Readonly<Record<RefusedBecause, string>> = {
  missing: 'it is not signed',
  repeated: 'it has more than one signature',
  sha1: 'it is signed with SHA-1 (sha1=), as old senders did, which is refused',
  malformed: 'its signature is not sha256= and 44 characters of Base64',
  different: 'its signature was made with another key or of another body',
  'not-raw': 'its body is not what came over the wire',
  'no-key': 'there is no key to check it with',
  'not-json': 'it is rightly signed, but no JSON',
  'not-a-notification': 'it is rightly signed, but no notification',
  method: 'it is no POST',
  'too-large': 'its body is larger than 5 MB',
  'too-slow': 'it did not arrive within 10 seconds',
  broken: 'it ended too early, or was no HTTP',
};

interface CauseWords {
  readonly what: string;
  readonly todo: string;
}

/** What somebody did on the way, and what to do about it. */
export const causeWords: Readonly<Record<SignatureCause, CauseWords>> = {
  'line-end-added': {
    what: 'The body has a line end that was not signed.',
    todo: 'Sign and check the bytes of the request; editors, `echo` and logs add one.',
  },
  'line-end-removed': {
    what: 'The line end at the end of the body is missing.',
    todo: 'Check the bytes of the request, not a trimmed text.',
  },
  'line-ends-changed': {
    what: 'The line ends of the body were changed.',
    todo: 'Keep the body as bytes; git and editors on Windows change line ends.',
  },
  'mark-added': {
    what: 'The body begins with a byte order mark that was not signed.',
    todo: 'Save the body without it.',
  },
  'encoded-again': {
    what: 'The body was parsed and written again as JSON, with other blanks or escapes.',
    todo: 'Check the raw body before anything parses it, with Express for instance by express.raw in place of express.json.',
  },
  'charset-changed': {
    what: 'The body was read in another character set than it was written in.',
    todo: 'Keep the body as bytes, or read it as UTF-8.',
  },
  'key-line-end': {
    what: 'The key differs from the one that signed by a line end.',
    todo: 'Give sender and receiver the same key: `printf %s KEY` writes none, `echo` and most editors do.',
  },
  'key-blanks': { what: 'The key has blanks around it that the one that signed has not.', todo: 'Take them away.' },
  'key-encoded': {
    what: 'The key is an encoding (Base64 or hexadecimal) of the one that signed.',
    todo: 'Give sender and receiver the same text: the platform takes the key as it is written.',
  },
  'no-prefix': {
    what: 'The header holds the right digest without sha256= in front.',
    todo: 'Pass the whole value of the header on.',
  },
  hexadecimal: { what: 'The digest is right, but hexadecimal.', todo: 'The platform writes it in Base64.' },
  base64url: {
    what: 'The digest is right, but in the Base64 of URLs or without the = at its end.',
    todo: 'The platform writes it in plain Base64, with padding.',
  },
  'other-prefix': {
    what: 'The digest is right, but what stands in front is not sha256=.',
    todo: 'Pass the whole value of the header on, as it is.',
  },
  'sha1-matches': {
    what: 'The body was signed with this key, with SHA-1.',
    todo: 'SHA-1 proves little. The platform signs with SHA-256 since 2018; look for who sends this.',
  },
};
