// Verification plugins: programs of a few lines of shell that answer what the case wants.

import { ca, certificatePem, stranger } from '../lib/authorities.mjs';
import { formatFor, ociCase, policy, refused, trusted } from '../lib/case.mjs';
import { array, int, text } from '../lib/cbor.mjs';
import { ours } from '../lib/envelope.mjs';
import { crl } from '../lib/revocation.mjs';
import { sections } from '../lib/sections.mjs';
import { adding, crlAt, issue } from '../lib/x509.mjs';

const formats = ['jws', 'cose'];
const name = 'kit-plugin';
const identity = 'SIGNATURE_VERIFIER.TRUSTED_IDENTITY';
const revocation = 'SIGNATURE_VERIFIER.REVOCATION_CHECK';
const success = { success: true, reason: 'it is in order' };
const failure = { success: false, reason: 'it is not in order' };

/** A program that answers the two commands of a verification plugin. */
function program({ metadata = {}, answer, verify } = {}) {
  const says = {
    name,
    description: 'A plugin of the conformance kit',
    version: '1.0.0',
    url: 'https://kit.example/plugin',
    supportedContractVersions: ['1.0'],
    capabilities: [identity],
    ...metadata,
  };
  const response = answer ?? { verificationResults: { [identity]: success }, processedAttributes: [] };
  return `#!/bin/sh
# The request is read and passed over.
cat > /dev/null
case "$1" in
get-plugin-metadata)
  cat <<'END'
${JSON.stringify(says)}
END
  ;;
verify-signature)
${verify ?? `  cat <<'END'\n${JSON.stringify(response)}\nEND`}
  ;;
*)
  echo '{"errorCode":"ERROR","errorMessage":"unknown command"}' >&2
  exit 1
  ;;
esac
`;
}

const results = (verificationResults, processedAttributes = []) => ({
  answer: { verificationResults, processedAttributes },
});
const capable = (...capabilities) => ({ metadata: { capabilities } });

const row = (id, spec, why, plugin, { says = {}, signature = {}, ...more } = {}) =>
  ociCase({
    id: `plugin-${id}`,
    spec,
    why,
    signature: { format: formatFor(id), says: { plugin: name, ...says }, ...signature },
    plugins: plugin === null ? {} : { [name]: typeof plugin === 'string' ? plugin : program(plugin) },
    expected: refused('extended'),
    tags: ['plugin'],
    ...more,
  });
const good = { expected: trusted() };

