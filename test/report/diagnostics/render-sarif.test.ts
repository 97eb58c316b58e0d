import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { renderDiagnosticsSarif } from '../../../src/report/diagnostics/render-sarif.ts';
import { locateRulesPage } from '../../../src/operation/version.ts';
import { rules } from '../../../src/validation/rules.ts';
import { diagnostics } from './diagnostics.ts';

interface Log {
  readonly version: string;
  readonly runs: readonly {
    readonly tool: {
      readonly driver: {
        readonly name: string;
        readonly version: string;
        readonly rules: readonly {
          readonly id: string;
          readonly helpUri?: string;
          readonly help: { readonly text: string };
        }[];
      };
    };
    readonly columnKind: string;
    readonly results: readonly {
      readonly ruleId: string;
      readonly ruleIndex: number;
      readonly level: string;
      readonly message: { readonly text: string };
      readonly locations?: readonly unknown[];
      readonly relatedLocations?: readonly unknown[];
    }[];
  }[];
}

function render(options: Parameters<typeof renderDiagnosticsSarif>[1] = { toolVersion: '1.2.3' }) {
  const log: Log = JSON.parse(renderDiagnosticsSarif(diagnostics, options));
  const [run] = log.runs;
  if (run === undefined) throw new Error('no run');
  return { log, run, driver: run.tool.driver };
}

describe('renderDiagnosticsSarif', () => {
  it('leads from each rule to its section of the page of rules, and from nothing else', () => {
    const options = { toolVersion: '1.2.3', rules, rulesPage: 'https://git.example.com/rules.md' };
    const { driver } = render(options);
    const known = new Set(rules.map(({ code }) => code));
    const page = readFileSync(path.join(import.meta.dirname, '../../../.github/rules.md'), 'utf8');
    for (const { id, helpUri } of driver.rules) {
      expect(helpUri).toBe(known.has(id) ? `https://git.example.com/rules.md#${id}` : undefined);
      expect(page.includes(`\n## ${id}\n`)).toBe(helpUri !== undefined);
    }
    expect(render().driver.rules.filter(({ helpUri }) => helpUri !== undefined)).toEqual([]);
  });

  it.each([
    [
      { url: 'git+https://github.com/acme/connectorctl.git' },
      'https://github.com/acme/connectorctl/blob/v1.2.3/.github/rules.md',
    ],
    ['github:acme/connectorctl', 'https://github.com/acme/connectorctl/blob/v1.2.3/.github/rules.md'],
    [undefined, undefined],
    ['git@github.com:acme/connectorctl.git', undefined],
  ])('finds the page of rules of its version where the package says that it is: %j', (repository, page) => {
    expect(locateRulesPage({ repository, version: '1.2.3' })).toBe(page);
  });

  it('is one run of SARIF 2.1.0 by this tool', () => {
    const { log, run, driver } = render();
    expect(log.version).toBe('2.1.0');
    expect(log.runs).toHaveLength(1);
    expect(driver).toMatchObject({ name: 'connectorctl', version: '1.2.3' });
    expect(run.columnKind).toBe('utf16CodeUnits');
  });

  it('points every result to its rule', () => {
    const { run, driver } = render();
    expect(run.results).toHaveLength(diagnostics.length);
    for (const { ruleId, ruleIndex } of run.results) expect(driver.rules[ruleIndex]?.id).toBe(ruleId);
    expect(new Set(driver.rules.map(({ id }) => id)).size).toBe(driver.rules.length);
  });

  it('explains every known rule, also those without a result', () => {
    const { driver } = render({ toolVersion: '1.2.3', rules });
    expect(driver.rules.map(({ id }) => id)).toEqual(expect.arrayContaining(rules.map(({ code }) => code)));
    expect(driver.rules.find(({ id }) => id === 'broken-url')?.help.text).toContain('https;//');
    for (const { help } of driver.rules) expect(help.text.length).toBeGreaterThan(5);
  });

  it('gives regions, related places and encoded paths', () => {
    const { run } = render({ toolVersion: '1.2.3', pathPrefix: 'my repo/' });
    expect(run.results[0]).toMatchObject({
      level: 'error',
      message: { text: 'A definition has no field `nme`, so it would have no effect.\nDid you mean `name`?' },
      locations: [
        {
          physicalLocation: {
            artifactLocation: { uri: 'my%20repo/instances/sharefile.yaml', uriBaseId: '%SRCROOT%' },
            region: { startLine: 2, startColumn: 1, endLine: 2, endColumn: 4 },
          },
        },
      ],
    });
    expect(run.results[7]?.relatedLocations).toMatchObject([
      {
        id: 0,
        message: { text: 'the first one' },
        physicalLocation: { artifactLocation: { uri: 'my%20repo/instances/other%2C%20file%3A%20100%25.yaml' } },
      },
    ]);
    // GitHub takes no log with a result that has none.
    const place = {
      artifactLocation: { uri: 'my%20repo/connectorctl.yaml' },
      region: { startLine: 1, startColumn: 1 },
    };
    expect(run.results[8]?.locations).toMatchObject([{ physicalLocation: place }]);
  });

  it('takes a path with half a surrogate pair', () => {
    const at = { file: 'a\uD800.yaml', line: 1, column: 1 };
    const text = renderDiagnosticsSarif([{ severity: 'error', code: 'a', message: 'A', detail: 'b', at }], {
      toolVersion: '1',
    });
    expect(text).toContain('a%EF%BF%BD.yaml');
  });
});
