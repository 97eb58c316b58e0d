import type { DocumentRule, Finding } from '../rule.ts';
import { showText } from '../show-text.ts';
import type { Text } from '../subject.ts';
import { fillTemplates, isUrlKey, urlProblem } from '../url-problem.ts';

export const brokenUrl: DocumentRule = {
  code: 'broken-url',
  severity: 'warning',
  message: 'Broken URL',
  help: 'The platform accepts any text as a URL and fails only when it calls it. Typos such as `https;//` come from copied examples.',
  hides: 'schema',
  check: ({ texts }) => texts.filter(isUrl).flatMap(toFindings),
};

/** Only keys of the configuration itself: the `url` of a polled resource is a path with a query. */
function isUrl({ area, key, path }: Text): boolean {
  return area === 'configuration' && path.at(-1) === key && isUrlKey(key);
}

function toFindings(text: Text): readonly Finding[] {
  if (text.references.some(({ problem }) => problem !== undefined)) return [];
  const problem = urlProblem(fillTemplates(text.text));
  if (problem === undefined) return [];
  const repaired = repair(text.text);
  const safe = !text.text.includes('@') && urlProblem(fillTemplates(repaired)) === undefined;
  return [
    {
      path: text.path,
      detail: `\`${text.key}\` ${problem}, so ${showText(text)} cannot be called.`,
      hint: safe
        ? `Did you mean \`${repaired}\`?`
        : 'Write a complete URL, such as `https://hooks.example.com/events`.',
    },
  ];
}

function repair(text: string): string {
  return text
    .trim()
    .replace(/^["'`<]+|["'`;,>]+$/g, '')
    .replace(/^(https?)[:;,.]*\/+/i, '$1://')
    .replace(/^(https?:\/\/)(?:https?:\/+)/i, '$1')
    .replace(/^(https?:\/\/[^/?#]*):(?=$|[/?#])/i, '$1');
}
