import { dirname, resolve } from 'node:path';
import { versions } from 'node:process';
import { type Diagnostic, isError } from '../../model/diagnostic.ts';
import { type SetUpCheck, setUpChecks } from '../../model/set-up-check.ts';
import { UserError } from '../../model/user-error.ts';
import { loadDefinitions, type LoadedDefinitions } from '../load-definitions.ts';
import type { OperationPorts, OperationTarget } from '../operation-ports.ts';
import type { OperationResult } from '../result.ts';
import { checkPlatform } from './check-platform.ts';
import { checkAction, checkStateFolder, checkWorkflows } from './check-repository.ts';
import { checkCredentials, checkFingerprints, checkHostName, checkNode, checkSecrets } from './check-settings.ts';

export interface DoctorOptions {
  /** Of the Node.js that runs this: `20.20.2`. */
  readonly nodeVersion?: string | undefined;
}

/**
 * Looks at all that has to be right before a plan can be made and applied, and says of each thing whether it is, and what to do. Sends only
 * reads, and credentials only to a host that may have them. Every check is made, whatever another one says; one that cannot be made says why.
 *
 * 1. the program and the workspace file
 * 2. what stands in the repository: definitions, secrets, state folder, workflows, Action
 * 3. what the process was given: host, credentials, fingerprint key
 * 4. what the platform says: connection, clock, account, permissions, catalogue. With credentials of another account no instance is read.
 */
export async function doctor(
  ports: OperationPorts,
  target: OperationTarget,
  { nodeVersion = versions.node }: DoctorOptions = {},
): Promise<OperationResult> {
  const found = await loadQuietly(ports, target);
  const checks = [checkNode(nodeVersion), checkWorkspace(found)];
  const loaded = 'loaded' in found ? found.loaded : undefined;
  if (loaded !== undefined) {
    const { workspace } = loaded;
    checks.push(
      checkDefinitions(loaded),
      await checkSecrets(ports, target),
      checkStateFolder(workspace.directory),
      checkWorkflows(workspace),
      checkAction(workspace.directory),
      checkHostName(loaded, ports),
      checkCredentials(loaded, ports),
      checkFingerprints(loaded.environment, ports),
      ...(await checkPlatform(loaded, ports)),
    );
  }
  return {
    kind: 'examined',
    setUp: { environment: loaded?.environment.name, checks: complete(checks) },
    diagnostics: [],
    directory: loaded?.workspace.directory ?? directoryOf(ports, target),
  };
}

type LoadEnd = { readonly loaded: LoadedDefinitions } | { readonly diagnostics: readonly Diagnostic[] };

/** What cannot be read is a check that fails, and no end of the others. */
async function loadQuietly(ports: OperationPorts, target: OperationTarget): Promise<LoadEnd> {
  try {
    const loading = await loadDefinitions({ ...ports, notice: () => {} }, target, { unsetBlocks: true });
    return loading.ok ? { loaded: loading.value } : { diagnostics: loading.diagnostics };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return {
      diagnostics: [
        {
          severity: 'error',
          code: error.code,
          message: 'The workspace cannot be read',
          detail: error.message,
          hint: error.hint,
        },
      ],
    };
  }
}

function checkWorkspace(found: LoadEnd): SetUpCheck {
  if ('loaded' in found) {
    const { workspace, environment } = found.loaded;
    const count = workspace.environments.size;
    const of = count === 1 ? '' : `, one of ${count}`;
    return {
      name: 'workspace',
      status: 'ok',
      message: `${workspace.file} is the workspace ${workspace.name}; the environment is ${environment.name}${of}.`,
    };
  }
  const { diagnostics } = found;
  const first = diagnostics.find(isError);
  const place = first?.at === undefined ? '' : `${first.at.file}:${first.at.line}:${first.at.column}: `;
  return {
    name: 'workspace',
    status: 'failed',
    message: `${place}${first?.message ?? 'The workspace file cannot be read'}. ${first?.detail ?? ''}`.trim(),
    hint: first?.hint,
  };
}

function describeErrors(errors: readonly Diagnostic[], files: number): string {
  const count = errors.length === 1 ? '1 error' : `${errors.length} errors`;
  if (files > 0) return `${count} in ${files === 1 ? '1 file' : `${files} files`}.`;
  // Nothing was read, such as where the folder is missing: what is wrong is not in a file.
  const [first] = errors;
  return errors.length === 1 && first !== undefined
    ? `${first.message}. ${first.detail}`
    : `${count}, and no file was read.`;
}

function checkDefinitions({ diagnostics, files }: LoadedDefinitions): SetUpCheck {
  const errors = diagnostics.filter(isError);
  const warnings = diagnostics.length - errors.length;
  const name = 'definitions';
  if (errors.length > 0) {
    return {
      name,
      status: 'failed',
      message: describeErrors(errors, files.length),
      hint: 'See them with:\nconnectorctl validate',
    };
  }
  if (files.length === 0) {
    return {
      name,
      status: 'warning',
      message: 'There is no definition yet.',
      hint: 'Write one for what is live, or a first one of a connector:\nconnectorctl import --all\nconnectorctl init --connector KEY',
    };
  }
  const count = files.length === 1 ? '1 file' : `${files.length} files`;
  if (warnings === 0) return { name, status: 'ok', message: `${count}, no problems.` };
  const message = `${count}, ${warnings === 1 ? '1 warning' : `${warnings} warnings`}.`;
  return { name, status: 'warning', message, hint: 'See them with:\nconnectorctl validate' };
}

/** Each check in its place; those that were not made too. */
function complete(checks: readonly SetUpCheck[]): readonly SetUpCheck[] {
  return setUpChecks.map(
    (name) =>
      checks.find((one) => one.name === name) ?? {
        name,
        status: 'skipped',
        message: 'Not looked at: the workspace file comes first.',
      },
  );
}

function directoryOf({ cwd }: OperationPorts, { configFile }: OperationTarget): string {
  return configFile === undefined ? cwd : dirname(resolve(cwd, configFile));
}
