import { utf8 } from '@notarykit/common';
import {
  encodeContext,
  encodeContextPrimitive,
  encodeElement,
  encodeOid,
  encodeSequence,
} from '@notarykit/pki/internal/asn1';
import { freshestCrl } from '@notarykit/testing';
import { fullName, uri } from './lists.js';
import { clean, failure, listed, type Situation } from './scene.js';

const distributionPoint = (...parts: readonly Uint8Array[]): Uint8Array => encodeSequence(...parts);
const names = (...list: readonly Uint8Array[]): Uint8Array => distributionPoint(fullName(...list));
const directoryName = encodeContext(
  4,
  encodeSequence(encodeElement(0x31, encodeSequence(encodeOid('2.5.4.3'), encodeElement(0x0c, utf8('x'))))),
);
const someReasons = encodeContextPrimitive(1, Uint8Array.of(6, 0x40));
type Points = NonNullable<Situation['points']>;
const inOnePoint: Points = (urls) => encodeSequence(names(...urls.map(uri)));

/** How the distribution points are written, and what lies there. */
export const places: Readonly<Record<string, Situation>> = {
  'two points, clean and clean': { crl: [clean, clean] },
  'two points, clean and listed': { crl: [clean, listed] },
  'two points, listed and clean': { crl: [listed, clean] },
  'two points, clean and missing': { crl: [clean, () => failure(404)] },
  'two points, missing and clean': { crl: [() => failure(404), clean] },
  'two points, listed and missing': { crl: [listed, () => failure(404)] },
  'two points, missing and listed': { crl: [() => failure(404), listed] },
  'two names, clean and clean': { crl: [clean, clean], points: inOnePoint },
  'two names, clean and listed': { crl: [clean, listed], points: inOnePoint },
  'two names, clean and missing': { crl: [clean, () => failure(404)], points: inOnePoint },
  'two names, missing and clean': { crl: [() => failure(404), clean], points: inOnePoint },
  'two names, missing and listed': { crl: [() => failure(404), listed], points: inOnePoint },
  'two names, listed and missing': { crl: [listed, () => failure(404)], points: inOnePoint },
  'directory name, then a clean place': {
    crl: [clean],
    points: ([url = '']) => encodeSequence(names(directoryName, uri(url))),
  },
  'directory name, then a listed place': {
    crl: [listed],
    points: ([url = '']) => encodeSequence(names(directoryName, uri(url))),
  },
  'clean place, then a directory name': {
    crl: [clean],
    points: ([url = '']) => encodeSequence(names(uri(url), directoryName)),
  },
  'directory name alone': { crl: [clean], points: () => encodeSequence(names(directoryName)) },
  'https and clean': {
    crl: [clean],
    points: ([url = '']) => encodeSequence(names(uri('https://127.0.0.1:1/x')), names(uri(url))),
  },
  'https alone': { crl: [clean], points: () => encodeSequence(names(uri('https://127.0.0.1:1/x'))) },
  'ldap alone': { crl: [clean], points: () => encodeSequence(names(uri('ldap://127.0.0.1:1/x'))) },
  'ldap and clean': {
    crl: [clean],
    points: ([url = '']) => encodeSequence(names(uri('ldap://127.0.0.1:1/x'), uri(url))),
  },
  'HTTP in upper case': {
    crl: [clean],
    points: ([url = '']) => encodeSequence(names(uri(url.replace('http', 'HTTP')))),
  },
  'no URL': { crl: [clean], points: () => encodeSequence(names(uri('://'))) },
  'point without a name': { crl: [clean], points: () => encodeSequence(distributionPoint()) },
  'point for some reasons': {
    crl: [clean],
    points: ([url = '']) => encodeSequence(distributionPoint(fullName(uri(url)), someReasons)),
  },
  'point for some reasons, listed': {
    crl: [listed],
    points: ([url = '']) => encodeSequence(distributionPoint(fullName(uri(url)), someReasons)),
  },
  'point with a list issuer': {
    crl: [clean],
    points: ([url = '']) => encodeSequence(distributionPoint(fullName(uri(url)), encodeContext(2, directoryName))),
  },
  'relative name': {
    crl: [clean],
    points: () =>
      encodeSequence(
        distributionPoint(
          encodeContext(0, encodeContext(1, encodeSequence(encodeOid('2.5.4.3'), encodeElement(0x0c, utf8('x'))))),
        ),
      ),
  },
  'no points': { crl: [clean], points: () => encodeSequence() },
  'freshest list in the certificate': { crl: [clean], more: [freshestCrl(['http://127.0.0.1:1/delta'])] },
};
