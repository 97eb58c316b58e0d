import { describe, expect, it } from 'vitest';
import { flowCells, renderTable } from '../../src/report/text-table.ts';

const paint = (text: string) => `<${text}>`;

const cells = (...texts: readonly string[]) => texts.map((text) => ({ text }));

describe('renderTable', () => {
  it('aligns columns by what is seen, without trailing blanks', () => {
    const rows = [cells('a', '共有', 'x'), cells('long', 'b', ''), cells('', '', 'z')];
    expect(renderTable(rows, { width: 40, indent: 2 })).toEqual(['  a     共有  x', '  long  b', '              z']);
  });

  it('wraps a cell that is too wide inside its column', () => {
    const rows = [cells('key', 'some words that do not fit', 'end')];
    expect(renderTable(rows, { width: 24 })).toEqual(['key  some words      end', '     that do not', '     fit']);
  });

  it('keeps to the limit of a column', () => {
    expect(renderTable([cells('abcdefgh', 'x')], { width: 40, limits: [4] })).toEqual(['abcd  x', 'efgh']);
  });

  it('takes no room for columns that are empty everywhere', () => {
    expect(renderTable([cells('a', '', 'b')], { width: 40 })).toEqual(['a  b']);
  });

  it('colours the text and not the blanks', () => {
    expect(
      renderTable(
        [
          [
            { text: 'a', paint },
            { text: 'b', paint },
          ],
          cells('long', 'c'),
        ],
        { width: 40 },
      ),
    ).toEqual(['<a>     <b>', 'long  c']);
  });
});

describe('flowCells', () => {
  it('begins a new, indented line for what does not fit', () => {
    expect(flowCells(cells('one', 'two', 'three four', ''), { width: 10, indent: 2 })).toEqual([
      'one  two',
      '  three',
      '  four',
    ]);
  });
});
