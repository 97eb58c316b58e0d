import type { Dispatcher } from 'undici';

/** Makes a dispatcher that throws for any request but a GET without a body, so that not even a bug above it can write. */
export function refuseWrites(dispatch: Dispatcher['dispatch']): Dispatcher['dispatch'] {
  return (request, handler) => {
    if (request.method !== 'GET' || (request.body ?? null) !== null) {
      throw new Error(`A reader must not send ${request.method} or a body.`);
    }
    return dispatch(request, handler);
  };
}
