import type { Redactor } from '../model/redactor.ts';
import { escapeForeign } from './escape-foreign.ts';

/** The other side, as messages speak of it. */
export interface Site {
  /** Name and port. */
  readonly host: string;
  /** Foreign text with known secrets taken out, escaped and cut. */
  show(text: string): string;
}

/** The site of a base URL. */
export function toSite(baseUrl: string, redactor: Redactor): Site {
  return { host: new URL(baseUrl).host, show: (text) => escapeForeign(redactor.redact(text)) };
}
