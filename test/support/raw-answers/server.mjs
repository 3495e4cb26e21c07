// A server of raw answers, in its own thread so that its sockets are not those of the client under test.
// The first path component of the repository says which answer: /v2/raw/<number>/…, everything else is answered by 404.
import { createServer } from 'node:net';
import { parentPort, workerData } from 'node:worker_threads';

const answers = workerData;
const open = new Set();

const server = createServer((socket) => {
  open.add(socket);
  socket.on('close', () => open.delete(socket));
  socket.on('error', () => socket.destroy());
  let request = '';
  socket.on('data', (chunk) => {
    if (request.length > 64 * 1024) return;
    request += chunk.toString('latin1');
    // A request with a body is answered as soon as its head is there.
    if (!request.includes('\r\n\r\n')) return;
    const number = /^(?:CONNECT )?[^\r\n]*?raw(?:\/|-)(\d+)/.exec(request)?.[1];
    request = '';
    answer(socket, answers[Number(number)] ?? { text: 'HTTP/1.1 404 X\r\nContent-Length: 0\r\n\r\n', ending: 'keep' });
  });
});

function answer(socket, { text, times = 1, drip, ending }) {
  const bytes = Buffer.from(text, 'latin1');
  if (drip !== undefined) return dripped(socket, bytes, drip);
  const end = () => finish(socket, ending);
  if (times === 1) return void socket.write(bytes, end);
  flood(socket, bytes, times, end);
}

function finish(socket, ending) {
  if (ending === 'end') socket.end();
  if (ending === 'reset') socket.resetAndDestroy();
}

/** The head at once, ending byte for byte, for ever. */
function dripped(socket, bytes, { after, everyMs }) {
  socket.write(bytes.subarray(0, after));
  let at = after;
  const timer = setInterval(() => socket.write(bytes.subarray(at, ++at)), everyMs);
  socket.on('close', () => clearInterval(timer));
}

function flood(socket, bytes, times, end) {
  let left = times;
  const more = () => {
    while (left > 0 && socket.writable) {
      left -= 1;
      if (!socket.write(bytes)) return;
    }
    socket.off('drain', more);
    if (socket.writable) end();
  };
  socket.on('drain', more);
  more();
}

parentPort.on('message', () => {
  server.close();
  for (const socket of open) socket.destroy();
});
server.listen(0, '127.0.0.1', () => parentPort.postMessage(server.address().port));
