import { isJsonObject } from '../../model/json.ts';
import { placeOfField } from '../collect-resources.ts';
import type { DocumentRule } from '../rule.ts';

const fields = ['updatedDateFormat', 'createdDateFormat'];

export const dateFormatQuotes: DocumentRule = {
  code: 'date-format-quotes',
  severity: 'warning',
  message: 'Unbalanced quotes in a date format',
  help: "Literal letters in a date pattern stand in single quotes: `yyyy-MM-dd'T'HH:mm:ss'Z'`. A quote without a partner makes the pattern invalid.",
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
            detail: `\`${field}\` of the polled resource \`${resource.name}\` holds a single quote without a partner.`,
            hint: "Compare it with this form: `yyyy-MM-dd'T'HH:mm:ss'Z'`.",
          },
        ];
      });
    }),
};
