import { awsKmsSigner } from '@notarykit/kms-providers/aws';
import { azureKeySigner, azureKeyVaultSigner } from '@notarykit/kms-providers/azure';
import type { SignerFault } from '@notarykit/kms-providers/conformance';
import { gcpKmsRestClient, gcpKmsSigner } from '@notarykit/kms-providers/gcp';
import { localSigner } from '@notarykit/kms-providers/local';
import { type Pkcs11SignerOptions, pkcs11Signer } from '@notarykit/kms-providers/pkcs11';
import { vaultSigner } from '@notarykit/kms-providers/vault';
import { webCryptoSigner } from '@notarykit/kms-providers/webcrypto';
import type { KeySpec, Signer } from '@notarykit/signature-envelope';
import {
  type Issued,
  type KmsDouble,
  type KmsFaults,
  serveAwsKms,
  serveGcpKms,
  serveKeyVault,
  serveVault,
} from '@notarykit/testing';
import { awsKms, azureClients, googleKms, secrets } from './kms.js';
import { createTokenDouble } from './pkcs11/token-double.js';

/** A provider with its own key, ready to sign. */
export interface ProviderLab {
  /** A signer over the key's current version. */
  create(): Signer;
  /** The service behind it. */
  readonly service?: KmsDouble;
  /** Makes this certificate and its key the current version. */
  rotate?(next: Issued): void;
  /** A signer over a key that is not there. */
  missing?(): Signer;
  readonly secrets: readonly string[];
  close(): Promise<void>;
}

/** A provider of this package, with the real client of its service where it has one. */
export interface Provider {
  readonly name: string;
  readonly keySpecs: readonly KeySpec[];
  start(leaf: Issued): Promise<ProviderLab>;
}

const all: readonly KeySpec[] = ['RSA-2048', 'RSA-3072', 'RSA-4096', 'EC-256', 'EC-384', 'EC-521'];
/** Cloud KMS has no RSASSA-PSS with 3072 bits and SHA-384, and no P-521. */
const ofGoogle: readonly KeySpec[] = ['RSA-2048', 'RSA-4096', 'EC-256', 'EC-384'];
const nothing = async (): Promise<void> => undefined;
/** The middle of a private key in PEM: what would give it away. */
const lineOf = (leaf: Issued): string => leaf.privateKeyPem.split('\n')[2] as string;

const local: Provider['start'] = async (leaf) => ({
  create: () => localSigner({ privateKey: leaf.privateKeyPem, certificateChain: leaf.pem }),
  secrets: [lineOf(leaf)],
  close: nothing,
});

const webcrypto: Provider['start'] = async (leaf) => ({
  create: () => webCryptoSigner({ privateKey: leaf.privateKey, certificateChain: leaf.pem }),
  secrets: [lineOf(leaf)],
  close: nothing,
});

const aws: Provider['start'] = async (leaf) => {
  let current = leaf;
  const versions = [leaf.keyPair];
  const service = await serveAwsKms([{ name: 'k', versions }]);
  const client = awsKms(service);
  const of = (keyId: string) => awsKmsSigner({ client, keyId, certificateChain: async () => current.chain });
  return {
    create: () => of('alias/k'),
    missing: () => of('alias/none'),
    rotate(next) {
      current = next;
      versions.push(next.keyPair);
    },
    service,
    secrets: [secrets.aws],
    async close() {
      client.destroy();
      await service.close();
    },
  };
};

const azure =
  (chain: 'file' | 'secret'): Provider['start'] =>
  async (leaf) => {
    const versions = [leaf];
    const service = await serveKeyVault([{ name: 'k', versions }]);
    const { certificates, crypto, secrets: secretClient } = azureClients(service);
    const issuers = chain === 'file' ? { caCertificates: leaf.chain.slice(1) } : { secrets: secretClient };
    const of = (name: string) => azureKeyVaultSigner({ certificates, name, crypto, ...issuers });
    return {
      create: () => of('k'),
      missing: () => of('none'),
      rotate: (next) => void versions.push(next),
      service,
      secrets: [service.token],
      close: service.close,
    };
  };

const azureHsm: Provider['start'] = async (leaf) => {
  const service = await serveKeyVault([{ name: 'k', versions: [leaf] }]);
  const { crypto, certificates } = azureClients(service);
  const { keyId = '' } = await certificates.getCertificate('k');
  const of = (id: string) => azureKeySigner({ client: crypto(id), keyId: id, certificateChain: leaf.chain });
  return {
    create: () => of(keyId),
    missing: () => of(`${service.url}/keys/none/1`),
    service,
    secrets: [service.token],
    close: service.close,
  };
};

