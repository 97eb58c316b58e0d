const leak =
  'The rule keeps secrets out of the repository, of pull requests, and of what people can read on the platform.';
const unsendable = 'The definition cannot be sent like this, or would not mean what it says.';
const identity = 'Otherwise it would be unclear which instance a definition is about.';
const unread = 'Otherwise a setting would silently have no effect.';

/** Rules that nobody can turn off or silence, each with the reason. They can be made errors where they are not. */
export const fixedRules: ReadonlyMap<string, string> = new Map([
  ['adopt-not-numeric', identity],
  ['duplicate-adopt', identity],
  ['duplicate-key', identity],
  ['empty-value', unsendable],
  ['invalid-key', identity],
  ['key-needed', identity],
  ['literal-mask', leak],
  ['literal-placeholder', unsendable],
  ['literal-secret', leak],
  ['malformed-reference', unsendable],
  ['misplaced-field', unread],
  ['misplaced-reference', leak],
  ['missing-field', unsendable],
  ['nested-key', unsendable],
  ['poller-resource-in-configuration', unread],
  ['reserved-tag', identity],
  ['secret-outside-configuration', leak],
  ['tags-in-configuration', unread],
  ['unknown-environment', unread],
  ['unknown-field', unread],
  ['unset-reference', unsendable],
  ['wrong-type', unsendable],
]);
