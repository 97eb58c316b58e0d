import { answerWith } from '../exchange.ts';
import type { Route } from '../exchange.ts';

/** Who the credentials belong to (platform-api §2). */
export const accountRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/organizations/me',
    handle: () => answerWith({ id: 1, name: 'Sandbox', active: true, defaultAccountId: 1 }),
  },
];
