import fc from 'fast-check';
import type { FaultRule } from '../../src/sandbox/faults/fault-rule.ts';

/** One definition, and what happens to it between two applies. */
export interface Piece {
  readonly connector: 'actessentials' | 'closeio' | 'actessentialsoauth';
  readonly deed: 'keep' | 'edit' | 'rename' | 'move' | 'delete' | 'create' | 'adopt' | 'retag' | 'switch';
}

/** Kills the apply at this request, at one of the moments. */
export interface KillPoint {
  readonly request: number;
  readonly moment: number;
}

export interface HabitWorld {
  readonly pieces: readonly Piece[];
  /** Whether the password is another one in the second phase. */
  readonly rotates: boolean;
  /** How this platform is, for good. */
  readonly lasting: readonly FaultRule[];
  /** What passes. */
  readonly passing: readonly FaultRule[];
  readonly kills: { readonly before: readonly KillPoint[]; readonly after: readonly KillPoint[] };
  readonly seed: string;
}

const lasting: readonly FaultRule[] = [
  { kind: 'odd-foreign' },
  { kind: 'rotate-tokens' },
  { kind: 'small-pages', size: 2 },
  { kind: 'no-total' },
  { kind: 'drop-tags', form: 'lower' },
  { kind: 'normalise-on-read', form: 'lower' },
  { kind: 'normalise-on-read', form: 'html' },
  { kind: 'normalise-on-read', form: 'mask' },
  { kind: 'list-lag', ms: 5_000, of: 'creates' },
];

const passing: readonly FaultRule[] = [
  { kind: 'list-lag', ms: 10_000, rate: 0.3 },
  { kind: 'list-lag', ms: 30_000, of: 'creates' },
  { kind: 'page-shift', rate: 0.3 },
  { kind: 'page-shift', form: 'reorder', rate: 0.3 },
  { kind: 'stale-read', ms: 500 },
  { kind: 'ignore-write', rate: 0.3 },
  { kind: 'ignore-write', of: 'everything', rate: 0.3 },
  { kind: 'ignore-write', of: 'name', rate: 0.5 },
  { kind: 'ignore-write', of: 'enabled', rate: 0.5 },
  { kind: 'replace-on-patch', rate: 0.5 },
  { kind: 'drop-tags', form: 'first', rate: 0.3 },
  { kind: 'garbage', rate: 0.1 },
  { kind: 'garbage', form: 'tls', committed: true, rate: 0.1 },
  { kind: 'lost-after', rate: 0.1 },
  { kind: 'error', status: 503, committed: true, rate: 0.1 },
  { kind: 'slow-commit', ms: 8_000, rate: 0.1 },
  { kind: 'truncate', form: 'chunked', rate: 0.1 },
];

const kills = fc.array(fc.record({ request: fc.nat(30), moment: fc.nat(2) }), { maxLength: 1 });

export const habitWorlds: fc.Arbitrary<HabitWorld> = fc.record({
  pieces: fc.array(
    fc.record<Piece>({
      connector: fc.constantFrom('actessentials', 'closeio', 'actessentialsoauth'),
      deed: fc.constantFrom('keep', 'edit', 'rename', 'move', 'delete', 'create', 'adopt', 'retag', 'switch'),
    }),
    { minLength: 2, maxLength: 5 },
  ),
  rotates: fc.boolean(),
  lasting: fc.subarray([...lasting]),
  passing: fc.subarray([...passing], { maxLength: 5 }),
  kills: fc.record({ before: kills, after: kills }),
  seed: fc.string({ maxLength: 4 }),
});

/** The file of a definition in a phase; without text there is none. */
export function renderPiece(
  piece: Piece,
  index: number,
  phase: 'before' | 'after',
  adopted: number | undefined,
): { readonly file: string; readonly text?: string } {
  const isAfter = phase === 'after';
  const { deed } = piece;
  const file = `instances/${isAfter && deed === 'move' ? 'moved/' : ''}${index}.yaml`;
  const isThere = isAfter ? deed !== 'delete' : deed !== 'create' && deed !== 'adopt';
  if (!isThere) return { file };
  const connector = deed === 'adopt' ? 'closeio' : piece.connector;
  const definition = {
    connector,
    name: deed === 'adopt' ? `Adopted ${index}` : `Piece ${index}${isAfter && deed === 'rename' ? ' renamed' : ''}`,
    configuration: configurationOf(connector, isAfter && deed === 'edit' ? `New & ${index}` : `Old & ${index}`),
    ...(connector === 'actessentialsoauth' ? { externalAuthentication: 'initial' } : {}),
    ...(isAfter && deed === 'retag' ? { tags: ['Mine', 'Ours'] } : {}),
    ...(isAfter && deed === 'switch' ? { enabled: false } : {}),
    ...(adopted === undefined ? {} : { adopt: adopted }),
  };
  return { file, text: JSON.stringify(definition) };
}

function configurationOf(connector: Piece['connector'], value: string): Readonly<Record<string, string>> {
  switch (connector) {
    case 'closeio':
      return { username: value };
    case 'actessentials':
      return { username: value, password: '${{ secrets.PASSWORD }}' };
    case 'actessentialsoauth':
      return {
        'oauth.api.key': value,
        'oauth.api.secret': '${{ secrets.PASSWORD }}',
        'oauth.callback.url': 'https://app.example.com',
        'oauth.user.refresh_token': '${{ secrets.RT }}',
      };
    default:
      return connector satisfies never;
  }
}
