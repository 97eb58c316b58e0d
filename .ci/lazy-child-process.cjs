// The parser could start programs for commands; ours has none of that kind, and need not wait for the module that would.
exports.spawn = (...words) => require('node:child_process').spawn(...words);
