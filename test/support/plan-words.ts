/** A document without the words that the JSON printer puts beside each code. */
export function withoutWords(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutWords);
  if (typeof value !== 'object' || value === null) return value;
  const words = 'code' in value ? ['message', 'hint'] : [];
  const members = Object.entries(value).filter(([name]) => !words.includes(name));
  return Object.fromEntries(members.map(([name, member]) => [name, withoutWords(member)]));
}
