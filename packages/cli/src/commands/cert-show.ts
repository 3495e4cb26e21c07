import { formatTime } from '@notarykit/common/internal';
import { type Certificate, formatName } from '@notarykit/pki/internal';
import type { Command } from '../shell/command.js';
import { outputOptions } from '../shell/output.js';
import { fileIn, readCertificates, readStore, storeOptions } from '../shell/trust-store-files.js';

export const certShowCommand: Command = {
  usage: 'cert show <name>',
  summary: 'Show the certificates of a file in a trust store',
  options: { ...storeOptions, ...outputOptions },
  examples: ['cert show --type ca --store wabbit-networks wabbit-networks.crt'],
  async run(args, terminal) {
    const certificates = (await readCertificates(fileIn(readStore(args), args.positionals[0] ?? ''))).map(describe);
    terminal.result(certificates, certificates.map(textOf).join('\n\n'));
    return 0;
  },
};

const describe = ({ issuer, subject, notBefore, notAfter, basicConstraints, fingerprint }: Certificate) => ({
  issuer: formatName(issuer),
  subject: formatName(subject),
  validFrom: formatTime(notBefore),
  validTo: formatTime(notAfter),
  isCA: basicConstraints?.ca === true,
  sha256: fingerprint,
});

function textOf({ issuer, subject, validFrom, validTo, isCA, sha256 }: ReturnType<typeof describe>): string {
  const lines = [
    `Issuer: ${issuer}`,
    `Subject: ${subject}`,
    `Valid from: ${validFrom}`,
    `Valid to: ${validTo}`,
    `IsCA: ${isCA}`,
    `SHA256 Thumbprint: ${sha256}`,
  ];
  return lines.join('\n');
}
