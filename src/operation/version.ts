import manifest from '../../package.json' with { type: 'json' };

/** Version of this tool. */
export const version: string = manifest.version;

/** What `package.json` says of the version, and may say of where the sources are. */
interface Described {
  readonly version: string;
  readonly repository?: string | { readonly url?: string | undefined } | undefined;
}

/** The page of rules of this very version, on the server that the package names as its home; undefined when it names none. */
export const rulesPage: string | undefined = locateRulesPage(manifest);

/** The page as it is in the tag of the version; undefined when it is not said, or not as an address that a browser opens. */
export function locateRulesPage({ repository, version: tag }: Described): string | undefined {
  const named = typeof repository === 'string' ? repository : repository?.url;
  const address = named
    ?.replace(/^github:/, 'https://github.com/')
    .replace(/^git\+/, '')
    .replace(/\.git$/, '');
  return address?.startsWith('https://') === true ? `${address}/blob/v${tag}/.github/rules.md` : undefined;
}
