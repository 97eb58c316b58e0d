// For `node --require`: says at the end, on stderr, which files of ours and which modules of Node.js were loaded.
'use strict';
const { writeSync } = require('node:fs');
const path = require('node:path');

process.on('exit', () => {
  const files = Object.keys(require.cache).filter((file) => file !== __filename);
  const modules = process.moduleLoadList.flatMap((line) => /^NativeModule (?!internal\/)(.*)/.exec(line)?.[1] ?? []);
  writeSync(2, JSON.stringify({ files: files.map((file) => path.basename(file)), modules }));
});
