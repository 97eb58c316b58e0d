import fc from 'fast-check';
import { anySkeleton, pages, rules } from '../support/foreign-pages.ts';
import { anyForeignText, unseenCharacters } from '../support/foreign-text.ts';
import { findTreeFlaws, shapeOf } from '../support/markdown-tree.ts';
import { aFuzzer, expectNone, withinBounds } from './fuzzer.ts';

/** Most that GitHub takes. */
const longestPage = 65_536;

const inputs = fc.record({
  page: fc.constantFrom(...Object.keys(pages)),
  skeleton: anySkeleton,
  texts: fc.array(anyForeignText, { minLength: 1, maxLength: 12 }),
});

/** Everything that is written to GitHub, with foreign text in every place. */
export const markdown = aFuzzer('markdown', 60, inputs, ({ page, skeleton, texts }) => {
  const write = pages[page]?.(skeleton);
  if (write === undefined) throw new Error(`There is no page ${page}.`);
  let index = -1;
  const next = (): string => {
    index += 1;
    return texts[index % texts.length] ?? '';
  };
  const hostile = withinBounds(() => write(next));
  const hidden = unseenCharacters.exec(hostile)?.[0];
  expectNone([
    ...findTreeFlaws(hostile, rules),
    ...(hidden === undefined ? [] : [`hidden: ${JSON.stringify(hidden)}`]),
    ...(shapeOf(hostile) === shapeOf(write((word) => word)) ? [] : ['another structure than with harmless words']),
    ...(Buffer.byteLength(hostile) > longestPage ? ['too long'] : []),
  ]);
});
