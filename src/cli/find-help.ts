import { renderHelpPage, widthOfHelp } from './help-page.ts';
import { helpPages } from './help-pages.ts';

/** The help of a command, without loading it; undefined where there is none of that name. */
export function findHelp(name: string): ((columns: number | undefined) => string) | undefined {
  const page = Object.hasOwn(helpPages, name) ? helpPages[name] : undefined;
  return page === undefined ? undefined : (columns) => renderHelpPage(page, columns ?? widthOfHelp);
}
