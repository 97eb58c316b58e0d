import { describe, expect, it } from 'vitest';
import type { Edit } from '../../../src/definition/edit/edit.ts';
import { editDocument } from '../../../src/definition/edit/edit-document.ts';

/** Edits the first document and expects nothing to be refused. */
function edit(text: string, ...edits: readonly Edit[]): string {
  const { text: edited, refused } = editDocument(text, { index: 0, edits });
  expect(refused).toEqual([]);
  return edited;
}

describe('editDocument', () => {
  it.each([
    ['a plain text', 'a: one # note\n', 'two', 'a: two # note\n'],
    ['a single-quoted text', "a:   'one'   # note\n", "it's", "a:   'it''s'   # note\n"],
    ['a double-quoted text', 'a: "one"\nb: 1\n', 'two', 'a: "two"\nb: 1\n'],
    ['a plain text by one that needs quotes', 'a: one\n', 'true', 'a: "true"\n'],
    ['a quoted text by a boolean', 'a: "false"\n', true, 'a: true\n'],
    ['a text over two lines', 'a: one\n  more # note\nb: 1\n', 'two', 'a: two # note\nb: 1\n'],
    ['nothing', 'a: # note\nb: 1\n', 15, 'a: 15 # note\nb: 1\n'],
    ['nothing at the end of the file', 'a:', 'x', 'a: x'],
    ['a value on its own line', 'a:\n  # head\n  one\nb: 1\n', 'two', 'a:\n  # head\n  two\nb: 1\n'],
    ['a text with a line break', 'a: one # note\n', 'x\ny', 'a: "x\\ny" # note\n'],
    ['a reference', 'a: x\n', 'https://${{ vars.host }}/x', 'a: https://${{ vars.host }}/x\n'],
    ['null', 'a: x # note\n', null, 'a: null # note\n'],
  ])('replaces %s', (_, before, value, after) => {
    expect(edit(before, { at: '/a', value })).toBe(after);
  });

  it.each([
    ['literal', 'a: | # note\n  one\n  two\n\nb: 1\n', 'x\ny\n', 'a: | # note\n  x\n  y\n\nb: 1\n'],
    ['folded', 'a: >-\n    one\n    two\nb: 1\n', 'x y', 'a: >-\n  x y\nb: 1\n'],
    ['replaced by a number', 'a: |-  # note\n  one\nb: 1\n', 5, 'a: 5  # note\nb: 1\n'],
    ['by one that ends in empty lines', 'a: |+\n  one\n\n\nb: 1\n', 'x\n\n', 'a: "x\\n\\n"\nb: 1\n'],
    ['empty', 'a: |\nb: 1\n', 'x', 'a: |-\n  x\nb: 1\n'],
    ['by a map', 'a: | # note\n  one\nb: 1\n', { c: 1 }, 'a: # note\n  c: 1\nb: 1\n'],
  ])('replaces a block of text: %s', (_, before, value, after) => {
    expect(edit(before, { at: '/a', value })).toBe(after);
  });

  it.each([
    ['a text by a map', 'a: one # note\nb: 1\n', { c: { d: 1 } }, 'a: # note\n  c:\n    d: 1\nb: 1\n'],
    ['a map by a text', 'a: # note\n  c: 1\n  d: 2 # gone\n\nb: 1\n', 'x', 'a: x # note\n\nb: 1\n'],
    ['a map by a list of maps', 'a:\n  c: 1\nb: 1\n', [{ d: 1 }], 'a:\n  - d: 1\nb: 1\n'],
    ['a list at the level of its key by a map', 'a:\n- 1\nb: 1\n', { c: 1 }, 'a:\n  c: 1\nb: 1\n'],
    ['a map by an empty one', 'a:\n  c: 1\nb: 1\n', {}, 'a: {}\nb: 1\n'],
    ['a text by a short list', 'a: x\n', ['p', 'q'], 'a: [p, q]\n'],
    ['a braced map by a list', 'a: { c: 1 } # note\n', [1, 2], 'a: [ 1, 2 ] # note\n'],
    ['nothing by a map', 'a: # note\nb: 1\n', { c: 1 }, 'a: # note\n  c: 1\nb: 1\n'],
  ])('replaces %s', (_, before, value, after) => {
    expect(edit(before, { at: '/a', value })).toBe(after);
  });

  it('changes only the members of a map that differ', () => {
    const before = 'a:\n  # head of b\n  b: 1 # one\n  c: "2" # two\n  d: 3 # three\n# after\n';
    const after = 'a:\n  # head of b\n  b: 1 # one\n  c: "5" # two\n  e: 4\n# after\n';
    expect(edit(before, { at: '/a', value: { b: 1, c: '5', e: 4 } })).toBe(after);
  });

  it('changes only the items of a list that differ', () => {
    expect(edit('a:\n  - x # one\n  - y # two\n  - z # three\n', { at: '/a', value: ['x', 'z'] })).toBe(
      'a:\n  - x # one\n  - z # three\n',
    );
    expect(edit('a: [x, y] # note\n', { at: '/a', value: ['x', 'w', 'y, z'] })).toBe('a: [x, w, "y, z"] # note\n');
    expect(edit('a:\n- x\nb: 1\n', { at: '/a', value: ['x', { c: 1, d: [] }] })).toBe(
      'a:\n- x\n- c: 1\n  d: []\nb: 1\n',
    );
  });

  it('adds a key at the end of its map, before comments that follow', () => {
    expect(edit('a:\n    b: 1 # one\n    # tail\n\nc: 1\n', { at: '/a/x', value: { z: 1 } })).toBe(
      'a:\n    b: 1 # one\n    x:\n        z: 1\n    # tail\n\nc: 1\n',
    );
    expect(edit('a: {b: 1} # note\n', { at: '/a/x', value: 'p,q' })).toBe('a: {b: 1, x: "p,q"} # note\n');
    expect(edit('a: { b: 1 }\n', { at: '/a/x', value: { z: [1] } })).toBe('a: { b: 1, x: { z: [ 1 ] } }\n');
    expect(edit('a: {}\n', { at: '/a/x', value: 1 })).toBe('a: {x: 1}\n');
    expect(edit('- a: 1\n- b\n', { at: '/0/x', value: 1 })).toBe('- a: 1\n  x: 1\n- b\n');
  });

  it('adds a key below a block of text', () => {
    expect(edit('a: |\n  one\n\n\n', { at: '/b', value: 1 })).toBe('a: |\n  one\nb: 1\n\n\n');
    expect(edit('a: |+\n  one\n\n', { at: '/b', value: 1 })).toBe('a: |+\n  one\n\nb: 1\n');
    expect(edit('a: |-\n  one', { at: '/b', value: 'x\ny' })).toBe('a: |-\n  one\nb: |-\n  x\n  y');
  });

  it('adds to braces over several lines on a line of its own', () => {
    expect(edit('{\n  "a": 1, # one\n  "b": 2 # two\n}\n', { at: '/c', value: { d: 'x' } })).toBe(
      '{\n  "a": 1, # one\n  "b": 2, # two\n  "c": {"d":"x"}\n}\n',
    );
    expect(edit('a: [\n  x, # one\n]\n', { at: '/a/-', value: 'z' })).toBe('a: [\n  x, # one\n  z\n]\n');
  });

  it('makes the maps that are missing on the way', () => {
    expect(edit('a: 1\n', { at: '/b/c~1d/e', value: 1 })).toBe('a: 1\nb:\n  c/d:\n    e: 1\n');
    expect(edit('b: # note\n', { at: '/b/c', value: 1 })).toBe('b: # note\n  c: 1\n');
  });

  it.each([
    ['first', '/a', '# file\n# head of b\nb: 2\nc: {x: 1}\n'],
    ['middle', '/b', '# file\na: 1 # one\n# head of b\nc: {x: 1}\n'],
    ['last', '/c', '# file\na: 1 # one\n# head of b\nb: 2\n'],
  ])('takes the %s pair away with its own comment only', (_, at, after) => {
    expect(edit('# file\na: 1 # one\n# head of b\nb: 2\nc: {x: 1}\n', { at, remove: true })).toBe(after);
  });

  it('takes pairs away wherever they stand', () => {
    expect(edit('a: 1\nb:\n  c: 1', { at: '/b', remove: true })).toBe('a: 1');
    expect(edit('a:\n  b: 1 # one\nc: 1\n', { at: '/a/b', remove: true })).toBe('a: {}\nc: 1\n');
    expect(edit('a:\n- 1\nc: 1\n', { at: '/a/0', remove: true })).toBe('a: []\nc: 1\n');
    expect(edit('- a: 1 # one\n  # head\n  b: 2\n', { at: '/0/a', remove: true })).toBe('- # head\n  b: 2\n');
    expect(edit('- a\n- - b\n  - c\n', { at: '/1/0', remove: true })).toBe('- a\n- - c\n');
    expect(edit('{ a: 1, b: 2, c: 3, }\n', { at: '/b', remove: true })).toBe('{ a: 1, c: 3, }\n');
    expect(edit('{ a: 1, b: 2 }\n', { at: '/b', remove: true })).toBe('{ a: 1 }\n');
    expect(edit('{\n  a: 1, # one\n  # head\n  b: 2 # two\n}\n', { at: '/b', remove: true })).toBe(
      '{\n  a: 1, # one\n  # head\n}\n',
    );
    expect(edit('{\n  a: 1, # one\n  # head\n  b: 2 # two\n}\n', { at: '/a', remove: true })).toBe(
      '{\n  # head\n  b: 2 # two\n}\n',
    );
  });

  it('does nothing when nothing differs', () => {
    const text = 'a:   "1"   # odd\nb: {x:   1}\n';
    const edits = [
      { at: '/a', value: '1' },
      { at: '/b', value: { x: 1 } },
      { at: '/c', remove: true },
    ] as const;
    expect(edit(text, ...edits)).toBe(text);
  });

  it('keeps line ends, the byte order mark and a missing last line end', () => {
    const before = '\uFEFF# head\r\na: one # note\r\nb:\r\n  c: 1';
    const edits = [
      { at: '/a', value: 'two' },
      { at: '/b/d', value: { e: 1 } },
      { at: '/b/c', remove: true },
    ] as const;
    expect(edit(before, ...edits)).toBe('\uFEFF# head\r\na: two # note\r\nb:\r\n  d:\r\n    e: 1');
  });

  it('leaves the other documents of the file alone', () => {
    const before = '# first\na:   1\n--- # second\na: 1\nb: 2\n---\n# only a comment\n---\na: 1 # third\n...\n';
    const { text, refused } = editDocument(before, {
      index: 1,
      edits: [
        { at: '/a', value: 5 },
        { at: '/c', value: 1 },
      ],
    });
    expect(refused).toEqual([]);
    expect(text).toBe(
      '# first\na:   1\n--- # second\na: 5\nb: 2\nc: 1\n---\n# only a comment\n---\na: 1 # third\n...\n',
    );
    expect(editDocument(before, { index: 2, edits: [{ at: '/a', value: 5 }] }).text).toContain('a: 5 # third');
  });

  it.each([
    ['an alias', 'x: &one 1\na: *one\n', '/a', 'alias'],
    ['an anchor', 'a: &one 1\n', '/a', 'anchor'],
    ['a value below an anchor', 'a: &one\n  b: 1\n', '/a/b', 'anchor'],
    ['a value below an alias', 'x: &one\n  b: 1\na: *one\n', '/a/b', 'alias'],
    ['a tag', 'a: !!str 1\n', '/a', 'tag'],
    ['a place below a text', 'a: one\n', '/a/b', 'not a mapping'],
    ['a gap in a list', 'a: [1]\n', '/a/5', 'no such item'],
  ])('refuses %s and says why', (_, text, at, reason) => {
    const result = editDocument(text, { index: 0, edits: [{ at, value: 7 }] });
    expect(result.text).toBe(text);
    expect(result.refused).toEqual([{ at, reason: expect.stringContaining(reason) }]);
  });

  it('carries out the other edits when one is refused', () => {
    const edits = [
      { at: '/a', value: 2 },
      { at: '/b', value: 3 },
    ];
    const { text, refused } = editDocument('a: &x 1\nb: 1\n', { index: 0, edits });
    expect(text).toBe('a: &x 1\nb: 3\n');
    expect(refused.map(({ at }) => at)).toEqual(['/a']);
  });

  it.each([
    ['a file that is no YAML', 'a: [1\n', 0, 'cannot be read'],
    ['a document that is not there', 'a: 1\n', 1, 'no such document'],
    ['a file with an unknown alias', 'a: *x\nb: 1\n', 0, 'cannot be read'],
  ])('refuses %s', (_, text, index, reason) => {
    const result = editDocument(text, { index, edits: [{ at: '/b', value: 7 }] });
    expect(result).toEqual({ text, refused: [{ at: '/b', reason: expect.stringContaining(reason) }] });
  });

  it('refuses to take an anchor away that an alias needs', () => {
    const text = 'a:\n  b: &x 1\nc: *x\n';
    expect(editDocument(text, { index: 0, edits: [{ at: '/a', value: 1 }] }).text).toBe(text);
  });
});
