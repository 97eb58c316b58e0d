import { describe, expect, it } from 'vitest';
import { renderDiagnosticsJunit } from '../../../src/report/diagnostics/render-junit.ts';
import { expectGolden } from '../../support/golden.ts';
import { diagnostics } from './diagnostics.ts';

describe('renderDiagnosticsJunit', () => {
  it('has a test case for each file, also for those without a problem', () => {
    const text = renderDiagnosticsJunit(diagnostics, { files: ['instances/a.yaml', 'instances/sharefile.yaml'] });
    expectGolden('diagnostics/junit.xml', text);
    expect(text).toContain('tests="4" failures="3" errors="0" skipped="0"');
    expect(text).toContain('<testcase classname="connectorctl.validate" name="instances/a.yaml"/>');
  });

  it('does not fail a file for warnings', () => {
    const warnings = diagnostics.filter(({ severity }) => severity === 'warning');
    const text = renderDiagnosticsJunit(warnings);
    expect(text).toContain('failures="0"');
    expect(text).not.toContain('<failure');
    expect(text).toContain('<system-out>');
  });

  it('escapes markup and drops what XML cannot hold', () => {
    const text = renderDiagnosticsJunit([
      {
        severity: 'error',
        code: 'a-code',
        message: 'A message',
        detail: ']]></failure><x y="\'1\'">&\u0000\u001B\uFFFE\uD800\u0085',
        at: { file: '<&">.yaml', line: 1, column: 1 },
      },
    ]);
    expect(text).toContain('name="&lt;&amp;&quot;&gt;.yaml"');
    expect(text).toContain(']]&gt;&lt;/failure&gt;&lt;x y=&quot;&apos;1&apos;&quot;&gt;&amp;</failure>');
  });
});