const gcp =
  (transport: 'sdk' | 'rest'): Provider['start'] =>
  async (leaf) => {
    let current = leaf;
    const name = 'projects/p/locations/l/keyRings/r/cryptoKeys/k';
    const versions = [leaf.keyPair];
    const service = await serveGcpKms([{ name, versions }]);
    const sdk = transport === 'sdk' ? googleKms(service) : undefined;
    const accessToken = async () => secrets.google;
    const client = sdk ?? gcpKmsRestClient({ fetch, accessToken, endpoint: service.url });
    const of = (key: string) => gcpKmsSigner({ client, name: key, certificateChain: async () => current.chain });
    return {
      create: () => of(name),
      missing: () => of(`${name}/cryptoKeyVersions/99`),
      rotate(next) {
        current = next;
        versions.push(next.keyPair);
      },
      service,
      secrets: [secrets.google],
      async close() {
        await sdk?.close();
        await service.close();
      },
    };
  };

const vault: Provider['start'] = async (leaf) => {
  const versions = [leaf.keyPair];
  const chains: Record<string, string> = { 'k:1': leaf.pem };
  const service = await serveVault([{ name: 'k', versions }], { token: secrets.vault, chains });
  const of = (key: string) => vaultSigner({ address: service.url, token: secrets.vault, key, fetch });
  return {
    create: () => of('k'),
    missing: () => of('none'),
    rotate(next) {
      chains[`k:${versions.push(next.keyPair)}`] = next.pem;
    },
    service,
    secrets: [secrets.vault],
    close: service.close,
  };
};

const pkcs11: Provider['start'] = async (leaf) => {
  const [id, pin] = [Uint8Array.of(1), 'pin-314159'];
  const { pkcs11js } = createTokenDouble({
    label: 'release',
    pin,
    keys: [{ label: 'k', id, pair: leaf.keyPair }],
    certificates: leaf.chain.map((der, i) => (i === 0 ? { der, id } : { der })),
  });
  const open: { close(): Promise<void> }[] = [];
  const of = (more: Partial<Pkcs11SignerOptions>) => {
    const signer = pkcs11Signer({ library: '/lib/double.so', pkcs11js, pin, keyLabel: 'k', ...more });
    open.push(signer);
    return signer;
  };
  return {
    create: () => of({}),
    missing: () => of({ keyLabel: 'none' }),
    secrets: [pin],
    async close() {
      for (const signer of open) await signer.close();
    },
  };
};

/** Every provider that needs nothing but Node.js. */
export const providers: readonly Provider[] = [
  { name: 'local', keySpecs: all, start: local },
  { name: 'webcrypto', keySpecs: all, start: webcrypto },
  { name: 'aws', keySpecs: all, start: aws },
  { name: 'azure', keySpecs: all, start: azure('file') },
  { name: 'azure-secret', keySpecs: all, start: azure('secret') },
  { name: 'azure-hsm', keySpecs: all, start: azureHsm },
  { name: 'gcp', keySpecs: ofGoogle, start: gcp('sdk') },
  { name: 'gcp-rest', keySpecs: ofGoogle, start: gcp('rest') },
  { name: 'vault', keySpecs: all, start: vault },
  { name: 'pkcs11', keySpecs: all, start: pkcs11 },
];

/** The failures of a service that every provider must tell apart. */
export function faultsOf({ missing, service, create }: ProviderLab): SignerFault[] {
  const faults = service === undefined ? [] : faultsOfService(service, create);
  return missing === undefined
    ? faults
    : [{ name: 'missing', create: missing, reason: 'key-not-found', retryable: false }, ...faults];
}

function faultsOfService({ faults }: KmsDouble, create: () => Signer): SignerFault[] {
  const during = (wrong: Partial<KmsFaults>, right: Partial<KmsFaults>) => (): Signer => {
    const signer = create();
    const failing = async <T>(work: () => Promise<T>): Promise<T> => {
      Object.assign(faults, wrong);
      return work().finally(() => Object.assign(faults, right));
    };
    return {
      describe: (options) => failing(() => signer.describe(options)),
      sign: (request) => failing(() => signer.sign(request)),
    };
  };
  const fault = (name: string, create: () => Signer, reason: string, retryable = false): SignerFault => ({
    name,
    create,
    reason,
    retryable,
  });
  return [
    fault('denied', during({ denied: true }, { denied: false }), 'access-denied'),
    fault('disabled', during({ disabled: true }, { disabled: false }), 'key-disabled'),
    fault('K3 throttled', during({ throttle: 1 }, { throttle: 0 }), 'throttled', true),
    fault('K3 connection cut', during({ cut: 1 }, { cut: 0 }), 'unavailable', true),
  ];
}
