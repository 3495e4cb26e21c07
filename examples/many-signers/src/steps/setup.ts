import { createRegistry } from '@notarykit/registry-client';
import { createAuthority, createEmbeddedRegistry } from '@notarykit/testing';

/** A company with an authority and its own signer. */
async function company(name: string) {
  const authority = await createAuthority({ name });
  const { signer } = await authority.issueLeaf({ subject: { CN: name, O: name, ST: 'WA', C: 'US' } });
  return { name, root: authority.root.certificate, signer };
}

/** A vendor, the hub that certifies what it lists, a company that uses it, and the registries of the last two. */
export async function createSetup() {
  const [vendor, hub, user] = await Promise.all(['Wabbit Networks', 'Registry Hub', 'ACME Rockets'].map(company));
  if (vendor === undefined || hub === undefined || user === undefined) throw new Error('unreachable');
  const open = (host: string) => createRegistry({ registry: host, fetch: createEmbeddedRegistry().fetch });
  return {
    vendor,
    hub,
    user,
    hubRepository: open('hub.test').repository('wabbit-networks/net-monitor'),
    userRepository: open('acme.test').repository('imports/net-monitor'),
  };
}

/** What {@link createSetup} makes. */
export type Setup = Awaited<ReturnType<typeof createSetup>>;