function answers() {
  const V = sections.verifySignature;
  const W = sections.pluginWorkflow;
  const A = sections.pluginAttributes;
  const strange = { stores: { 'ca/kit': { 'root.pem': certificatePem(stranger) } } };
  const nobody = policy({ trustedIdentities: ['x509.subject:C=US,ST=WA,O=Somebody Else'] });
  const url = 'http://crl.kit.example/leaf.crl';
  const signer = issue('leaf', 'Kit Leaf with CRL of a plugin', { by: ca, extensions: adding(crlAt(url)) });
  const listed = {
    evidence: [{ url, content: crl(ca, { revoked: [{ serial: signer.serial }] }) }],
    signature: { signer, format: 'jws', says: { plugin: name } },
  };
  const both = { [identity]: success, [revocation]: success };
  return [
    ...formats.map((format) =>
      row(
        `${format}-identity`,
        V,
        'The plugin trusts the identity.',
        {},
        { ...good, signature: { format, says: { plugin: name } } },
      ),
    ),
    row('identity-refused', V, 'The plugin does not trust the identity.', results({ [identity]: failure }), {
      expected: refused('authenticity', 'extended'),
    }),
    row(
      'identity-refused-audit',
      sections.levels,
      'The plugin does not trust the identity, and level audit logs authenticity.',
      results({ [identity]: failure }),
      { expected: trusted('authenticity'), policy: policy({ level: 'audit' }) },
    ),
    row(
      'identity-in-place',
      W,
      'The plugin looks at the identity in place of the policy.',
      {},
      { ...good, policy: nobody },
    ),
    row(
      'store-all-the-same',
      W,
      'The plugin looks at the identity: the root must be trusted all the same.',
      {},
      { ...strange, expected: refused('authenticity') },
    ),
    row(
      'integrity-all-the-same',
      W,
      'The signature must hold, whatever a plugin says.',
      {},
      {
        expected: refused('integrity'),
        signature: {
          format: 'jws',
          says: { plugin: name },
          change: { signature: (raw) => Buffer.alloc(raw.length, 1) },
        },
      },
    ),
    row(
      'revocation',
      V,
      'The plugin says that nothing is revoked.',
      { ...capable(revocation), ...results({ [revocation]: success }) },
      good,
    ),
    row(
      'revocation-refused',
      V,
      'The plugin says that something is revoked.',
      { ...capable(revocation), ...results({ [revocation]: failure }) },
      { expected: refused('revocation', 'extended') },
    ),
    row(
      'revocation-refused-permissive',
      sections.levels,
      'The plugin says that something is revoked, and level permissive logs it.',
      { ...capable(revocation), ...results({ [revocation]: failure }) },
      { expected: trusted('revocation'), policy: policy({ level: 'permissive' }) },
    ),
    row(
      'revocation-in-place',
      W,
      'The plugin looks at revocation in place of the verifier.',
      { ...capable(revocation), ...results({ [revocation]: success }) },
      { ...good, ...listed },
    ),
    row(
      'identity-alone-leaves-revocation',
      W,
      "The plugin looks at the identity alone: revocation is the verifier's.",
      {},
      { ...listed, expected: refused('revocation') },
    ),
    row(
      'both',
      V,
      'The plugin looks at identity and revocation.',
      { ...capable(identity, revocation), ...results(both) },
      good,
    ),
    row('one-of-two-results', V, 'The plugin leaves one of two results out.', {
      ...capable(identity, revocation),
      ...results({ [identity]: success }),
    }),
    row('no-results', V, 'The plugin gives no result.', results({})),
    row(
      'result-of-another',
      V,
      'The plugin gives a result that it was not asked for.',
      results({ [revocation]: success }),
    ),
    row('result-not-true', V, 'Only true is a success.', results({ [identity]: { success: 'true' } }), {
      expected: refused('authenticity', 'extended'),
    }),
    row('not-json', V, 'The plugin answers with something else than JSON.', { verify: '  echo yes' }),
    row('silent', V, 'The plugin answers nothing.', { verify: '  :' }),
    row('fails', V, 'The plugin fails.', {
      verify: '  echo \'{"errorCode":"ERROR","errorMessage":"no"}\' >&2\n  exit 1',
    }),
    row('fails-with-an-answer', V, 'The plugin fails, for all that it answers.', {
      verify: `  echo '${JSON.stringify({ verificationResults: { [identity]: success }, processedAttributes: [] })}'\n  exit 1`,
    }),
    row(
      'fails-audit',
      V,
      'The plugin fails: no level logs that.',
      { verify: '  exit 1' },
      { policy: policy({ level: 'audit' }) },
    ),
    row('missing', A, 'The plugin is not installed.', null),
    row('missing-audit', sections.guidelines, 'The plugin is not installed: no level logs that.', null, {
      policy: policy({ level: 'audit' }),
    }),
  ];
}

/** With the critical attribute 99. */
const withNumber = (entries) => ({
  ...entries,
  crit: [int(2), array(text(ours('signingScheme')), text(ours('verificationPlugin')), int(99))],
  number: [int(99), text('x')],
});

function attributes() {
  const V = sections.verifySignature;
  const extended = { 'com.example.note': { value: 'x', critical: true } };
  const more = { says: { extended } };
  const skip = policy({ override: { revocation: 'skip' } });
  return [
    row(
      'attribute-processed',
      V,
      'The plugin processed the critical attribute.',
      results({ [identity]: success }, ['com.example.note']),
      { ...good, ...more },
    ),
    row(
      'attribute-not-processed',
      V,
      'The plugin did not process the critical attribute.',
      results({ [identity]: success }),
      more,
    ),
    row(
      'attribute-not-processed-audit',
      V,
      'The plugin did not process the critical attribute: no level logs that.',
      results({ [identity]: success }),
      { ...more, policy: policy({ level: 'audit' }) },
    ),
    row(
      'another-attribute-processed',
      V,
      'The plugin processed another attribute.',
      results({ [identity]: success }, ['com.example.other']),
      more,
    ),
    row(
      'number-attribute',
      sections.extendedAttributes,
      'A critical attribute whose label is a number cannot be told to a plugin, so that nobody processed it.',
      results({ [identity]: success }, ['99']),
      { signature: { format: 'cose', says: { plugin: name }, change: { protected: withNumber } } },
    ),
    row(
      'attribute-and-nothing-to-do',
      sections.extendedAttributes,
      'Nothing is left for the plugin to do, so that nobody processed the critical attribute.',
      { ...capable(revocation), ...results({ [revocation]: success }, ['com.example.note']) },
      { ...more, policy: skip },
    ),
    row(
      'nothing-to-do',
      sections.pluginWorkflow,
      'Nothing is left for the plugin to do.',
      { ...capable(revocation), ...results({ [revocation]: success }) },
      { ...good, policy: skip },
    ),
  ];
}

