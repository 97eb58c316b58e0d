import { joinWords } from '../../model/join-words.ts';
import { quoteWord } from '../../model/shell-word.ts';
import { listAsked, meantChoice } from '../../catalogue/choices.ts';
import { inEnvironments } from '../build-views.ts';
import { catalogueEntryOf, givenIn, listUnknownKeys, severityOf } from '../catalogue-entry.ts';
import { isJsonObject } from '../../model/json.ts';
import type { DocumentRule } from '../rule.ts';

export const missingConfigurationKey: DocumentRule = {
  code: 'missing-configuration-key',
  severity: 'warning',
  message: 'Missing configuration key',
  help: 'The connector asks for the key, for the way of authentication and of events that the definition chose, and has no default for it. Creating the instance probably fails. Where `adopt` names an instance, it has the key.',
  check: (subject, context) => {
    const known = catalogueEntryOf(subject, context);
    if (known === undefined || subject.fields['externalAuthentication'] !== undefined) return [];
    // That there is no configuration at all, or that its name is misspelt, is told already.
    if (subject.fields['configuration'] === undefined) return [];
    const { adopt } = subject.fields;
    // An instance that is taken over has it, hidden or not.
    const isThere = (environment: string) =>
      isJsonObject(adopt) ? Object.hasOwn(adopt, environment) : adopt !== undefined;
    let misspelt: ReadonlySet<string | undefined> | undefined;
    return subject.views.flatMap((view) => {
      const environments = view.environments.filter(({ name }) => !isThere(name));
      if (environments.length === 0 && view.environments.length > 0) return [];
      const lacking = listAsked(known.connector, givenIn(view)).filter(({ key }) => view.entry(key) === undefined);
      if (lacking.length === 0) return [];
      misspelt ??= new Set(listUnknownKeys(subject, known).map(({ meant }) => meant));
      const missing = lacking.filter(({ key }) => misspelt?.has(key) === false);
      const [first] = missing;
      if (first === undefined) return [];
      const names = joinWords(
        missing.map(({ key }) => `\`${key}\``),
        'and',
      );
      const meant = meantChoice(known.connector, givenIn(view));
      const choose =
        meant === undefined
          ? ''
          : `The definition gives keys of \`${meant.key}: ${meant.value}\`: choose it in the configuration. Otherwise: `;
      return [
        {
          path: ['configuration'],
          part: 'key' as const,
          severity: severityOf(known),
          detail: `The connector \`${known.connector.key}\` needs ${names} in the configuration${inEnvironments(environments)}.`,
          hint: `${choose}See what it is: connectorctl explain ${quoteWord(`${known.connector.key}.${first.key}`)}`,
        },
      ];
    });
  },
};
