import { joinWords } from '../../model/join-words.ts';
import { quoteWord } from '../../model/shell-word.ts';
import type { DocumentRule } from '../rule.ts';
import { quote } from '../show-text.ts';

export const unknownConnector: DocumentRule = {
  code: 'unknown-connector',
  severity: 'warning',
  message: 'Unknown connector',
  help: 'Nobody can know all connectors, as teams have their own. A key that is nearly the one of a known connector, or the name of its product, is probably a mistake, and the platform refuses it when the instance is created.',
  check: ({ fields: { connector } }, { catalogue }) => {
    if (typeof connector !== 'string' || connector === '' || connector.includes('${{')) return [];
    if (catalogue === undefined || catalogue.keys.has(connector)) return [];
    const meant = catalogue.meant(connector);
    if (meant.length === 0) return [];
    const names = joinWords(
      meant.map((name) => `\`${name}\``),
      'or',
    );
    return [
      {
        path: ['connector'],
        detail: `No known connector has the key ${quote(connector)}.`,
        hint: `Did you mean ${names}? If it is a connector of your own, make it known:\nconnectorctl catalog pull ${quoteWord(connector)}`,
      },
    ];
  },
};
