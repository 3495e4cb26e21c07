import type { Issued } from '@notarykit/testing';
import { forgeJws } from '../../../forge/jws.js';
import type { Choices } from '../../support/random.js';
import { type Case, jwsType, policyOf } from '../case.js';

const pieces = [
  ',',
  ';',
  '+',
  '=',
  ' ',
  '  ',
  '\\',
  '\\ ',
  '\\\\',
  '\\,',
  '\\20',
  '\\c2\\a0',
  '\\0a',
  '\\#',
  '#',
  '#0401',
  '"',
  '<',
  '>',
  '\u00a0',
  '\ufeff',
  '\u2003',
  '\u3000',
  '\u0085',
  '\t',
  '\n',
  '\u0000',
  'é',
  '漢',
  '😀',
  'C',
  'ST',
  'S',
  'O',
  'OU',
  'CN',
  'L',
  'c',
  'x',
  '1.2.3.4',
  'oid.2.5.4.10',
  'A+B=',
  'US',
  'WA',
  ',OU=',
  ',CN=a',
  ',S=WA',
  ',L=Seattle',
  ',OU=A',
  ',SERIALNUMBER=1',
  ',STREET=1 Main',
  ',POSTALCODE=9',
  ',DC=x',
  ',UID=u',
  ',1.2.3.4=v',
  ',1.2.3.4=#0c0176',
  ',E=a@b',
  ',EMAILADDRESS=a',
] as const;
const wholes = [
  'C=US,ST=WA,O=NotaryKit Test',
  'C=US, ST=WA, O=NotaryKit Test',
  'C=US,ST=WA,O= NotaryKit Test',
  'C=US,ST=WA,O=NotaryKit\u00a0Test',
  'C=US,ST=WA,O=NotaryKit Test\\\\',
  'C=US,ST=WA,O=a\\,b\\+c',
  'C=US,ST=WA,O=\\#41',
  'C=US,ST=WA,O=\\"x\\"',
  'C=US,ST=WA,O=x=y',
  'C=US,ST=WA,O=x\\=y',
  'C=US,ST=WA,O=München 漢字 😀',
  'C=US,ST=WA,O=NotaryKit Test,OU=A',
  'C=US,ST=WA,O=NotaryKit Test,L=Seattle,CN=a',
  'O=NotaryKit Test;ST=WA;C=US',
  'C=US,S=WA,O=NotaryKit Test',
] as const;

/** A subject and an identity, the latter changed at a place or two. */
export async function identityCase(signer: Issued, choices: Choices): Promise<Omit<Case, 'kind' | 'name'>> {
  let text: string = choices.one(wholes);
  for (let i = choices.below(3); i > 0; i--) text = change(text, choices);
  const trustedIdentities = [
    `${choices.one(['x509.subject:', 'x509.subject:', 'x509.subject: ', 'x509.Subject:'])}${text}`,
  ];
  const envelope = { name: '', bytes: await forgeJws(signer), mediaType: jwsType };
  return { policy: policyOf('mutants', { trustedIdentities }), envelope };
}

function change(text: string, { one, below, chance }: Choices): string {
  const at = below(text.length + 1);
  if (chance(0.2)) return text.slice(0, at) + text.slice(at + 1 + below(3));
  return text.slice(0, at) + one(pieces) + text.slice(at);
}

/** Identities that readers disagree about, each against every signer. */
const odd: readonly string[] = [
  'C=US,ST=WA,O=\ufeffNotaryKit Test',
  'C=US,\u00a0ST=WA,O=NotaryKit Test',
  'C=US,ST=WA,O=\u00a0NotaryKit Test',
  'C=US,ST=WA,O=NotaryKit Test\u00a0',
  'C=US,ST=WA,O=NotaryKit Test\n',
  'C=US,ST=WA,O=NotaryKit Test\t',
  'C=US,ST=WA,O=NotaryKit Test,A+B=',
  'C=US,ST=WA,O=NotaryKit Test+OU=A',
  'C=US,ST=WA,O=NotaryKit\u2003Test',
  'C=US,ST=WA,O=NotaryKit Test\\\\ ',
  'C=US,ST=WA,O=NotaryKit Test\\\\',
  'C=US,ST=WA,O=\\ NotaryKit Test',
  'C=US,ST=WA,O=NotaryKit\\c2\\a0Test',
  'c=US,st=WA,o=NotaryKit Test',
  'C=US,S=WA,O=NotaryKit Test',
  'C=us,ST=WA,O=NotaryKit Test',
  'ST=WA,O=NotaryKit Test,C=US,',
];

/** The odd ones, against every signer of the foundry. */
export async function oddIdentities(signers: readonly Issued[]): Promise<Case[]> {
  const cases: Case[] = [];
  for (const [i, signer] of signers.entries()) {
    const bytes = await forgeJws(signer);
    for (const text of odd) {
      const policy = policyOf('mutants', { trustedIdentities: [`x509.subject:${text}`] });
      cases.push({
        kind: 'identities',
        name: `signer ${i}: ${text}`,
        policy,
        envelope: { name: text, bytes, mediaType: jwsType },
      });
    }
  }
  return cases;
}
