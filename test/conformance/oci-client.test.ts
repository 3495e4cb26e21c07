import { utf8 } from '@notarykit/common';
import { checkTag, type OciError, parseDigest, parseReference } from '@notarykit/oci';
import { checkRepositoryName, parseImageName, referrersTag } from '@notarykit/oci/internal';
import { expect, it } from 'vitest';
import { parseRetryAfter } from '../../packages/common/src/retry-after.js';
import { chooseChallenge, parseChallenges } from '../../packages/registry-client/src/auth/challenge.js';
import { mergeScopes } from '../../packages/registry-client/src/auth/scope.js';
import { parseErrorBody } from '../../packages/registry-client/src/http/error-body.js';
import { nextLink } from '../../packages/registry-client/src/http/link.js';
import {
  checkLocation,
  checkNextPage,
  checkRealm,
  checkRedirect,
  withDigest,
} from '../../packages/registry-client/src/http/origin.js';
import { judgeRange, parseContentRange, parseUploadRange } from '../../packages/registry-client/src/http/range.js';
import { parseWarnings } from '../../packages/registry-client/src/http/warning.js';
import {
  type ConfigAnswer,
  parseDockerConfig,
} from '../../packages/registry-client/src/node/credentials/docker-config.js';
import { countVectors, vectorBytes, vectorJson, vectorList, vectorSet } from '../vectors.js';

/** What a call throws, as its code; `undefined` when it does not throw. */
function codeOf(call: () => unknown): string | undefined {
  try {
    call();
    return undefined;
  } catch (error) {
    return (error as OciError).code;
  }
}

