import type { Diagnostic } from '../model/diagnostic.ts';
import type { ParsedDocument } from '../model/position.ts';

interface ReadFile {
  readonly file: string;
  readonly documents: readonly ParsedDocument[];
  readonly diagnostics: readonly Diagnostic[];
}

/** Says of a file that it holds no definition. To people it is there, to a plan what stood in it is deleted: an editor or a merge may have emptied it. */
export function describeEmpty({ file, documents, diagnostics }: ReadFile): readonly Diagnostic[] {
  if (documents.length > 0 || diagnostics.length > 0) return [];
  return [
    {
      severity: 'warning',
      code: 'empty-file',
      message: 'File without a definition',
      detail:
        'The file holds nothing, or comments only. An instance whose definition stood in it counts as if the file were gone.',
      hint: 'Restore the definition, or remove the file.',
      at: { file, line: 1, column: 1 },
    },
  ];
}
