import type { Route } from '../exchange.ts';
import { accountRoutes } from './account.ts';
import { dataRoutes } from './data.ts';
import { elementRoutes } from './element.ts';
import { formulaRoutes } from './formula.ts';
import { instanceConfigurationRoutes } from './instance-configuration.ts';
import { instanceLists } from './instance-list.ts';
import { instanceRoutes } from './instance.ts';

/** Everything that the sandbox answers. */
export const routes: readonly Route[] = [
  ...instanceLists,
  ...instanceRoutes,
  ...instanceConfigurationRoutes,
  ...elementRoutes,
  ...accountRoutes,
  ...dataRoutes,
  ...formulaRoutes,
];
