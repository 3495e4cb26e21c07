// NotaryKit under the protocol of the kit: node main.mjs verify|sign <request.json>. The packages must be built before.
import { readFileSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { sign } from './sign.mjs';
import { verify } from './verify.mjs';

const [verb, file] = process.argv.slice(2);
const request = JSON.parse(readFileSync(file, 'utf8'));

/** Asks the proxy of the kit, which answers for every host that a case names. */
function network(method, url) {
  const { hostname, port } = new URL(request.proxy);
  return new Promise((done, fail) => {
    const sent = httpRequest(
      { hostname, port, method, path: url, headers: { host: new URL(url).host } },
      (response) => {
        const chunks = [];
        response.on('data', (chunk) => chunks.push(chunk));
        response.on('end', () =>
          done({ status: response.statusCode, headers: response.headers, body: Buffer.concat(chunks) }),
        );
      },
    );
    sent.on('error', fail).end();
  });
}

const exits = { trusted: 0, refused: 1, skipped: 2 };
const answer = verb === 'sign' ? await sign(request) : await verify(request, { network });
console.log(JSON.stringify(answer));
process.exitCode = verb === 'sign' ? 0 : exits[answer.verdict];
