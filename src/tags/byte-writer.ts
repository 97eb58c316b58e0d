/** Bytes that are put together in one piece of memory. */
export interface ByteWriter {
  readonly byte: (value: number) => void;
  /** In two bytes. */
  readonly count: (value: number) => void;
  /**
   * The bytes that base64url without padding stands for.
   * Throws a RangeError when they are not as many as they must be.
   */
  readonly hash: (text: string, length: number) => void;
  /** What was written. Nothing may be written any more. */
  readonly end: () => Buffer;
}

/** @param most bytes that will be written at most; one more throws a RangeError */
export function openByteWriter(most: number): ByteWriter {
  const bytes = Buffer.allocUnsafe(most);
  let at = 0;
  return {
    byte: (value) => {
      at = bytes.writeUInt8(value, at);
    },
    count: (value) => {
      at = bytes.writeUInt16BE(value, at);
    },
    hash: (text, length) => {
      // So many bytes take so many digits, and no other number of them.
      const isLong = text.length === Math.ceil((length * 4) / 3);
      if (!isLong || bytes.write(text, at, length, 'base64url') !== length) {
        const given = Buffer.from(text, 'base64url').length;
        throw new RangeError(`A hash of ${length} bytes is needed, not of ${given}.`);
      }
      at += length;
    },
    end: () => bytes.subarray(0, at),
  };
}
