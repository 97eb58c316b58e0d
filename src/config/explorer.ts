import type { Loader, PublicExplorer } from 'cosmiconfig';
import { Explorer } from 'cosmiconfig/dist/Explorer.js';
import { workspaceFiles } from '../model/environment.ts';

/** What cosmiconfig returns: the text, not yet parsed. */
export interface LoadedText {
  readonly text: string;
}

// The text is wrapped, because cosmiconfig would follow a `$import` in an object that it sees.
const keepText: Loader = (_file, text): LoadedText => ({ text });

/** A cosmiconfig explorer that looks into one folder, reads YAML and JSON files and cannot be made to run anything. */
export function makeExplorer(): PublicExplorer {
  // cosmiconfig() itself would first look for settings of its own in the current folder and run `.config/config.js`, `.ts`
  // and `.cjs` found there, whatever loaders it is given. The class behind it does not.
  return new Explorer({
    moduleName: 'connectorctl',
    searchPlaces: [...workspaceFiles],
    searchStrategy: 'none',
    loaders: { '.yaml': keepText, '.yml': keepText, '.json': keepText },
    ignoreEmptySearchPlaces: false,
    cache: false,
    transform: (result) => Promise.resolve(result),
    mergeImportArrays: false,
    mergeSearchPlaces: false,
    metaConfigFilePath: null,
    applyPackagePropertyPathToConfiguration: false,
  });
}
