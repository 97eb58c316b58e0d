export interface SandboxCredentials {
  readonly userSecret: string;
  readonly organizationSecret: string;
}

/**
 * What the sandbox accepts unless told otherwise. They open nothing but a server on this machine.
 * They hold `/`, `+` and `=`, as real ones may (platform-api §2), so that a client that trims or encodes them is found out.
 */
export const sandboxCredentials: SandboxCredentials = {
  userSecret: 'sandbox/user+secret=',
  organizationSecret: 'sandbox/organization+secret=',
};
