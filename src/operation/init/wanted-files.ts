import path from 'node:path';
import { readShippedFile } from '../../disk/shipped-file.ts';
import { renderApplyWorkflow } from './apply-workflow.ts';
import { renderDriftWorkflow } from './drift-workflow.ts';
import { renderPlanWorkflow } from './plan-workflow.ts';
import { actionFolder, type WorkflowSettings } from './workflow-settings.ts';

/** A file that init wants to be there. */
export interface WantedFile {
  /** Absolute path. */
  readonly path: string;
  readonly text: string;
}

/** A wanted file that is a workflow: its list of secrets has to follow the definitions. */
export interface WantedWorkflow extends WantedFile {
  readonly settings: WorkflowSettings;
}

/** What editors need beside the definitions. */
export function listEditorFiles(directory: string): readonly WantedFile[] {
  return ['schema/instance.schema.json', 'schema/workspace.schema.json'].map((name) => ({
    path: path.join(directory, name),
    text: readShippedFile(name),
  }));
}

/** @param root absolute root of the repository, where GitHub looks for workflows */
export function listWorkflows(root: string, settings: WorkflowSettings): readonly WantedWorkflow[] {
  const texts = {
    plan: renderPlanWorkflow(settings),
    apply: renderApplyWorkflow(settings),
    drift: renderDriftWorkflow(settings),
  };
  return Object.entries(texts).map(([name, text]) => ({
    path: path.join(root, `.github/workflows/${name}.yaml`),
    text,
    settings,
  }));
}

/** The Action itself, as this program brings it: a repository holds it, so that it changes only by a commit. */
export function listActionFiles(root: string): readonly WantedFile[] {
  return ['action.yml', 'index.mjs', 'LICENSES.txt'].map((name) => ({
    path: path.join(root, actionFolder, name),
    text: readShippedFile(`${actionFolder}/${name}`),
  }));
}
