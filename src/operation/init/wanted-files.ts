import path from 'node:path';
import { readShippedFile } from '../../disk/shipped-file.ts';
import { listEditorSchemas } from '../editor-schemas.ts';
import { version } from '../version.ts';
import { renderApplyWorkflow } from './apply-workflow.ts';
import { listAuthorizable, renderAuthorizeWorkflow } from './authorize-workflow.ts';
import { callbackPageFile, renderCallbackPage } from './callback-page.ts';
import { renderDriftWorkflow } from './drift-workflow.ts';
import { renderPlanWorkflow } from './plan-workflow.ts';
import { stampText } from './stamp.ts';
import { actionFolder, type WorkflowSettings } from './workflow-settings.ts';

/** A file that init wants to be there. */
export interface WantedFile {
  /** Absolute path. */
  readonly path: string;
  readonly text: string;
}

/** A wanted file that is a workflow: what it names has to follow the workspace. */
export interface WantedWorkflow extends WantedFile {
  readonly settings: WorkflowSettings;
}

/**
 * The schemas that editors need beside the definitions.
 * @param used connectors that definitions use
 */
export async function listEditorFiles(directory: string, used: Iterable<string>): Promise<readonly WantedFile[]> {
  const workspace = 'schema/workspace.schema.json';
  const [definition, ...connectors] = await listEditorSchemas(directory, used);
  const schemas = [definition, { file: workspace, text: readShippedFile(workspace) }, ...connectors];
  return schemas.map(({ file, text }) => ({ path: path.join(directory, file), text }));
}

/** @param root absolute root of the repository, where GitHub looks for workflows */
export function listWorkflows(root: string, settings: WorkflowSettings): readonly WantedWorkflow[] {
  const texts = {
    plan: renderPlanWorkflow(settings),
    apply: renderApplyWorkflow(settings),
    drift: renderDriftWorkflow(settings),
    ...(listAuthorizable(settings).length === 0 ? {} : { authorize: renderAuthorizeWorkflow(settings) }),
  };
  return Object.entries(texts).map(([name, text]) => ({
    path: path.join(root, `.github/workflows/${name}.yaml`),
    text: stampText(text, version),
    settings: name === 'authorize' ? { ...settings, environments: listAuthorizable(settings) } : settings,
  }));
}

/** The page that a browser comes back to after consent. @param directory absolute folder of the workspace */
export function listCallbackPage(directory: string): readonly WantedFile[] {
  return [{ path: path.join(directory, callbackPageFile), text: renderCallbackPage() }];
}

/** The Action itself, as this program brings it: a repository holds it, so that it changes only by a commit. */
export function listActionFiles(root: string): readonly WantedFile[] {
  const place = (name: string): string => path.join(root, actionFolder, name);
  return [
    { path: place('action.yml'), text: stampText(readActionFile('action.yml'), version) },
    ...['index.mjs', 'LICENSES.txt'].map((name) => ({ path: place(name), text: readActionFile(name) })),
  ];
}

function readActionFile(name: string): string {
  return readShippedFile(`${actionFolder}/${name}`);
}
