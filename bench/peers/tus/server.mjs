// The tus project's own server on its own file store, as its README starts it.
import http from 'node:http';
import { FileStore } from '@tus/file-store';
import { Server } from '@tus/server';

const [port, directory] = process.argv.slice(2);
const tus = new Server({ path: '/files', datastore: new FileStore({ directory }) });
http
  .createServer((request, response) => {
    if (request.url === '/ready') response.end('ready');
    else tus.handle(request, response);
  })
  .listen(Number(port), '127.0.0.1');
