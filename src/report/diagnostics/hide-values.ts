/** What may be shown of a command or a body: keys of JSON, options, names of parameters, and what JSON writes without quotes. */
const shown =
  /(?<![\w"'])(?:curl|Invoke-RestMethod|Invoke-WebRequest|true|false|null)(?![\w"'])|"[\w. ()-]{1,80}"(?=\s*:)|(?<![^\s])--?[A-Za-z][a-z-]*(?=\s)|[\s{}[\]()",:;'\\|&<>^`@=]+|[^]/gi;

/**
 * The text with each value blotted out and every place kept: a command holds credentials anywhere, in headers, addresses and
 * exports, and a body under keys whose names do not tell. What is left still shows where a fault is.
 */
export function hideValues(text: string): string {
  return text.replaceAll(shown, (found) =>
    found.length === 1 && /[^\s{}[\]()",:;'\\|&<>^`@=]/.test(found) ? '*' : found,
  );
}
