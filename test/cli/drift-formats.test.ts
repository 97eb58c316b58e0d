import { describe, expect, it } from 'vitest';
import { presentDrifted } from '../../src/cli/present-plan.ts';
import type { Terminal } from '../../src/cli/terminal.ts';
import type { FieldChange } from '../../src/model/plan.ts';
import { aChange, aPlan } from '../support/plans.ts';

/** What `drift` writes to stdout of a plan in which each of so many instances drifted in one field. */
function present(format: string, instances: number, pathPrefix?: string): string {
  let written = '';
  const write = (text: string) => void (written += text);
  const terminal: Terminal = {
    out: write,
    raw: write,
    err: () => {},
    note: () => {},
    outColor: false,
    errColor: false,
    width: 120,
    interactive: false,
    screen: undefined,
  };
  const field: FieldChange = { field: '/name', cause: 'drift', secret: false, before: 'x', after: 'y', line: 2 };
  const source = { file: 'instances/a.yaml', line: 1 };
  const changes = Array.from({ length: instances }, (_, index) =>
    aChange({ key: `i${index}`, action: 'update', id: `${index}`, source, fields: [field] }),
  );
  const plan = { ...aPlan(changes), environment: 'test', exclude: ['p*_a', 'q*_b'] };
  const result = {
    kind: 'drifted',
    plan,
    accepted: [],
    diagnostics: [],
    directory: '/',
    workspaceFile: 'c.yaml',
  } as const;
  presentDrifted(result, { command: 'drift', format, terminal, commands: {}, pathPrefix });
  return written;
}

describe('drift in the formats for GitHub', () => {
  it('is told as annotations in full, as what GitHub does not show stands in the log', () => {
    expect(present('github', 23).match(/^::warning file=instances\//gm)).toHaveLength(23);
    expect(present('github', 1, 'crm/')).toMatch(/^::warning file=crm\/instances\//);
  });

  it('ends in Markdown with a list of commands as code, that nothing reads as emphasis', () => {
    expect(present('markdown', 1)).toMatch(
      /\n\n- Undo it: `connectorctl apply [^`\n]*'p\*_a' 'q\*_b'`\n- Keep it: `connectorctl drift [^`\n]* --accept KEY`\n$/,
    );
    expect(present('text', 1)).toMatch(/\nUndo it: {2}connectorctl apply .*\nKeep it: {2}connectorctl drift .*\n$/);
  });
});
