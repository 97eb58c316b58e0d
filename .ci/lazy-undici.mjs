// What the sources use of undici is loaded with the first connection through a proxy, or for an apply of many changes: most commands make none, and it takes longer to load than all else.
let parts;

function load() {
  parts ??= require('./undici-parts.cjs');
  return parts;
}

// Called with `new`, which hands out what a constructor returns.
export function EnvHttpProxyAgent(...options) {
  return new (load().EnvHttpProxyAgent)(...options);
}

export function Pool(...options) {
  return new (load().Pool)(...options);
}
