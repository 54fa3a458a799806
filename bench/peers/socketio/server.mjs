// The least a socket.io chat can be: who connects is in the room, what one says goes to all of it. Nothing is stored.
import { createServer } from 'node:http';
import { Server } from 'socket.io';

const everybody = 'everybody';
const http = createServer((request, response) => response.end('yes'));
const io = new Server(http);
io.on('connection', (socket) => {
  socket.join(everybody);
  socket.on('say', (text, said) => {
    io.to(everybody).emit('message', text);
    said();
  });
});
http.listen({ port: Number(process.argv[2]), host: '127.0.0.1', backlog: 4096 });
