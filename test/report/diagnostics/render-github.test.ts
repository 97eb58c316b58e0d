import { describe, expect, it } from 'vitest';
import { renderDiagnosticsGithub } from '../../../src/report/diagnostics/render-github.ts';
import { expectGolden } from '../../support/golden.ts';
import { diagnostics } from './diagnostics.ts';

describe('renderDiagnosticsGithub', () => {
  it('writes one command a line', () => {
    const text = renderDiagnosticsGithub(diagnostics);
    expectGolden('diagnostics/github.txt', text);
    const lines = text.trimEnd().split('\n');
    expect(lines).toHaveLength(diagnostics.length);
    for (const line of lines) expect(line).toMatch(/^::(error|warning) [^:]*::[^\r]*$/);
  });

  it('escapes what would end a property or the command', () => {
    const [line = ''] = renderDiagnosticsGithub([
      {
        severity: 'error',
        code: 'a-code',
        message: 'A message: one, two',
        detail: '100%\r\n::set-env name=A::b',
        at: { file: 'a,b:c%.yaml', line: 1, column: 2 },
      },
    ]).split('\n');
    const [, properties = '', data = ''] = /^::error (.*?)::(.*)$/.exec(line) ?? [];
    expect(properties).toBe('file=a%2Cb%3Ac%25.yaml,line=1,endLine=1,col=2,title=A message%3A one%2C two (a-code)');
    expect(data.startsWith(String.raw`100%25\r%0A`)).toBe(true);
    expect(data).not.toContain('::');
  });

  it('counts paths from the root of the repository', () => {
    expect(renderDiagnosticsGithub(diagnostics.slice(0, 1), { pathPrefix: 'deploy/' })).toContain(
      'file=deploy/instances/sharefile.yaml,',
    );
  });
});
