import { joinWords } from '../../model/join-words.ts';
import { quoteWord } from '../../model/shell-word.ts';
import type { DocumentRule, Finding } from '../rule.ts';
import { quote } from '../show-text.ts';

export const unknownConnector: DocumentRule = {
  code: 'unknown-connector',
  severity: 'warning',
  message: 'Unknown connector',
  help: 'Nobody can know all connectors, as teams have their own. A key that is nearly the one of a known connector, or the name of its product, is probably a mistake, and the platform refuses it when the instance is created. The number of a connector is no key: the platform takes it, and answers with the key, so that every later plan would replace the instance.',
  hides: 'schema',
  check: ({ fields: { connector } }, { catalogue }) => {
    const id = numberIn(connector);
    if (id !== undefined && catalogue?.keys.has(id) !== true) return [ofNumber(id)];
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

function numberIn(connector: unknown): string | undefined {
  if (typeof connector === 'number') return String(connector);
  return typeof connector === 'string' && /^\d+$/.test(connector) ? connector : undefined;
}

/** Ids differ between platforms (platform-facts A2), so that none can be turned into a key here. */
function ofNumber(id: string): Finding {
  return {
    path: ['connector'],
    severity: 'error',
    detail: `${quote(id)} is the id of a connector, not its key. The platform answers with the key, so that every later plan would replace the instance.`,
    hint: 'Write the key, such as `sharefile`; the keys are listed with:\nconnectorctl explain --list',
  };
}
