/**
 * Makes one run of many askers: whoever asks gets a run that begins after that, together with all who ask until it begins. One is under way at a time.
 * What it answers is kept for nobody else.
 */
export function shareNext<T>(run: () => Promise<T>): () => Promise<T> {
  let underWay: Promise<void> = Promise.resolve();
  let next: Promise<T> | undefined;
  const begin = (): Promise<T> => {
    next = undefined;
    const answer = run();
    underWay = answer.then(ignore, ignore);
    return answer;
  };
  return () => (next ??= underWay.then(begin));
}

function ignore(): void {}
