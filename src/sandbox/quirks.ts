/** Switches for what the platform reference leaves open, or says differs by tenant. */
export interface Quirks {
  /** A list without any hit is 404 instead of `[]` (platform-api §4, §16.5). Default true. */
  readonly emptyListIs404: boolean;
  /** What `hydrate` does in lists: obeyed, or lists never carry configuration (platform-api §16.8). Default `honoured`. */
  readonly hydrate: 'honoured' | 'ignored-without-configuration';
  /** Whether a list that was asked for without `hydrate` carries configuration (platform-api §4). Default true. */
  readonly configurationInList: boolean;
  /** Whether `elements-total-count` and `elements-returned-count` are sent (platform-api §4). Default true. */
  readonly totalCountHeader: boolean;
  /** A page token comes although there is no next page (platform-api §4). Default true. */
  readonly tokenAfterLastPage: boolean;
  /** Largest page, and the page when none is asked for (platform-api §4). Default 200. */
  readonly maxPageSize: number;
  /** Pages hold one entry fewer than asked for although more follow. Default false. */
  readonly shortPages: boolean;
  /** What several `tags[]` mean (platform-api §16.6). Default `or`. */
  readonly tagsFilter: 'or' | 'and';
  /** Keys that are masked besides entries of type PASSWORD (platform-api §7). Default the OAuth app's key and secret. */
  readonly maskedKeys: readonly string[];
  /** What becomes of keys that the connector does not declare (platform-api §5: they have no entry). Default `dropped`. */
  readonly undeclaredKeys: 'dropped' | 'stored';
  /** Whether PUT with a configuration forgets the keys it does not name (platform-api §16.1). Default `replaces`. */
  readonly putConfiguration: 'replaces' | 'merges';
  /** What null in a PATCHed configuration does (platform-api §16.4). Default `stored`. */
  readonly nullInPatch: 'stored' | 'ignored';
  /** Form of the JSON text that an object becomes (platform-api §7): as sent, or with other spaces and key order. Default `as-sent`. */
  readonly jsonText: 'as-sent' | 'reordered';
  /** Whether a grant code works once only (platform-api §9). Default true. */
  readonly grantCodeOnce: boolean;
}

export const defaultQuirks: Quirks = {
  emptyListIs404: true,
  hydrate: 'honoured',
  configurationInList: true,
  totalCountHeader: true,
  tokenAfterLastPage: true,
  maxPageSize: 200,
  shortPages: false,
  tagsFilter: 'or',
  maskedKeys: ['oauth.api.key', 'oauth.api.secret'],
  undeclaredKeys: 'dropped',
  putConfiguration: 'replaces',
  nullInPatch: 'stored',
  jsonText: 'as-sent',
  grantCodeOnce: true,
};
