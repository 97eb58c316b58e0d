import { isJsonObject } from '../../model/json.ts';
import { placeOfField } from '../collect-resources.ts';
import type { DocumentRule } from '../rule.ts';

const fields = ['updatedDateFormat', 'createdDateFormat'];

export const dateFormatQuotes: DocumentRule = {
  code: 'date-format-quotes',
  severity: 'warning',
  message: 'Unbalanced quotes in a date format',
  help: "Literal letters in a date pattern are in single quotes: `yyyy-MM-dd'T'HH:mm:ss'Z'`. An unmatched quote makes the pattern invalid.",
  check: ({ resources }) =>
    resources.flatMap((resource) => {
      const dates = resource.fields['datesConfiguration'];
      if (!isJsonObject(dates)) return [];
      return fields.flatMap((field) => {
        const format = dates[field];
        if (typeof format !== 'string' || format.split("'").length % 2 === 1) return [];
        return [
          {
            path: placeOfField(resource, 'datesConfiguration', field),
            detail: `\`${field}\` of the polled resource \`${resource.name}\` contains an unmatched single quote.`,
            hint: "Compare it with this example: `yyyy-MM-dd'T'HH:mm:ss'Z'`.",
          },
        ];
      });
    }),
};
