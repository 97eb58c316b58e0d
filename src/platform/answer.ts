import type { LiveInstance } from '../model/live.ts';
import type { Redactor } from '../model/redactor.ts';
import { toUnreadable } from './no-answer.ts';
import type { Reply } from './reply.ts';
import type { Site } from './site.ts';
import { decodeInstance } from './wire/decode-instance.ts';
import { parseJson, type Decoded } from './wire/json.ts';

/** What a reply holds. Throws a PlatformError when it cannot be read, unclear for a write. */
export function readAnswer<T>(reply: Reply, site: Site, decode: (value: unknown) => Decoded<T>): T {
  const json = parseJson(reply.text);
  const answer = json.ok ? decode(json.value) : json;
  if (!answer.ok) throw toUnreadable(reply, site, answer.problem);
  return answer.value;
}

/** The instance that a reply holds. */
export function readInstanceAnswer(reply: Reply, site: Site, redactor: Redactor): LiveInstance {
  return readAnswer(reply, site, (value) => decodeInstance(value, redactor));
}
