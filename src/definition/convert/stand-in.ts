/**
 * The placeholder for a variable that the text names and gives no value: `{{clientSecret}}` of Postman and `$clientSecret` of PowerShell become
 * `<CLIENT_SECRET>`, which convert makes a reference of.
 */
export function standIn(variable: string): string {
  const words = variable
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replaceAll(/[^A-Za-z0-9]+/g, '_')
    .replaceAll(/^_+|_+$/g, '')
    .toUpperCase();
  const name = /^[A-Z]/.test(words) ? words : `VALUE_${words}`;
  return `<${name.length < 3 ? `${name}_VALUE` : name}>`;
}

/** JSON in which a variable stood where no quotes were: `"interval": <MINUTES>`. */
export function quoteStandIns(json: string): string {
  return json.replaceAll(/([:[,]\s*)(<[A-Z][A-Z0-9_]{2,}>)(?=\s*[,}\]])/g, '$1"$2"');
}
