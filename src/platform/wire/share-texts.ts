/** Longer texts, and more of them, are hardly ever the same, and would only be looked up. In UTF-16 code units. */
const longest = 1_000;
const most = 2_000;

/** Answers of equal texts always the first one, so that it is kept once: thousands of instances say the same under most of their keys. */
export function shareTexts(): (text: string) => string {
  const known = new Map<string, string>();
  return (text) => {
    if (text.length > longest) return text;
    const first = known.get(text);
    if (first === undefined && known.size < most) known.set(text, text);
    return first ?? text;
  };
}