function metadata() {
  const M = sections.pluginMetadata;
  const A = sections.pluginAttributes;
  const with_ = (change) => ({ metadata: change });
  const min = (pluginMinVersion) => ({ says: { pluginMinVersion } });
  return [
    row('other-name', M, 'The plugin says that it is another one.', with_({ name: 'another' })),
    row('no-name', M, 'The plugin says no name.', with_({ name: '' })),
    row('no-version', M, 'The plugin says no version.', with_({ version: '' })),
    row('version-not-semver', A, 'The version is a semantic one.', with_({ version: 'one' }), min('1.0.0')),
    row('no-capability', M, 'The plugin verifies nothing.', with_({ capabilities: [] })),
    row('signer', M, 'The plugin signs, and verifies nothing.', with_({ capabilities: ['SIGNATURE_GENERATOR.RAW'] })),
    row('contract-2', M, 'The plugin knows another contract.', with_({ supportedContractVersions: ['2.0'] })),
    row(
      'metadata-not-json',
      M,
      'The plugin describes itself in something else than JSON.',
      '#!/bin/sh\ncat > /dev/null\necho yes\n',
    ),
    row('min-version-same', A, 'The version is the least that is demanded.', {}, { ...good, ...min('1.0.0') }),
    row('min-version-lower', A, 'The version is higher than demanded.', {}, { ...good, ...min('0.9.9') }),
    row('min-version-patch', A, 'The version is lower than demanded.', {}, min('1.0.1')),
    row('min-version-minor', A, 'The version is lower than demanded.', {}, min('1.1.0')),
    row('min-version-major', A, 'The version is lower than demanded.', {}, min('2.0.0')),
    row(
      'min-version-prerelease',
      A,
      'A release is higher than its pre-release.',
      {},
      { ...good, ...min('1.0.0-rc.1') },
    ),
    row(
      'version-prerelease',
      A,
      'A pre-release is lower than its release.',
      with_({ version: '1.0.0-rc.1' }),
      min('1.0.0'),
    ),
    row(
      'version-by-number',
      A,
      'Parts of a version are numbers: 1.10.0 is higher than 1.9.0.',
      with_({ version: '1.10.0' }),
      { ...good, ...min('1.9.0') },
    ),
    row('min-version-malformed', A, 'The required minimum version is not a version.', {}, min('1')),
  ];
}

function names() {
  const A = sections.pluginAttributes;
  const I = sections.pluginInstallation;
  const header = ours('verificationPlugin');
  const refusedAnywhere = { expected: refused('extended', 'integrity') };
  const notCritical = {
    jws: { protected: (h) => ({ ...h, crit: h.crit.filter((one) => one !== header) }) },
    cose: { protected: (e) => ({ ...e, crit: [int(2), array(text(ours('signingScheme')))] }) },
  };
  return [
    ...formats.map((format) =>
      row(
        `${format}-not-critical`,
        A,
        'The name of the plugin is critical.',
        {},
        { ...refusedAnywhere, signature: { format, says: { plugin: name }, change: notCritical[format] } },
      ),
    ),
    row('name-empty', A, 'The name of the plugin is empty.', {}, { ...refusedAnywhere, says: { plugin: '' } }),
    row('name-blank', A, 'The name of the plugin is a blank.', {}, { ...refusedAnywhere, says: { plugin: ' ' } }),
    row(
      'name-path',
      I,
      'A name with a path leaves the folder of plugins.',
      {},
      { ...refusedAnywhere, says: { plugin: `../plugins/${name}` } },
    ),
    row('link', I, 'The executable of a plugin must not be a symbolic link.', null, {
      config: {
        'programs/kit': { content: program(), executable: true },
        [`plugins/${name}/notation-${name}`]: { link: '../../programs/kit' },
      },
    }),
    row('not-executable', I, 'The executable of a plugin must be executable.', null, {
      config: { [`plugins/${name}/notation-${name}`]: program() },
    }),
    row('name-dots', I, 'Two dots are not the name of a plugin.', {}, { ...refusedAnywhere, says: { plugin: '..' } }),
    row(
      'name-other-case',
      A,
      'Names are compared exactly.',
      {},
      { ...refusedAnywhere, says: { plugin: 'KIT-PLUGIN' } },
    ),
    row(
      'installed-but-not-named',
      A,
      'A plugin that the signature does not name has no say.',
      results({ [identity]: failure }),
      { ...good, signature: { format: 'jws', says: {} } },
    ),
  ];
}

export const cases = () => {
  return [...answers(), ...attributes(), ...metadata(), ...names()];
};
