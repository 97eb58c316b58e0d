/** The facts that are built in, as a part of the program of their own: most commands need none of them, and a command that does loads them once. */
type BuiltIn = typeof import('../catalogue/built-in.ts');

let loaded: BuiltIn | undefined;

export async function loadBuiltIn(): Promise<BuiltIn> {
  loaded ??= await import('../catalogue/built-in.ts');
  return loaded;
}
