const revocation = 'packages/pki/src/revocation';
const timestamp = 'packages/pki/src/timestamp';
const tests = 'test/integration/pki';

/** A guard of the form `if (condition) …`: removed, the condition never holds. */
const never = (id, what, test, file, condition) => ({
  id,
  what,
  test,
  file,
  find: `if (${condition})`,
  replace: 'if (false)',
});
const ocsp = (id, what, file, condition) =>
  never(id, what, `${tests}/ocsp.test.ts`, `${revocation}/${file}.ts`, condition);
const crl = (id, what, file, condition) =>
  never(id, what, `${tests}/crl.test.ts`, `${revocation}/${file}.ts`, condition);
const online = (id, what, file, condition) =>
  never(id, what, `${tests}/revocation.test.ts`, `${revocation}/${file}.ts`, condition);
const fetched = (id, what, file, condition) =>
  never(id, what, `${tests}/revocation-fetch.test.ts`, `${revocation}/${file}.ts`, condition);
const token = (id, what, file, condition) =>
  never(id, what, `${tests}/timestamp.test.ts`, `${timestamp}/${file}.ts`, condition);
/** Of several places to ask. */
const among = (what, file, find, replace) => ({
  id: 'R22',
  what,
  test: `${tests}/alternatives.test.ts`,
  file: `${revocation}/${file}.ts`,
  find,
  replace,
});

