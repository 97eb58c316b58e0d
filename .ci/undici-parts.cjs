// What the sources use of undici, without its fetch, caches, cookies and web sockets, which take longer to load than a plan of a few instances to make.
const Dispatcher = require('../node_modules/undici/lib/dispatcher/dispatcher.js');
Object.assign(Dispatcher.prototype, {
  connect: require('../node_modules/undici/lib/api/api-connect.js'),
});

module.exports = {
  EnvHttpProxyAgent: require('../node_modules/undici/lib/dispatcher/env-http-proxy-agent.js'),
  Pool: require('../node_modules/undici/lib/dispatcher/pool.js'),
};
