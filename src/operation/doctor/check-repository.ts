import path from 'node:path';
import { readFolder } from '../../disk/read-folder.ts';
import { exists, readText } from '../../disk/read-text.ts';
import { findRepository } from '../../disk/run-git.ts';
import { findStateFolder } from '../../disk/state-folder.ts';
import type { Workspace } from '../../model/environment.ts';
import type { SetUpCheck } from '../../model/set-up-check.ts';
import { UserError } from '../../model/user-error.ts';
import { readStamp } from '../init/stamp.ts';
import { listActionFiles } from '../init/wanted-files.ts';
import { findEnvironmentGap } from '../init/workflow-gaps.ts';
import { actionFolder } from '../init/workflow-settings.ts';
import { version } from '../version.ts';

/** The folder for what a run leaves behind: this user's own, and never part of the repository. */
export function checkStateFolder(directory: string): SetUpCheck {
  const name = 'state-folder';
  try {
    const folder = findStateFolder(directory);
    const message =
      folder === undefined
        ? '.connectorctl is not there yet; the first apply makes it.'
        : '.connectorctl belongs to this user, and git does not track it.';
    return { name, status: 'ok', message };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { name, status: 'failed', message: error.message, hint: error.hint };
  }
}

const workflowFolder = '.github/workflows';

/** Whether every environment on a real platform has a job in each workflow of ours. */
export function checkWorkflows({ directory, environments }: Workspace): SetUpCheck {
  const name = 'workflows';
  const root = findRepository(directory) ?? directory;
  const wanted = [...environments.values()].filter(({ platform }) => platform === 'remote').map((one) => one.name);
  const texts = [...readFolder(path.join(root, workflowFolder), /\.ya?ml$/)];
  // In a text that is of ours, somebody who is nobody has no job.
  const ours = texts.filter(([, text]) => findEnvironmentGap(text, ['\0']) !== undefined);
  if (ours.length === 0) {
    return {
      name,
      status: 'warning',
      message: `No workflow in ${workflowFolder} runs connectorctl.`,
      hint: 'If the repository is on GitHub, write them with:\nconnectorctl init',
    };
  }
  const gaps = ours.flatMap(([file, text]) => {
    const gap = findEnvironmentGap(text, wanted);
    return gap === undefined ? [] : [{ file, missing: gap.missing, line: gap.line }];
  });
  if (gaps.length === 0) {
    return { name, status: 'ok', message: `${count(ours.length, 'workflow')} with a job for every environment.` };
  }
  const missing = [...new Set(gaps.flatMap((gap) => gap.missing))];
  return {
    name,
    status: 'failed',
    message: `${missing.join(', ')} ${missing.length === 1 ? 'has' : 'have'} no job in ${gaps.map(({ file }) => file).join(', ')}: nothing is planned or applied there.`,
    hint: gaps.map(({ file, line }) => `In ${workflowFolder}/${file}, the line is to be:\n${line}`).join('\n'),
  };
}

/** Whether the Action that lies in the repository is the one that this program brings. */
export function checkAction(directory: string): SetUpCheck {
  const name = 'action';
  const root = findRepository(directory) ?? directory;
  if (!exists(path.join(root, actionFolder))) {
    return { name, status: 'ok', message: `No copy of the Action in ${actionFolder}.` };
  }
  const differing = listActionFiles(root).filter((wanted) => {
    const read = readText(wanted.path, mostBytes);
    return !('text' in read) || read.text !== wanted.text;
  });
  if (differing.length === 0) return { name, status: 'ok', message: `The Action is of this version, ${version}.` };
  const manifest = readText(path.join(root, actionFolder, 'action.yml'));
  const written = 'text' in manifest ? readStamp(manifest.text)?.version : undefined;
  const isOther = written !== undefined && written !== version;
  const files = differing.map((one) => path.basename(one.path)).join(', ');
  return {
    name,
    status: 'warning',
    message: isOther
      ? `The Action in ${actionFolder} is of version ${written}, this program of version ${version}.`
      : `The Action in ${actionFolder} is not the one of version ${version}: ${files}.`,
    hint: 'Bring it up to date in a pull request:\nconnectorctl init --upgrade',
  };
}

/** As in `init`: the bundle is the largest file. */
const mostBytes = 16 * 1024 * 1024;

function count(number: number, noun: string): string {
  return `${number} ${number === 1 ? noun : `${noun}s`}`;
}
