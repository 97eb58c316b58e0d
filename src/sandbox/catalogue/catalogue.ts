import { business } from './business.ts';
import type { SandboxConnector } from './connector.ts';
import { crm } from './crm.ts';
import { documents } from './documents.ts';
import { general } from './general.ts';
import { helpdesk } from './helpdesk.ts';
import { marketing } from './marketing.ts';

/** Every connector that the sandbox can make instances of, sorted by key. */
export const catalogue: readonly SandboxConnector[] = [
  ...business,
  ...crm,
  ...documents,
  ...general,
  ...helpdesk,
  ...marketing,
].toSorted((a, b) => (a.key < b.key ? -1 : 1));