vectorSet('oci', 'oci', () => {
  const grammar = vectorJson('oci', 'grammar.json');
  const headers = vectorJson('oci', 'http-headers.json');

  it('grammar.json: names and tags', (context) => {
    const rows: [string, (text: string) => void, boolean][] = [
      ...grammar.names.valid.map((text: string) => [text, checkRepositoryName, true]),
      ...grammar.names.invalid.map((text: string) => [text, checkRepositoryName, false]),
      ...grammar.tags.valid.map((text: string) => [text, checkTag, true]),
      ...grammar.tags.invalid.map((text: string) => [text, checkTag, false]),
    ];
    for (const [text, check, valid] of rows) {
      expect(
        codeOf(() => check(text)),
        text,
      ).toBe(valid ? undefined : 'ERR_OCI_INVALID');
    }
    countVectors(context, rows.length, rows.length);
  });

  it('grammar.json: digests', (context) => {
    for (const { value, status } of grammar.digests) {
      // sha384 is known for blob signatures; registries and layouts refuse it as unsupported (tested with them).
      const code = value.startsWith('sha384:') ? 'ERR_OCI_UNSUPPORTED' : codeOf(() => parseDigest(value));
      const expected = { ok: undefined, unsupported: 'ERR_OCI_UNSUPPORTED', invalid: 'ERR_OCI_INVALID' }[
        status as string
      ];
      expect(code, value).toBe(expected);
    }
    countVectors(context, grammar.digests.length, grammar.digests.length);
  });

  it('grammar.json: references', (context) => {
    for (const row of grammar.references) {
      if (row.error === undefined) {
        expect(parseReference(row.in), row.in).toEqual({
          registry: row.registry,
          repository: row.repository,
          ...(row.tag && { tag: row.tag }),
          ...(row.digest && { digest: row.digest }),
        });
      } else
        expect(
          codeOf(() => parseReference(row.in)),
          row.in,
        ).toBe('ERR_OCI_INVALID');
      if (row.familiar) expect(parseImageName(row.in)).toEqual(row.familiar);
    }
    for (const { digest, tag } of grammar.referrersTags) expect(referrersTag(digest)).toBe(tag);
    const total = grammar.references.length + grammar.referrersTags.length;
    countVectors(context, total, total);
  });

  it('http-headers.json: WWW-Authenticate and scopes', (context) => {
    for (const { lines, challenges, use, scopes } of headers.wwwAuthenticate) {
      const parsed = parseChallenges(lines.length === 0 ? null : lines.join(', '));
      const plain = parsed?.map(({ params, ...rest }) => ({
        ...rest,
        ...(rest.token68 !== undefined && Object.keys(params).length === 0 ? {} : { params: { ...params } }),
      }));
      expect(plain ?? null, lines.join()).toEqual(challenges);
      const chosen = chooseChallenge(parsed);
      expect(chosen?.scheme ?? null, lines.join()).toBe(use);
      if (scopes) expect((chosen?.params['scope'] ?? '').split(' ').filter((text) => text !== '')).toEqual(scopes);
    }
    for (const { in: given, out } of headers.scopes) expect(mergeScopes(given)).toEqual(out);
    const total = headers.wwwAuthenticate.length + headers.scopes.length;
    countVectors(context, total, total);
  });

  it('http-headers.json: realm, location and redirect policies', (context) => {
    for (const { registry, realm, ok, resolved } of headers.realmPolicy) {
      const verdict = checkRealm(registry, realm);
      expect(verdict.ok, realm).toBe(ok);
      if (resolved) expect(verdict).toMatchObject({ url: resolved });
    }
    for (const { request, location, refuse, next, put, sendAuth } of headers.location) {
      const verdict = checkLocation(request, location);
      expect(verdict.ok, location).toBe(refuse !== true);
      if (!verdict.ok) continue;
      if (next) expect(verdict.url).toBe(next);
      if (put) expect(withDigest(verdict.url, `sha256:${'a'.repeat(64)}`)).toBe(put);
      if (sendAuth !== undefined) expect(verdict.sameOrigin, location).toBe(sendAuth);
    }
    for (const { from, to, method, status = 307, follow, keepAuthorization } of headers.redirect) {
      const verdict = checkRedirect({ from, to, method, status });
      expect(verdict.ok, `${from} → ${to}`).toBe(follow);
      if (verdict.ok) expect(verdict.sameOrigin, `${from} → ${to}`).toBe(keepAuthorization);
    }
    const total = headers.realmPolicy.length + headers.location.length + headers.redirect.length;
    countVectors(context, total, total);
  });

  it('http-headers.json: Link, Warning, Retry-After', (context) => {
    for (const { base, value, next, lenient } of headers.link) {
      const link = nextLink(value);
      const verdict = link.kind === 'next' ? checkNextPage(base, link.target) : undefined;
      if (next === 'refuse') expect(verdict, value).toMatchObject({ ok: false });
      // Where another reader finds a page, ours refuses to take the list for ended.
      else if (next === null) expect(link.kind, value).toBe(lenient === undefined ? 'end' : 'unusable');
      else expect(verdict, value).toMatchObject({ ok: true, url: next });
    }
    for (const { value, texts } of headers.warning) expect(parseWarnings(value), value).toEqual(texts);
    for (const { value, nowMs, ms } of headers.retryAfter)
      expect(parseRetryAfter(value, nowMs) ?? null, value).toBe(ms);
    const total = headers.link.length + headers.warning.length + headers.retryAfter.length;
    countVectors(context, total, total);
  });

  it('http-headers.json: ranges and error bodies', (context) => {
    for (const { value, endInclusive, error } of headers.uploadRange) {
      expect(parseUploadRange(value), value).toBe(error ? undefined : endInclusive);
    }
    for (const { request, status, value, total, ok, continueFrom } of headers.contentRange) {
      const offset = Number(/\d+/.exec(request)?.[0]);
      expect(judgeRange(status, value, offset, total).kind !== 'refuse', `${request} ${value}`).toBe(ok);
      if (continueFrom) expect((parseContentRange(value)?.end ?? 0) + 1).toBe(continueFrom);
    }
    for (const { body, codes, oauthError } of headers.errorBodies) {
      const parsed = parseErrorBody(utf8(body));
      expect(parsed.errors.map(({ code }) => code)).toEqual(codes);
      expect(parsed.oauthError).toBe(oauthError);
    }
    const total = headers.uploadRange.length + headers.contentRange.length + headers.errorBodies.length;
    countVectors(context, total, total);
  });

  it('docker-config: every host of every file', (context) => {
    const { files } = vectorJson('oci', 'docker-config', 'expected.json');
    let count = 0;
    for (const [file, hosts] of Object.entries<string | Record<string, unknown>>(files)) {
      const bytes = vectorBytes('oci', 'docker-config', file);
      if (typeof hosts === 'string') {
        expect(
          codeOf(() => parseDockerConfig(bytes, file)),
          file,
        ).toBe('ERR_REGISTRY_UNAUTHORIZED');
        count++;
        continue;
      }
      const config = parseDockerConfig(bytes, file);
      for (const [host, expected] of Object.entries(hosts)) {
        const answer = expected === 'error' ? codeOf(() => config.find(host)) : shown(config.find(host));
        expect(answer, `${file} ${host}`).toEqual(expected === 'error' ? 'ERR_REGISTRY_UNAUTHORIZED' : expected);
        count++;
      }
    }
    expect(vectorList('oci', 'docker-config').length).toBe(Object.keys(files).length + 1);
    countVectors(context, count, count);
  });
});

function shown(answer: ConfigAnswer): unknown {
  if (answer.kind === 'none') return null;
  return answer.kind === 'helper' ? { helper: `docker-credential-${answer.suffix}` } : answer.credential;
}
