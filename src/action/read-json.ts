/** What stands in outside data below these names; undefined where the way ends. Own members only. */
export function valueAt(value: unknown, ...way: readonly (string | number)[]): unknown {
  return way.reduce<unknown>((at, name) => {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, name)) return undefined;
    const found: unknown = Reflect.get(at, name);
    return found;
  }, value);
}

/** The text there; undefined when it is anything else. */
export function textAt(value: unknown, ...way: readonly (string | number)[]): string | undefined {
  const found = valueAt(value, ...way);
  return typeof found === 'string' ? found : undefined;
}

/** The whole number there, as ids are; undefined when it is anything else. */
export function integerAt(value: unknown, ...way: readonly (string | number)[]): number | undefined {
  const found = valueAt(value, ...way);
  return typeof found === 'number' && Number.isSafeInteger(found) ? found : undefined;
}

/** Whether there is a plain `true`. */
export function isTrueAt(value: unknown, ...way: readonly (string | number)[]): boolean {
  return valueAt(value, ...way) === true;
}

/** The list there; empty when it is anything else. */
export function listAt(value: unknown, ...way: readonly (string | number)[]): readonly unknown[] {
  const found = valueAt(value, ...way);
  return Array.isArray(found) ? found : [];
}
