import type { Diagnostic } from '../model/diagnostic.ts';
import { didYouMean } from '../model/nearest-name.ts';
import { type IgnoreComment, type ParsedDocument, toPointer } from '../model/position.ts';
import { fixedRules } from './fixed-rules.ts';
import type { Found } from './rule.ts';
import { rules } from './rules.ts';
import type { Outline } from './subject.ts';
import type { ValidationContext } from './validation-context.ts';

/** Findings, told apart by whether a comment with a reason silences them. */
interface SilencedFindings<T extends Found> {
  readonly heard: readonly T[];
  readonly silenced: readonly { readonly found: T; readonly reason: string }[];
  /** What is wrong with the comments themselves. */
  readonly remarks: readonly Diagnostic[];
}

/** Takes out what a comment `# connectorctl-ignore RULE: reason` silences. A rule that cannot be turned off is always heard. */
export function silenceFindings<T extends Found>(
  all: readonly T[],
  outlines: readonly Outline[],
  context: ValidationContext,
): SilencedFindings<T> {
  const comments = new Set(outlines.flatMap(({ document }) => document.ignores ?? []));
  if (comments.size === 0) return { heard: all, silenced: [], remarks: [] };
  const faults = [...comments].map((comment) => ({ comment, fault: faultOf(comment) }));
  const sound = new Set(faults.flatMap(({ comment, fault }) => (fault === undefined ? [comment] : [])));
  const used = new Set<IgnoreComment>();
  const heard: T[] = [];
  const silenced: { readonly found: T; readonly reason: string }[] = [];
  for (const found of all) {
    const hits = (found.outline.document.ignores ?? []).filter((one) => sound.has(one) && isAbout(one, found));
    for (const hit of hits) used.add(hit);
    const [first] = hits;
    if (first === undefined) heard.push(found);
    else silenced.push({ found, reason: first.reason });
  }
  // What was not checked cannot be known to be in order.
  const unused = context.catalogue === undefined ? [] : [...sound].filter((comment) => !used.has(comment));
  return {
    heard,
    silenced,
    remarks: [...faults.flatMap(({ fault }) => fault ?? []), ...unused.map((one) => describeUnused(one))],
  };
}

function isAbout(comment: IgnoreComment, { rule, outline: { document }, finding }: Found): boolean {
  if (comment.rule !== rule.code) return false;
  if (comment.isForDocument) return startOf(document) === comment.line;
  const pointer = toPointer(...finding.path);
  return document.at(pointer, 'key').line === comment.line || document.at(pointer, 'value').line === comment.line;
}

function startOf(document: ParsedDocument): number {
  return document.at('').line;
}

function faultOf({ rule, reason, at }: IgnoreComment): Diagnostic | undefined {
  const codes = rules.map(({ code }) => code);
  if (!codes.includes(rule)) {
    return {
      severity: 'warning',
      code: 'ignore-unknown-rule',
      message: 'Comment names no rule',
      detail: `${rule === '' ? 'The comment names no rule' : `\`${rule}\` is not the name of a rule`}, so nothing is silenced.`,
      hint:
        didYouMean(rule, codes) ??
        'Write `# connectorctl-ignore RULE: reason`, with the rule that stands beside the problem.',
      at,
    };
  }
  const why = fixedRules.get(rule);
  if (why !== undefined) {
    return {
      severity: 'warning',
      code: 'ignore-fixed-rule',
      message: 'Rule cannot be silenced',
      detail: `\`${rule}\` counts in spite of the comment. ${why}`,
      hint: 'Remove the comment, and mend the definition instead.',
      at,
    };
  }
  if (/[\p{L}\p{N}]/u.test(reason)) return undefined;
  return {
    severity: 'warning',
    code: 'ignore-without-reason',
    message: 'Comment without a reason',
    detail: `The comment does not say why \`${rule}\` does not matter here, so nothing is silenced.`,
    hint: `Add the reason: \`# connectorctl-ignore ${rule}: reason\`.`,
    at,
  };
}

function describeUnused({ rule, at, isForDocument }: IgnoreComment): Diagnostic {
  return {
    severity: 'warning',
    code: 'ignore-unused',
    message: 'Comment silences nothing',
    detail: `\`${rule}\` finds nothing ${isForDocument ? 'in this document' : 'on the line that this comment is about'}.`,
    hint: 'Remove the comment. One about a line stands behind it or right above it; one about a whole document stands above its first line.',
    at,
  };
}
