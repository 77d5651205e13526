/**
 * Loaded into a child by NODE_OPTIONS=--require: sends what is meant for hosts of the cloud to stand-ins on loopback.
 * REDIRECT is JSON: {"host": port}. Any other host is an error.
 */
const http = require('node:http');
const https = require('node:https');

const targets = JSON.parse(process.env.REDIRECT ?? '{}');

for (const module of [http, https]) {
  module.request = (/** @type {any} */ options, /** @type {any[]} */ ...rest) => {
    const port = targets[options.host ?? options.hostname];
    if (port === undefined) throw new Error(`the test may not contact ${options.host ?? options.hostname}`);
    const redirected = {
      ...options,
      host: '127.0.0.1',
      hostname: '127.0.0.1',
      port,
      protocol: 'http:',
      agent: undefined,
    };
    return new http.ClientRequest(redirected, ...rest);
  };
}
