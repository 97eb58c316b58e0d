import type { Options, PublicExplorer } from 'cosmiconfig';

declare module 'cosmiconfig/dist/Explorer.js' {
  /** The package ships this class without its type. */
  export class Explorer implements PublicExplorer {
    constructor(
      options: Partial<Options> & {
        readonly moduleName: string;
        readonly metaConfigFilePath: string | null;
        readonly applyPackagePropertyPathToConfiguration: boolean;
      },
    );
    load: PublicExplorer['load'];
    search: PublicExplorer['search'];
    clearLoadCache: PublicExplorer['clearLoadCache'];
    clearSearchCache: PublicExplorer['clearSearchCache'];
    clearCaches: PublicExplorer['clearCaches'];
  }
}
