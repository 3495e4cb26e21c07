// What the packages of this repository use of this one. No promise: names come, change and go in any release.
export { type AddressRules, isAllowedAddress } from './address-rules.js';
export { type AddressKind, addressKind } from './addresses.js';
export { decodeBase64, decodeBase64Url, encodeBase64, encodeBase64Url } from './base64.js';
export {
  type Bytes,
  concatBytes,
  copyBytes,
  decodeUtf8,
  encodeHex,
  equalBytes,
  requireBytes,
  requireText,
  utf8,
} from './bytes.js';
export { type Cache, type MemoryCacheOptions, memoryCache } from './cache.js';
export { compareText } from './compare-text.js';
export {
  createLimiter,
  type Limiter,
  mapConcurrent,
  mapInOrder,
  type SingleFlight,
  singleFlight,
} from './concurrency.js';
export { type Deadline, isTimeout, sleep, startDeadline, timerDelay, untilAborted, withDeadline } from './deadline.js';
export { defined } from './defined.js';
export {
  CodecError,
  type CodecErrorCode,
  CodedError,
  type CodedErrorOptions,
  describeKind,
  isCodedError,
  LimitError,
  type LimitErrorCode,
  quote,
  shorten,
} from './errors.js';
export { noteSecrets, secretsOfFetch } from './fetch-secrets.js';
export { createHasher, digestBytes, type HashAlgorithm, type Hasher, hash, hashHex, sha256Hex } from './hash.js';
export type { Fetch, FetchInit, FetchResponse } from './http.js';
export { isJsonArray, isJsonObject, parseJson } from './json.js';
export type { JsonObject, JsonValue, ParseJsonOptions } from './json-value.js';
export { type KeyvCacheOptions, type KeyvLike, keyvCache } from './keyv-cache.js';
export { createLargeHasher, type LargeHasher, type LargeHasherOptions } from './large-hash.js';
export { memoized } from './memo.js';
export { isFileName } from './names.js';
export { nearestName } from './near.js';
export type { CallOptions, Logger } from './options.js';
export { comparePreReleases } from './pre-release.js';
export { RecentMap } from './recent-map.js';
export { createRedactor, type Redactor, withoutSecrets } from './redact/redactor.js';
export { type RedisCacheOptions, type RedisLike, redisCache } from './redis-cache.js';
export {
  type Classification,
  digestOfKey,
  type KeyValue,
  keyOf,
  type NonEmpty,
  type RequestKey,
} from './request-key.js';
export { checkedRetries, type Failure, type RetryPolicy, withRetries } from './retries.js';
export { parseRetryAfter } from './retry-after.js';
export { type SealedCacheOptions, sealedCache } from './sealed-cache.js';
export type { SharedCacheOptions } from './shared-cache.js';
export { shareWork } from './shared-work.js';
export {
  type ChunkReader,
  chunkReaderOf,
  iterate,
  type ReadBytesOptions,
  readBytes,
  streamFrom,
  streamOf,
} from './streams.js';
export { formatTime, type ParseTimeOptions, parseTime } from './time.js';
export { afterArrivals } from './turn.js';
export { isVerdictName, type VerdictName, verdictNameOf, verdictNames } from './verdict-name.js';
export { RuntimeError, type RuntimeErrorCode, type WebCryptoKey, webCrypto } from './web-crypto.js';
