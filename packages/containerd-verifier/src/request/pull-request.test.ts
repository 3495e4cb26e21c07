import { utf8 } from '@notarykit/common';
import { describe, expect, it } from 'vitest';
import { type PullRequest, readPullRequest } from './pull-request.js';

const digest = `sha256:${'a'.repeat(64)}`;
const other = `sha256:${'b'.repeat(64)}`;
const descriptor = { mediaType: 'application/vnd.oci.image.manifest.v1+json', digest, size: 7 };
const name = 'registry.example.com/net-monitor:v1';
const type = 'application/vnd.oci.descriptor.v1+json';
const words = (its = name, of = digest) => ['-name', its, '-digest', of, '-stdin-media-type', type];

function read(asked: readonly string[], input = `${JSON.stringify(descriptor)}\n`): Promise<PullRequest> {
  const parts = async function* () {
    // In pieces, as a pipe gives them.
    for (let at = 0; at < input.length; at += 50_000) yield utf8(input.slice(at, at + 50_000));
  };
  return readPullRequest(asked, parts());
}

describe('readPullRequest', () => {
  it.each([
    ['a tag', words()],
    ['tag and digest', words(`${name}@${digest}`)],
    ['words as Go reads them', [`--name=${name}`, `-digest=${digest}`, '--stdin-media-type', type]],
  ])('reads %s', async (_, asked) => {
    expect(await read(asked)).toEqual({ repository: 'registry.example.com/net-monitor', descriptor });
  });

  it.each<[what: string, words: readonly string[], input?: string]>([
    ['no words', []],
    ['an unknown word', [...words(), '-platform', 'linux/amd64']],
    ['a word without a dash', [...words(), 'linux/amd64']],
    ['a word twice', [...words(), '-digest', digest]],
    ['a word left out', words().slice(2)],
    ['a value left out', words().slice(0, -1)],
    ['a value that is empty', words('')],
    ['another payload', [...words().slice(0, -1), 'application/json']],
    ['another digest', words(name, other)],
    ['another digest in the name', words(`${name}@${other}`)],
    ['no registry', words('net-monitor:v1')],
    ['no digest', words(name, 'sha256:abc'), JSON.stringify({ ...descriptor, digest: 'sha256:abc' })],
    ['no input', words(), ''],
    ['no JSON', words(), '{"mediaType":'],
    ['more than JSON', words(), `${JSON.stringify(descriptor)}{}`],
    ['a member twice', words(), JSON.stringify(descriptor).replace('{', '{"size":1,')],
    ['no size', words(), JSON.stringify({ ...descriptor, size: undefined })],
    ['too much', words(), `${JSON.stringify(descriptor)}${' '.repeat(1024 * 1024)}`],
  ])('N2 refuses %s', async (_, asked, input) => {
    await expect(read(asked, input)).rejects.toMatchObject({ code: 'ERR_VERIFIER_REQUEST' });
  });
});
