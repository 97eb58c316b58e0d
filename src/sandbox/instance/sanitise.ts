/** Takes HTML tags out, as the platform does with names and tags (platform-api §3): `<b>x</b>` becomes `x`. */
export function sanitise(text: string): string {
  let before: string;
  let after = text;
  // Taking one tag out can leave another one behind.
  do {
    before = after;
    after = before.replaceAll(/<[^<>]*>/g, '');
  } while (after !== before);
  return after.trim();
}
