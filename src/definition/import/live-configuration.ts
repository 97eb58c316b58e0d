import type { OwnedInstance } from '../../model/live.ts';
import type { LiveValue } from './same-value.ts';

/** Keys that a connector answers under another name than they were sent (platform-api §3, §7: ShareFile's callback URL). */
const sentAs: ReadonlyMap<string, ReadonlyMap<string, string>> = new Map([
  ['sharefile', new Map([['sharefile.callback.url', 'oauth.callback.url']])],
]);

/**
 * The configuration of an instance under the keys that it takes, sorted by key.
 * ShareFile's callback URL is mapped back, as it is the only alias that is documented; where both keys are there, both stay.
 */
export function toLiveConfiguration({ connector, configuration }: OwnedInstance): ReadonlyMap<string, LiveValue> {
  const aliases = sentAs.get(connector);
  const entries = [...configuration].map(([key, value]): readonly [string, LiveValue] => {
    const alias = aliases?.get(key);
    return [alias === undefined || configuration.has(alias) ? key : alias, value];
  });
  return new Map(entries.toSorted(([a], [b]) => (a < b ? -1 : 1)));
}
