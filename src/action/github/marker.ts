/** What a comment or issue of ours is about. */
export interface MarkerSubject {
  /** `plan` and `apply`: comments of a pull request. `drift` and `failure`: issues. `accept`: a pull request of ours. */
  readonly kind: 'plan' | 'apply' | 'drift' | 'failure' | 'accept';
  /** The input `environment`; absent: the default one. */
  readonly environment?: string | undefined;
  /** The input `working-directory`, as several workspaces may stand in one repository; `.` is not written. */
  readonly directory?: string | undefined;
}

/**
 * The hidden first line by which our comment of one environment is found again.
 * Different subjects give different lines; no name can end it or hold a line break.
 */
export function renderMarker({ kind, environment, directory = '.' }: MarkerSubject): string {
  const parts = [
    ...(environment === undefined ? [] : [`environment=${encodeWord(environment)}`]),
    ...(directory === '.' ? [] : [`directory=${encodeWord(directory)}`]),
  ];
  return `<!-- ${[`connectorctl:${kind}:v1`, ...parts].join(' ')} -->`;
}

/** Whether a text begins with this marker as its whole first line. */
export function hasMarker(text: string, marker: string): boolean {
  return text.split(/\r?\n/, 1)[0]?.trimEnd() === marker;
}

/** A word for a hidden line: no name can end the line or the comment, or begin another word. */
export function encodeWord(text: string): string {
  // By way of bytes, as a lone surrogate would make it throw. `--` would end a comment for some readers of HTML.
  return encodeURIComponent(Buffer.from(text, 'utf8').toString('utf8')).replaceAll('--', '%2D%2D');
}
