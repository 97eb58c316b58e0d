import path from 'node:path';
import { environmentOfPlan } from '../disk/plan-file.ts';
import type { CommandContext } from '../report/next-step.ts';

/**
 * Commands that go where the plan file goes, when no environment was named beside it: without this, a next step that takes no plan file,
 * such as the plan to make instead, would ask the default environment.
 */
export function withPlanEnvironment(commands: CommandContext, cwd: string): CommandContext {
  const { planFile, environment } = commands;
  if (planFile === undefined || environment !== undefined) return commands;
  return { ...commands, environment: environmentOfPlan(path.resolve(cwd, planFile)) };
}