export const guards = [
  {
    id: 'R1',
    what: 'a server that fails is not an answer',
    test: `${tests}/ocsp.test.ts`,
    file: `${revocation}/evidence.ts`,
    find: 'if (signal?.aborted === true || !isCodedError(error)) throw error;',
    replace: 'throw error;',
  },
  ocsp(
    'R3',
    'usage of a delegate',
    'check-ocsp',
    'candidate.extendedKeyUsage?.purposes.includes(oids.ocspSigning) !== true',
  ),
  ocsp('R3', 'dates of a delegate', 'check-ocsp', 'at < candidate.notBefore || at > candidate.notAfter'),
  {
    id: 'R4',
    what: 'status of a delegate',
    test: `${tests}/ocsp.test.ts`,
    file: `${revocation}/checker-over.ts`,
    find: 'if (responderToCheck === undefined || responderToCheck.crlUrls.length === 0) return evidence;',
    replace: 'return evidence;',
  },
  ocsp('R5', 'outdated answers', 'freshness', 'isOutdated && options.allowStale !== true'),
  ocsp('R5', 'answers of the future', 'freshness', 'time.getTime() > now + clockSkewMs'),
  ocsp('R6', 'another nonce', 'check-ocsp', '!equalBytes(answered, nonce)'),
  ocsp('R7', 'critical extensions', 'check-ocsp', 'unknown !== undefined'),
  {
    id: 'R8',
    what: 'only an authentic time excuses',
    test: `${tests}/crl.test.ts`,
    file: `${revocation}/check-crl.ts`,
    find: 'entries.filter((entry) => !isExcused(entry.invalidityDate, authenticSigningTime))',
    replace: 'entries.filter((entry) => entry.invalidityDate === undefined)',
  },
  ocsp('R9', 'the status of an answer', 'ocsp-response', 'status !== 0'),
  {
    id: 'R14',
    what: 'a CRL is cut where it is received',
    test: `${tests}/revocation.test.ts`,
    file: `${revocation}/http-source.ts`,
    find: 'return await readBytes(body, { limit, signal });',
    replace: 'return await readBytes(body, { limit: Number.POSITIVE_INFINITY, signal });',
    // Without it, the test of an endless body eats all memory.
    only: 'what is too large is not read to its end',
  },
  online('R14', 'size of a CRL', 'crl', 'der.length > maxBytes'),
  crl('R10', 'outdated CRLs', 'freshness', 'isOutdated && options.allowStale !== true'),
  crl('R11', 'indirect CRLs', 'issuing-distribution-point', 'scope.indirect'),
  crl('R12', 'critical extensions of a CRL', 'check-crl', 'crl.unknownCritical !== undefined'),
  crl('R13', 'a delta newer than its base', 'check-crl', 'delta.number <= base.number'),
  crl('R13', 'a delta to this base', 'check-crl', 'delta.baseNumber > base.number'),
  fetched('R15', 'addresses', 'url-rules', '!isAllowedAddress(kind, rules)'),
  fetched('R15', 'scheme', 'url-rules', "url.protocol !== 'http:' && !(https && url.protocol === 'https:')"),
  among(
    'a revocation that came too late',
    'ocsp-step',
    "return late.outcome === 'revoked' ? late : verdict;",
    'return verdict;',
  ),
  among(
    'late is not an answer but for a revocation',
    'ocsp-step',
    "return late.outcome === 'revoked' ? late : verdict;",
    'return late;',
  ),
  among(
    'names are alternatives by option only',
    'crl-step',
    '!alternatives || extension === undefined',
    'extension === undefined',
  ),
  among(
    'points do not answer for each other',
    'crl-step',
    'return distributionPoints(extension.value).filter((names) => names.length > 0);',
    'return [distributionPoints(extension.value).flat()];',
  ),
  among(
    'one responder does not know, by option',
    'ocsp-step',
    '(verdict.unknown === true && options.alternatives !== true)',
    'false',
  ),
  among(
    'https by redirect only',
    'http-source',
    'hop > 0 && options.httpsRedirects === true',
    'options.httpsRedirects === true',
  ),
  among('PEM by option', 'http-source', 'options.pemCrls === true && isText(answer)', 'isText(answer)'),
  {
    id: 'I15',
    what: 'damaged blocks are not words',
    test: `${tests}/certificate.test.ts`,
    file: 'packages/pki/src/x509/pem.ts',
    find: 'if (isDamaged(line)) throw unexpected(line, i);',
    replace: '',
  },
  fetched('R16', 'redirects', 'http-source', 'hop === mostRedirects'),
  online('R17', 'status 200', 'http-source', 'status !== 200 || body === null'),
  {
    id: 'R20',
    what: 'no place to ask is left out',
    test: `${tests}/revocation.test.ts`,
    file: 'packages/pki/src/x509/source-urls.ts',
    find: 'if (count > mostUrls)',
    replace: 'if (false)',
  },
  {
    id: 'R20',
    what: 'names relative to an issuer are places',
    test: `${tests}/revocation.test.ts`,
    file: 'packages/pki/src/x509/source-urls.ts',
    find: 'if (name !== undefined && full === undefined)',
    replace: 'if (false)',
  },
  {
    id: 'R20',
    what: 'nothing to ask is not the same as no answer',
    test: `${tests}/revocation.test.ts`,
    file: `${revocation}/checker-over.ts`,
    find: 'if (broken !== undefined)',
    replace: 'if (false)',
  },
  token(
    'S1',
    'imprint of the message',
    'token',
    '!equalBytes(info.hashedMessage, await digestBytes(info.hash, message))',
  ),
  {
    id: 'S2',
    what: 'the status of an answer',
    test: `${tests}/timestamp.test.ts`,
    file: `${timestamp}/response.ts`,
    find: 'if (status <= 1) return;',
    replace: 'return;',
  },
  token('S3', 'the nonce comes back', 'response', 'info.nonce === undefined || !equalBytes(info.nonce, options.nonce)'),
  token('S4', 'one signer', 'token', 'only === undefined || more.length > 0'),
  token(
    'S5',
    'usage of the signer itself',
    'token',
    '!critical || purposes.length !== 1 || purposes[0] !== oids.timeStamping',
  ),
  token(
    'S6',
    'the certificate that signed',
    'signing-certificate',
    '!equalBytes(await digestBytes(hash, found.der), certHash)',
  ),
  token('S7', 'the signed digest', 'token', '!equalBytes(signed, await digestBytes(hash, content))'),
  token(
    'S8',
    'usage of the authority',
    'token',
    '!critical || purposes.length !== 1 || purposes[0] !== oids.timeStamping',
  ),
  token('S9', 'absurd accuracy', 'tst-info', 'total > mostAccuracyMicros'),
  token(
    'S12',
    'imprint over the signature bytes',
    'token',
    '!equalBytes(info.hashedMessage, await digestBytes(info.hash, message))',
  ),
  token('S13', 'certificates in a token', 'cms', 'certificates.length === mostCertificates'),
  token('S14', 'credentials in a URL', 'http-timestamper', "url.username !== '' || url.password !== ''"),
  {
    id: 'R18',
    what: 'cached answers are judged like fresh ones',
    test: `${tests}/revocation.test.ts`,
    file: `${revocation}/evidence.ts`,
    find: "return verdict?.outcome === 'unavailable' ? undefined : verdict;",
    replace: 'return verdict;',
  },
  {
    id: 'R19',
    what: 'recorded answers stand under what they answer',
    test: `${tests}/revocation.test.ts`,
    file: `${revocation}/freshness.ts`,
    find: 'if (options.maxAgeMs !== undefined && now - thisUpdate.getTime() > options.maxAgeMs)',
    replace: 'if (false)',
  },
  {
    id: 'R21',
    what: 'every certificate but the root is asked about',
    test: `${tests}/revocation.test.ts`,
    file: `${revocation}/checker-over.ts`,
    find: 'issuer === undefined ? notRevocable',
    replace: 'above.length < 2 ? notRevocable',
  },
  {
    id: 'R2',
    what: 'the certificate asked about',
    test: `${tests}/ocsp.test.ts`,
    file: `${revocation}/check-ocsp.ts`,
    find: `if (!equalBytes(one.certId.serial, serial)) continue;
    const own = await certIdOf(certificate, issuer, one.certId.hashAlgorithm);
    if (own !== undefined && certIdText(own) === certIdText(one.certId)) matching.push(one);`,
    replace: 'matching.push(one);',
  },
];
