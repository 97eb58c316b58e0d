import { describe, expect, it } from 'vitest';
import schema from '../../schema/workspace.schema.json' with { type: 'json' };
import { decodeWorkspace } from '../../src/config/decode-workspace.ts';
import { parseDocuments } from '../../src/definition/parse-documents.ts';
import type { RuleLevel } from '../../src/model/rule-level.ts';
import { checkRuleLevels } from '../../src/validation/check-levels.ts';
import { fixedRules } from '../../src/validation/fixed-rules.ts';
import { rules } from '../../src/validation/rules.ts';
import { checkText, toLine } from './check-text.ts';

const events = 'connector: sharefile\nname: A\nconfiguration:\n  event.notification.enabled: true\n';

function withLevel(text: string, code: string, level: RuleLevel): readonly string[] {
  return checkText(text, { levels: new Map([[code, level]]) }).map(toLine);
}

function refusalOf(code: string, level: RuleLevel): readonly string[] {
  const text = `version: 1\nworkspace: acme\nenvironments: { a: { platform: sandbox } }\nrules:\n  ${code}: ${level}\n`;
  const [document] = parseDocuments('connectorctl.yaml', text).documents;
  const decoded = document === undefined ? undefined : decodeWorkspace(document, '/');
  if (decoded?.ok !== true) throw new Error('The workspace file of the test is not valid.');
  return checkRuleLevels(decoded.value).map(toLine);
}

describe('the level of a rule', () => {
  it('is what the workspace says', () => {
    const place = 'instances/a.yaml:4:3:';
    const words = 'Events without a callback URL [events-without-callback]';
    expect(withLevel(events, 'events-without-callback', 'warning')).toEqual([`${place} warning ${words}`]);
    expect(withLevel(events, 'events-without-callback', 'error')).toEqual([`${place} error ${words}`]);
    expect(withLevel(events, 'events-without-callback', 'off')).toEqual([]);
  });

  it.each([...fixedRules.keys()])('cannot be weakened by anybody for %s', (code) => {
    expect(refusalOf(code, 'off')).toEqual(['connectorctl.yaml:5:3: error Rule cannot be weakened [fixed-rule]']);
    expect(refusalOf(code, 'error')).toEqual([]);
  });

  it('does not silence a rule that keeps secrets safe, whatever the caller says', () => {
    const text = 'connector: sharefile\nname: A\nconfiguration:\n  oauth.api.secret: s3cr3tValue99\n';
    expect(withLevel(text, 'literal-secret', 'off')).toEqual(checkText(text).map(toLine));
    expect(withLevel(text, 'literal-secret', 'off')).not.toEqual([]);
  });

  it('is asked for by a name that exists', () => {
    expect(refusalOf('duplicate-nam', 'off')).toEqual(['connectorctl.yaml:5:3: error Unknown rule [unknown-rule]']);
  });

  it('is fixed for every rule whose problems are errors', () => {
    const errors = rules.filter(({ severity }) => severity === 'error').map(({ code }) => code);
    expect(errors.filter((code) => !fixedRules.has(code))).toEqual([]);
    expect([...fixedRules.keys()].filter((code) => !rules.some((rule) => rule.code === code))).toEqual([]);
  });

  it('is offered to editors for every rule', () => {
    const offered = Object.entries(schema.properties.rules.properties).map(([code, { enum: levels }]) => [
      code,
      levels,
    ]);
    const expected = rules
      .map(({ code, severity }): [string, readonly string[]] => [
        code,
        fixedRules.has(code) ? [...new Set([severity, 'error'])] : ['off', 'warning', 'error'],
      ])
      .toSorted(([one], [other]) => (one < other ? -1 : 1));
    expect(offered).toEqual(expected);
  });
});
