// The few parts of Express that our example uses, so that it can be run as it stands without installing Express.
import { createServer } from 'node:http';

export default function express() {
  const routes = new Map();
  return {
    post: (path, ...handlers) => void routes.set(path, handlers),
    listen: (port, listener) =>
      createServer((request, response) => handle(routes.get(request.url), request, response)).listen(
        Number(port),
        '127.0.0.1',
        listener,
      ),
  };
}

express.raw = ({ type, limit }) => {
  if (limit !== '1mb' || !type()) throw new Error('This is not what the example gives.');
  return async (request, response, next) => {
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    // As Express does for a request without a body.
    request.body = chunks.length === 0 ? {} : Buffer.concat(chunks);
    return next();
  };
};

function handle([first, ...rest], request, response) {
  const shown = Object.assign(response, {
    status: (code) => Object.assign(shown, { statusCode: code }),
    send: (text) => void response.end(text),
    sendStatus: (code) => void shown.status(code).send(),
  });
  const next = () => (rest.length === 0 ? undefined : handle(rest, request, shown));
  return first(request, shown, next);
}
