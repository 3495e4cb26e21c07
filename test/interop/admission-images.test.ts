import { describe, expect, it } from 'vitest';
import { placesOf } from '../../packages/admission/src/images/places.js';
import { peer } from '../../scripts/peers.mjs';
import { succeed } from './support/program.js';

/** Strings of the API that are called after an image, and are not a place from which a kubelet pulls one. */
const exclusions: readonly (readonly [place: RegExp, reason: string])[] = [
  [/\/(?:imagePullPolicy|image\/pullPolicy)$/, 'says when to pull, not what'],
  [/\/imagePullSecrets\/\*\/name$/, 'names a secret'],
  [/\/rbd\/image$/, 'names a disk of a Ceph cluster'],
  [/^\/status\//, 'is reported by the kubelet, and nothing is pulled because of it'],
];

describe('kubernetes-image-places', () => {
  it('every string of k8s.io/api that is called after an image is known, or left out for a reason', async () => {
    const output = await succeed(await peer('k8s-dispatcher'), ['-images']);
    const places = JSON.parse(output) as Readonly<Record<string, readonly string[] | null>>;
    const unknown = Object.entries(places).flatMap(([name, pointers]) => {
      const known = pointersOf(name);
      const open = (pointers ?? []).filter((pointer) => !exclusions.some(([place]) => place.test(pointer)));
      return open.filter((pointer) => !known.includes(pointer)).map((pointer) => `${name} ${pointer}`);
    });
    expect(unknown).toEqual([]);
    expect(places['/Pod']).toContain('/spec/volumes/*/image/reference');
  });

  it('every place of the table is in k8s.io/api', async () => {
    const output = await succeed(await peer('k8s-dispatcher'), ['-images']);
    const places = JSON.parse(output) as Readonly<Record<string, readonly string[] | null>>;
    const pods = Object.keys(places).filter((name) => pointersOf(name).length > 0);
    expect(pods.length).toBeGreaterThan(8);
    for (const name of pods) expect(places[name]).toEqual(expect.arrayContaining(pointersOf(name)));
  });
});

function pointersOf(name: string): string[] {
  return (placesOf(kindOf(name))?.pointers ?? []).map((steps) => `/${steps.join('/')}`);
}

function kindOf(name: string): { readonly group: string; readonly version: string; readonly kind: string } {
  const [group = '', kind = ''] = name.split('/');
  return { group, version: 'v1', kind };
}
