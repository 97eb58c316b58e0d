import { UserError } from '../../model/user-error.ts';
import type { OperationResult } from '../../operation/result.ts';

/** What became of something that must not stop a flow. */
export type Attempt<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: UserError };

/** Does what the world may refuse. */
export async function attempt<T>(act: () => Promise<T>): Promise<Attempt<T>> {
  try {
    return { ok: true, value: await act() };
  } catch (error) {
    if (error instanceof UserError) return { ok: false, error };
    throw error;
  }
}

/** How an operation ended; what the world refused is an end as well, that has to be told. */
export async function endOf(operate: () => Promise<OperationResult>): Promise<OperationResult> {
  const tried = await attempt(operate);
  return tried.ok ? tried.value : { kind: 'stopped', error: tried.error, diagnostics: [] };
}
