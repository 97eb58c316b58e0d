// Makes a PNG of letters and areas small: the few colours that matter, one byte a pixel.
import { crc32, deflateSync, inflateSync } from 'node:zlib';

const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
const keyword = 'Source';
const mostColors = 256;

/**
 * Reads a PNG with 8 bits a channel, as browsers write it, and writes it with at most 256 colours and a note in it.
 * Colours that are rare are replaced by the nearest of the others.
 */
export function shrinkPng(png, note) {
  const { width, height, pixels } = decode(png);
  const palette = choosePalette(pixels);
  const indexes = toIndexes(pixels, palette);
  const lines = Buffer.alloc(height * (width + 1));
  for (let row = 0; row < height; row += 1) {
    indexes.copy(lines, row * (width + 1) + 1, row * width, (row + 1) * width);
  }
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  // 8 bits, a palette.
  head.set([8, 3], 8);
  return Buffer.concat([
    signature,
    writeChunk('IHDR', head),
    writeChunk('tEXt', Buffer.from(`${keyword}\0${note}`, 'latin1')),
    writeChunk('PLTE', Buffer.from(palette.flatMap(toChannels))),
    writeChunk('IDAT', deflateSync(lines, { level: 9, memLevel: 9 })),
    writeChunk('IEND', Buffer.alloc(0)),
  ]);
}

/** The note in a PNG; undefined when there is none. */
export function readNote(png) {
  const found = png === undefined ? [] : readChunks(png).filter(({ type }) => type === 'tEXt');
  const notes = found.map(({ data }) => data.toString('latin1').split('\0'));
  return notes.find(([name]) => name === keyword)?.[1];
}

function readChunks(png) {
  if (!png.subarray(0, 8).equals(signature)) throw new Error('This is no PNG.');
  const chunks = [];
  for (let at = 8; at < png.length;) {
    const length = png.readUInt32BE(at);
    chunks.push({ type: png.toString('latin1', at + 4, at + 8), data: png.subarray(at + 8, at + 8 + length) });
    at += length + 12;
  }
  return chunks;
}

function writeChunk(type, data) {
  const chunk = Buffer.alloc(data.length + 12);
  chunk.writeUInt32BE(data.length, 0);
  chunk.write(type, 4, 'latin1');
  data.copy(chunk, 8);
  chunk.writeUInt32BE(crc32(chunk.subarray(4, data.length + 8)), data.length + 8);
  return chunk;
}

/** Answers each pixel as one number, 0xRRGGBB. */
function decode(png) {
  const chunks = readChunks(png);
  const head = chunks.find(({ type }) => type === 'IHDR').data;
  const [width, height] = [head.readUInt32BE(0), head.readUInt32BE(4)];
  const [bits, kind, , , interlaced] = head.subarray(8);
  const size = { 2: 3, 6: 4 }[kind];
  if (bits !== 8 || size === undefined || interlaced !== 0) throw new Error('This is no PNG as browsers write it.');
  const raw = inflateSync(Buffer.concat(chunks.filter(({ type }) => type === 'IDAT').map(({ data }) => data)));
  const bytes = unfilter(raw, { lineLength: width * size, height, size });
  const pixels = Uint32Array.from({ length: width * height }, (_, index) => bytes.readUIntBE(index * size, 3));
  return { width, height, pixels };
}

/** Undoes the filter of each line (w3.org/TR/png, 9.2). */
function unfilter(raw, { lineLength, height, size }) {
  const bytes = Buffer.alloc(lineLength * height);
  for (let row = 0; row < height; row += 1) {
    const filter = raw[row * (lineLength + 1)];
    const start = row * lineLength;
    for (let column = 0; column < lineLength; column += 1) {
      const left = column < size ? 0 : bytes[start + column - size];
      const up = row === 0 ? 0 : bytes[start + column - lineLength];
      const corner = column < size || row === 0 ? 0 : bytes[start + column - lineLength - size];
      bytes[start + column] = raw[row * (lineLength + 1) + 1 + column] + predict(filter, { left, up, corner });
    }
  }
  return bytes;
}

function predict(filter, { left, up, corner }) {
  switch (filter) {
    case 0:
      return 0;
    case 1:
      return left;
    case 2:
      return up;
    case 3:
      return (left + up) >> 1;
    default:
      return nearestOf(left + up - corner, [left, up, corner]);
  }
}

function nearestOf(wanted, candidates) {
  return candidates.reduce((best, one) => (Math.abs(wanted - one) < Math.abs(wanted - best) ? one : best));
}

/** The most frequent colours; of those that look alike, one. */
function choosePalette(pixels) {
  const counts = new Map();
  for (const pixel of pixels) counts.set(pixel, (counts.get(pixel) ?? 0) + 1);
  const byCount = [...counts].toSorted(([a, many], [b, more]) => more - many || a - b).map(([pixel]) => pixel);
  for (let least = 0; ; least += 8) {
    const palette = [];
    for (const pixel of byCount) {
      if (palette.every((one) => distance(one, pixel) >= least)) palette.push(pixel);
      if (palette.length > mostColors) break;
    }
    if (palette.length <= mostColors) return palette;
  }
}

function toIndexes(pixels, palette) {
  const known = new Map(palette.map((pixel, index) => [pixel, index]));
  return Buffer.from(
    pixels.map((pixel) => {
      const found = known.get(pixel);
      if (found !== undefined) return found;
      const nearest = palette.reduce((best, one) => (distance(one, pixel) < distance(best, pixel) ? one : best));
      const index = palette.indexOf(nearest);
      known.set(pixel, index);
      return index;
    }),
  );
}

function distance(one, other) {
  const [a, b] = [toChannels(one), toChannels(other)];
  return a.reduce((sum, value, index) => sum + (value - b[index]) ** 2, 0);
}

function toChannels(pixel) {
  return [pixel >> 16, (pixel >> 8) & 255, pixel & 255];
}
