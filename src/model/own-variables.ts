/** Variables of the process environment that an environment may have for itself, as in `CONNECTORCTL_USER_SECRET_PROD`. */
export const generalVariables = {
  userSecret: 'CONNECTORCTL_USER_SECRET',
  organizationSecret: 'CONNECTORCTL_ORGANIZATION_SECRET',
  fingerprintKey: 'CONNECTORCTL_FINGERPRINT_KEY',
  formerFingerprintKey: 'CONNECTORCTL_FINGERPRINT_KEY_PREVIOUS',
  formerOrganizationSecret: 'CONNECTORCTL_ORGANIZATION_SECRET_PREVIOUS',
  bundle: 'CONNECTORCTL_SECRETS',
} as const;

const secretPrefix = 'CONNECTORCTL_SECRET_';

/** The variable by which a secret is set: `secrets.NAME` is `CONNECTORCTL_SECRET_NAME`, for all environments. */
export function secretVariable(name: string): string {
  return `${secretPrefix}${name}`;
}

/** The name of the secret that a variable sets; undefined when it is another variable. */
export function secretOfVariable(variable: string): string | undefined {
  return variable.startsWith(secretPrefix) ? variable.slice(secretPrefix.length) : undefined;
}

export type GeneralVariable = (typeof generalVariables)[keyof typeof generalVariables];

/** The environment of a process. */
export type ProcessVariables = Readonly<Record<string, string | undefined>>;

/** The name of the variable that counts for one environment alone: `prod-eu` and `CONNECTORCTL_USER_SECRET` make `CONNECTORCTL_USER_SECRET_PROD_EU`. */
export function ownVariable(general: GeneralVariable, environment: string): string {
  return `${general}_${environment.replaceAll(/[^A-Za-z0-9]/g, '_').toUpperCase()}`;
}

/** The variable that counts for the environment: its own when that is set, else the general one. An empty one is not set, as a workflow passes it. */
export function variableFor(general: GeneralVariable, environment: string, env: ProcessVariables): string {
  const own = ownVariable(general, environment);
  return isSet(env, own) ? own : general;
}

/** Whether the variable holds anything. */
export function isSet(env: ProcessVariables, name: string): boolean {
  return (env[name] ?? '') !== '';
}

/**
 * The general variable that a name stands for, itself or for one environment. One that begins like two is of the longer:
 * `CONNECTORCTL_ORGANIZATION_SECRET_PREVIOUS_PROD` is the former secret of `prod`, and no secret of an environment `previous-prod`.
 */
export function generalOf(name: string): GeneralVariable | undefined {
  return Object.values(generalVariables)
    .filter((general) => name === general || name.startsWith(`${general}_`))
    .toSorted((left, right) => right.length - left.length)[0];
}

/** A variable that is set and may be meant for two. */
export interface SharedVariable {
  readonly name: string;
  /** The other environment that it would be of; undefined: it is one for all environments. */
  readonly other?: string | undefined;
}

/**
 * The first variable of the environment that is set and would be of another one too, as names of environments differ by more than names of
 * variables can: `eu-1` and `eu.1`, or an environment `previous`, whose variable has the name of that for a former key.
 */
export function findSharedVariable(
  environment: string,
  { environments, env }: { readonly environments: Iterable<string>; readonly env: ProcessVariables },
): SharedVariable | undefined {
  const others = [...environments].filter((name) => name !== environment);
  const general: readonly string[] = Object.values(generalVariables);
  for (const name of ownVariablesOf(environment).filter((one) => isSet(env, one))) {
    if (general.includes(name)) return { name };
    const other = others.find((one) => ownVariablesOf(one).includes(name));
    if (other !== undefined) return { name, other };
  }
  return undefined;
}

function ownVariablesOf(environment: string): readonly string[] {
  return Object.values(generalVariables).map((general) => ownVariable(general, environment));
}
