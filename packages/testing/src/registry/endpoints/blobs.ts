import { digestIn, type EndpointContext, existing } from '../context.js';
import { answer, Refusal } from '../http/answers.js';
import type { Answer } from '../http/exchange.js';
import { parseRange } from '../http/range.js';
import { removeManifest } from '../store/repository.js';
import { checkDeletion } from './deletion.js';

/** GET and HEAD of a blob, whole or a range of it (distribution-spec, "Pulling blobs"). */
export async function getBlob(context: EndpointContext): Promise<Answer> {
  const { repository, digest, size } = await findBlob(context);
  const ranges = context.abilities.ranges;
  const headers = {
    'Content-Type': 'application/octet-stream',
    'Docker-Content-Digest': digest,
    'Accept-Ranges': ranges ? 'bytes' : 'none',
  };
  const wanted = context.request.headers.get('range');
  const range = ranges && wanted !== null ? parseRange(wanted, size) : undefined;
  if (range === 'unsatisfiable')
    throw new Refusal(416, 'RANGE_INVALID', `the blob has ${size} bytes`, { 'Content-Range': `bytes */${size}` });
  const { start, end } = range ?? { start: 0, end: size };
  const body = repository.blobs.read(digest, { start, end });
  const length = { 'Content-Length': String(end - start) };
  if (range === undefined) return answer(200, { ...headers, ...length }, body);
  return answer(206, { ...headers, ...length, 'Content-Range': `bytes ${start}-${end - 1}/${size}` }, body);
}

/** DELETE of a blob (distribution-spec, "Deleting Blobs"). */
export async function deleteBlob(context: EndpointContext): Promise<Answer> {
  checkDeletion(context.abilities, 'blob');
  const { repository, digest } = await findBlob(context);
  await repository.exclusive(async () => {
    if (repository.manifests.has(digest)) await removeManifest(repository, digest);
    else await repository.blobs.delete(digest);
  });
  return answer(202);
}

async function findBlob(context: EndpointContext) {
  const digest = digestIn(context.reference);
  const repository = await existing(context);
  const size = await repository.blobs.size(digest);
  if (size === undefined) throw new Refusal(404, 'BLOB_UNKNOWN', `${repository.name} has no blob ${digest}`);
  return { repository, digest, size };
}
