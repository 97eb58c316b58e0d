// Parsers and loaders for kinds of configuration that we never read: the sources hand cosmiconfig loaders of their own.
throw new Error('This program reads no configuration of that kind.');
