// Every error code of the packages: what it means, and what to do. docs/errors.md is made from it (scripts/errors.test.ts).

/** @type {readonly { title: string, thrownBy: string, rows: readonly [code: string, means: string, remedy: string][] }[]} */
export const errorTable = [
  {
    title: 'Trust: `TrustError`',
    thrownBy: '`@notarykit/trust-policy`, and every verb that verifies',
    rows: [
      [
        'ERR_TRUST_NOT_VERIFIED',
        'There are signatures, and none of them is trusted by the policy statement; or the statement has level `skip`, which verifies nothing.',
        'Print `explain(error.report)`: it says for every signature which check failed, what was expected and what was found. A verb that gets `skip` goes on only with `allowSkipped`.',
      ],
      [
        'ERR_TRUST_NO_SIGNATURE',
        'The artifact has no signature: no referrer of type `application/vnd.cncf.notary.signature`.',
        'Sign it (`sign`, or `notarykit sign`). If it was signed, ask for the same digest in the same repository: a copy without its referrers loses the signatures (`copy` takes them along).',
      ],
      [
        'ERR_TRUST_NO_STATEMENT',
        'No statement of the trust policy has a scope for this repository or this blob policy name.',
        'Add a statement with the repository as scope, or name the statement. Scopes are compared in canonical form: `docker.io/library/nginx`, not `nginx`.',
      ],
      [
        'ERR_TRUST_TOO_MANY_SIGNATURES',
        'The artifact has more signatures than the limit, and none of those that were looked at is trusted.',
        'Raise `maxSignatures`, or remove signatures that are no longer needed.',
      ],
      [
        'ERR_TRUST_POLICY',
        'The trust policy document breaks a rule; `detail.rule`, `detail.statement` and `detail.member` name it.',
        'Correct the member that the message names; `lintTrustPolicy` (or `notarykit policy lint`) lists every problem at once.',
      ],
      [
        'ERR_TRUST_STORE',
        'A trust store that the policy names is missing, empty, or holds a certificate that cannot be an anchor.',
        'Put the CA certificate (not the leaf) into the store that the message names. `unusableCertificates: "setAside"` ignores unusable ones beside good ones.',
      ],
    ],
  },
  {
    title: 'Verbs: `NotaryKitError`',
    thrownBy: '`notarykit`; the `cause` is the error of the package below',
    rows: [
      [
        'ERR_NOTARYKIT_ARGUMENT',
        'An option or argument of a verb cannot be used.',
        'The message names the argument, what was expected and what was found.',
      ],
      [
        'ERR_NOTARYKIT_REFERENCE',
        'A reference cannot be read, or names another repository than the one given.',
        'Give a tag, a digest, or the full name `registry/repository:tag` of this repository.',
      ],
      [
        'ERR_NOTARYKIT_PLATFORMS',
        'With `platforms: "children"` or `"both"`: the index has no manifest that can run, so that there is nothing to verify in it.',
        'Verify the index itself (`platforms: "index"`), or look at what was pushed: attestation manifests are not platforms.',
      ],
      [
        'ERR_NOTARYKIT_DOCKERFILE',
        'The Dockerfile cannot be read, or the name of a base image depends on something that is not known.',
        'Give the build arguments, target, contexts or platform that the build uses as options.',
      ],
      [
        'ERR_NOTARYKIT_BASE_IMAGE',
        'A base image of the Dockerfile is not trusted or not found. `detail` lists every image.',
        'Use a signed base image, or extend the trust policy to its signer and repository.',
      ],
      [
        'ERR_NOTARYKIT_PUBLISH',
        'A step of `publish` failed. No tag was set; `detail` says what was already written.',
        'Mend the cause and run it again: what is already there is not written twice.',
      ],
      [
        'ERR_NOTARYKIT_PROMOTE',
        'Promotion stopped. `detail` says in which step, and what was signed and written until then.',
        'Mend the cause and run it again: finished signatures are found and kept.',
      ],
      [
        'ERR_NOTARYKIT_AUDIT',
        'An audit met a limit, or one artifact of it failed in an unexpected way.',
        'Raise the limit that the message names, or narrow the choice of tags.',
      ],
      [
        'ERR_NOTARYKIT_RECORD',
        'A line of an audit record is damaged or of another version.',
        'Record it again; `simulate` does not guess what a damaged line said.',
      ],
      [
        'ERR_NOTARYKIT_BUNDLE',
        'The bundle is incomplete, damaged, empty, or holds something that its index does not list.',
        'Make it again with `createBundle` from a complete artifact, and move it without changes.',
      ],
      [
        'ERR_NOTARYKIT_FILE',
        'A file could not be read or written.',
        'The message names the file and the system error.',
      ],
    ],
  },
  {
    title: 'Gate: `GateError`',
    thrownBy: '`@notarykit/sbom-gate`, `gate`, `promote`',
    rows: [
      [
        'ERR_GATE_DENIED',
        'The gate decided, and the answer is no. `detail` is the decision with every violation.',
        'Print `explainDecision(error.detail)`: each violation has a code, the rule, the evidence and a remedy.',
      ],
      [
        'ERR_GATE_EVIDENCE',
        'The gate could not decide: evidence could not be read, or an input of the decision is not valid.',
        'Treat it as a no. Retry when the registry was not available; otherwise replace the document that the message names.',
      ],
      [
        'ERR_GATE_POLICY',
        'The gate policy is not valid.',
        'Correct the member that the message names; [gate-policy.md](gate-policy.md) lists every member and its default.',
      ],
      [
        'ERR_GATE_SYNTAX',
        'A version, version range, package URL or licence expression is not valid.',
        'The message quotes it and says what was expected.',
      ],
    ],
  },
  {
    title: 'Envelopes: `EnvelopeError`',
    thrownBy: '`@notarykit/signature-envelope`',
    rows: [
      [
        'ERR_ENVELOPE_MALFORMED',
        'The envelope is not JWS JSON or COSE_Sign1 as the Notary Project specifies it.',
        'Sign again. If another tool made it, compare it with the section of the specification that the message names.',
      ],
      [
        'ERR_ENVELOPE_ALGORITHM',
        'The algorithm is not one of the six of the specification, or does not fit the key of the leaf certificate.',
        'Use RSA 2048, 3072, 4096 or EC P-256, P-384, P-521; the algorithm follows from the key.',
      ],
      [
        'ERR_ENVELOPE_CRITICAL',
        'The envelope has a critical attribute that no part of this verification understands.',
        'Give the verification plugin that processes it, or sign without the attribute.',
      ],
      [
        'ERR_ENVELOPE_CHAIN',
        'The certificate chain breaks a rule of the specification: order, usage, constraints, or it is not complete.',
        'Give the signer the whole chain, leaf first, up to the self-signed root; the message names the certificate and the rule.',
      ],
      [
        'ERR_ENVELOPE_INTEGRITY',
        'The signature does not match: the envelope was changed, or signed with another key.',
        'Do not use it. Fetch it again by digest; if it is the same, it was signed wrongly or tampered with.',
      ],
      [
        'ERR_ENVELOPE_LIMIT',
        'The envelope is larger or deeper than the limits.',
        'Raise the limit that the message names if you expect such envelopes.',
      ],
      [
        'ERR_ENVELOPE_TIME',
        'A time in the envelope is not valid, lies in the future, or does not fit the certificates.',
        'Check the clock of the signer; the message names the attribute and both times.',
      ],
    ],
  },
  {
    title: 'Signers: `SignerError`',
    thrownBy: '`@notarykit/kms-providers` and every signer; `reason` and `retryable` say more',
    rows: [
      [
        'ERR_SIGNER_VALIDATION',
        'The key or the request is wrong: key not found or disabled, wrong usage or type, chain that does not fit, a signature that does not match.',
        '`error.reason` says which. Compare the key with the leaf certificate of the chain.',
      ],
      [
        'ERR_SIGNER_ACCESS_DENIED',
        'The key service does not know the caller (`unauthenticated`) or does not allow it to sign (`access-denied`).',
        'Renew the credentials, or grant the permission to sign and to read the public key.',
      ],
      [
        'ERR_SIGNER_THROTTLED',
        'The key service asks to slow down.',
        'Wait `detail.retryAfterMs`, or wrap the signer in `limiting` and `retrying`.',
      ],
      [
        'ERR_SIGNER_TIMEOUT',
        'The key service did not answer in time.',
        'Try again; raise the time limit of the provider if the service is slow.',
      ],
      [
        'ERR_SIGNER_PLUGIN',
        'A signing plugin broke its contract.',
        'Update the plugin; the message has what it answered, without secrets.',
      ],
      [
        'ERR_SIGNER',
        'The key service is not available, or failed in an unknown way.',
        'Retry when `retryable` is true; otherwise look at the `cause`.',
      ],
    ],
  },
  {
    title: 'Certificates, revocation, timestamps: `PkiError`',
    thrownBy: '`@notarykit/pki`',
    rows: [
      [
        'ERR_PKI_ASN1',
        'DER or PEM is malformed.',
        'Export the file again; the message names the element and its place.',
      ],
      [
        'ERR_PKI_CERTIFICATE',
        'A certificate is malformed or breaks RFC 5280.',
        'Have it issued again; the message names the field.',
      ],
      [
        'ERR_PKI_CHAIN',
        'No valid path leads from the certificate to a trusted one. The `cause` is the reason that came closest.',
        'Add the missing intermediate certificates or the right root.',
      ],
      [
        'ERR_PKI_LIMIT',
        'A certificate, CRL, answer or search is larger than its limit.',
        'Raise the limit that the message names.',
      ],
      [
        'ERR_PKI_KEY',
        'A key is malformed, of a kind that is not supported, encrypted with another password, or does not fit what it is used with.',
        'The message says how to convert it where that is possible.',
      ],
      [
        'ERR_PKI_REVOCATION',
        'The revocation status could not be found out: no answer, an answer that is too old, or one that is not signed properly.',
        'See that the OCSP or CRL server is reached (proxy, `addresses`), or use a CRL cache or recorded answers. It never counts as "not revoked".',
      ],
      [
        'ERR_PKI_TSA',
        'The timestamping authority did not answer, or refused.',
        'Try again or use another authority; the message has its answer.',
      ],
      [
        'ERR_PKI_TIMESTAMP',
        'A timestamp token is malformed, is about other bytes, or is not signed by a valid timestamping certificate.',
        'Have the signature timestamped again by an authority whose root is in a `tsa` trust store.',
      ],
    ],
  },
  {
    title: 'Registries and layouts: `RegistryError`',
    thrownBy:
      '`@notarykit/registry-client`; `detail` has status, URL without query, account name and the registry’s own errors',
    rows: [
      [
        'ERR_REGISTRY_UNAUTHORIZED',
        'The registry wants an account, or does not accept the one given.',
        'Log in again (`notarykit login`, or the docker credentials file); the message says which account was sent.',
      ],
      [
        'ERR_REGISTRY_DENIED',
        'The account may not do this in this repository.',
        'Grant pull or push, as the message says.',
      ],
      [
        'ERR_REGISTRY_RATE_LIMITED',
        'The registry asks to slow down, and retries did not help.',
        'Wait `detail.retryAfterMs`; use an account, a mirror, or less concurrency.',
      ],
      [
        'ERR_REGISTRY_UNAVAILABLE',
        'The registry or the network failed.',
        'Try again; check name, port, proxy and `ca`.',
      ],
      [
        'ERR_REGISTRY_TIMEOUT',
        'The registry did not answer, or stopped in the middle of an answer.',
        'Try again; raise the time limit on slow networks.',
      ],
      [
        'ERR_REGISTRY_REDIRECT',
        'The registry redirects to a place that is not allowed, or too often.',
        'Check the registry’s configuration; credentials never follow a redirect to another host.',
      ],
      [
        'ERR_REGISTRY_PROTOCOL',
        'The answer breaks the distribution specification.',
        'The message says what was expected; report it to the operator of the registry. [registries.md](registries.md) has known differences.',
      ],
      [
        'ERR_REGISTRY_TOO_LARGE',
        'An answer is larger than its limit.',
        'Raise the limit that the message names if the content is expected.',
      ],
      [
        'ERR_REGISTRY_TOO_MANY_PAGES',
        'A list has more pages than the limit.',
        'Raise the limit; a list is never cut silently.',
      ],
      [
        'ERR_REGISTRY_UNSUPPORTED',
        'The registry does not have this function.',
        'The message names it; deletion, for example, is often switched off.',
      ],
      [
        'ERR_REGISTRY_CONFLICT',
        'The registry refuses because of its state, for example a tag that is immutable.',
        'Use another tag, or change the rule of the registry.',
      ],
      [
        'ERR_REGISTRY_LOST_UPDATE',
        'Another writer changed the list of referrers at the same time, again and again.',
        'Run it again; on registries without the referrers API let one writer attach at a time.',
      ],
      [
        'ERR_REGISTRY_STORAGE',
        'A layout on disk could not be read or written (rights, space, lock).',
        'The message has the path and the system error.',
      ],
      [
        'ERR_REGISTRY_HEADER_HIDDEN',
        'In a browser: the registry does not expose a header (CORS) that is needed to go on.',
        'Let the registry send `Access-Control-Expose-Headers`, as the message says.',
      ],
      [
        'ERR_REGISTRY_CONFIGURATION',
        'An option or configuration file of the connection is wrong.',
        'Correct the file and line, or the option, that the message names.',
      ],
      [
        'ERR_REGISTRY_BLOCKED',
        '`registries.conf` blocks this registry.',
        'Use another registry, or change the entry that the message names.',
      ],
    ],
  },
  {
    title: 'OCI content: `OciError`',
    thrownBy: '`@notarykit/oci` and every repository',
    rows: [
      [
        'ERR_OCI_INVALID',
        'A descriptor, manifest, digest, tag or name breaks the OCI specifications.',
        'The message names the member, what was expected and what was found.',
      ],
      [
        'ERR_OCI_DIGEST_MISMATCH',
        'Content does not have the digest by which it was asked for.',
        'Do not use it: it is damaged or was tampered with. Fetch it again, from another mirror if there is one.',
      ],
      [
        'ERR_OCI_SIZE_MISMATCH',
        'Content is shorter or longer than its descriptor says.',
        'As for a digest that does not match.',
      ],
      [
        'ERR_OCI_TOO_LARGE',
        'Content is larger than the reader allows.',
        'Raise the limit that the message names if you expect it.',
      ],
      [
        'ERR_OCI_NOT_FOUND',
        'The blob, manifest, tag or repository is not there.',
        'Check spelling and repository; on some registries it also means that the account may not see it.',
      ],
      [
        'ERR_OCI_PATH',
        'A name of a file in an artifact leaves its folder, is a link, or clashes with another.',
        'Pack the artifact again with plain relative names.',
      ],
      [
        'ERR_OCI_LIMIT',
        'A document has more entries than the limit.',
        'Raise the limit that the message names; nothing is cut silently.',
      ],
      [
        'ERR_OCI_UNSUPPORTED',
        'A form that is valid but not supported, such as a Docker schema 1 manifest or an unknown hash.',
        'Convert it as the message says.',
      ],
      [
        'ERR_OCI_CONFLICT',
        'A tag does not point where `ifMatch` expects it.',
        'Resolve the tag again and decide anew: someone else moved it.',
      ],
    ],
  },
  {
    title: 'Graphs: `GraphError`',
    thrownBy: '`@notarykit/artifact-graph`',
    rows: [
      [
        'ERR_GRAPH_COPY',
        'A copy failed; `detail.side` says at which end, `detail.written` what was already written. No tag was set.',
        'Mend the cause and run it again: what is there is skipped.',
      ],
      [
        'ERR_GRAPH_INCOMPLETE',
        'Something that a manifest names is not in the repository (`detail.missing`).',
        'Push it, or copy from a complete source.',
      ],
      ['ERR_GRAPH_INVALID', 'An argument or a graph is not valid.', 'The message says which.'],
      ['ERR_GRAPH_LIMIT', 'The graph is larger than the limits.', 'Raise the limit that the message names.'],
      [
        'ERR_GRAPH_REFERENCE',
        'A reference names another digest or repository than what was found.',
        'Check the reference; a tag and a digest that disagree are refused.',
      ],
      [
        'ERR_GRAPH_REFERRER',
        'The registry lists a referrer whose manifest has another subject.',
        'It is set aside and named in reports; have the list of the registry repaired.',
      ],
      [
        'ERR_GRAPH_REFUSED',
        'The check given with `verify` refused the artifact; nothing was written.',
        'See the `cause`.',
      ],
      [
        'ERR_GRAPH_TAG',
        'A tag could not be moved; `detail` has the tag, what was found, and which tags were set before.',
        'Resolve the tag again, decide, and run the rest.',
      ],
      ['ERR_GRAPH_UNAVAILABLE', 'A manifest could not be read just now.', 'Try again; the `cause` says why.'],
      [
        'ERR_GRAPH_UNSUPPORTED',
        'The repository cannot do this, for example list or delete.',
        'The message says which repositories can.',
      ],
    ],
  },
  {
    title: 'Admission: `AdmissionError`',
    thrownBy: '`@notarykit/admission`',
    rows: [
      [
        'ERR_ADMISSION_REQUEST',
        'The request is not what is asked for at its path: an AdmissionReview, or names of images, in JSON.',
        'Check what sends it; the API server sends `admission.k8s.io/v1`, callers of the service send `{"images": […]}`.',
      ],
      [
        'ERR_ADMISSION_TOO_LARGE',
        'The body is larger than the limit.',
        'Raise the limit if your objects are that large.',
      ],
      [
        'ERR_ADMISSION_TIMEOUT',
        'The body did not arrive in time.',
        'Look at the network between the API server and the webhook.',
      ],
      [
        'ERR_ADMISSION_UNAUTHORIZED',
        'A request to the verification service has no token, or one that is not in its file.',
        'Send `Authorization: Bearer` with a token of the file.',
      ],
      [
        'ERR_ADMISSION_NOT_FOUND',
        'The verification service has nothing at this path.',
        'Look the path up in `/openapi.json`.',
      ],
      [
        'ERR_ADMISSION_METHOD',
        'The path of the verification service takes another method.',
        'Use the method that the header `Allow` names.',
      ],
      [
        'ERR_ADMISSION_BUSY',
        'Too many requests are under way at the verification service.',
        'Ask again after the time that `Retry-After` names, or run more replicas.',
      ],
      [
        'ERR_ADMISSION_INTERNAL',
        'The verification service could not answer, and not because of the request.',
        'Look at the log of the server.',
      ],
      [
        'ERR_ADMISSION_CONFIG',
        'The configuration cannot work, for example a pointer that can never match.',
        'Correct the option that the message names.',
      ],
      [
        'ERR_ADMISSION_REGISTRY',
        'A registry failed a moment ago, or an image names a host that is not allowed.',
        'Wait, or allow the host with `literals` and the connection’s options.',
      ],
    ],
  },
  {
    title: 'Transport: `TransportError`',
    thrownBy: '`@notarykit/transport`',
    rows: [
      [
        'ERR_TRANSPORT_UNSUPPORTED',
        'Options of the connection cannot be used here, for example `ca` in a browser.',
        'Use them in Node, or leave them out.',
      ],
      [
        'ERR_TRANSPORT_ADDRESS',
        'The host resolves to an address, or has a name, that the rules do not allow. No request was made.',
        'Allow it with `addresses` or `onlyHosts` if it is meant to be reached.',
      ],
      [
        'ERR_TRANSPORT_PROXY',
        'The proxy was not reached, or opened no tunnel (`detail.status`).',
        'Check `HTTPS_PROXY`, `NO_PROXY` and the account of the proxy.',
      ],
    ],
  },
  {
    title: 'Files, programs, plugins, codecs',
    thrownBy: '`@notarykit/common` and its `/node` entry; other packages give them as `cause`',
    rows: [
      [
        'ERR_CODEC_JSON',
        'JSON breaks the strict profile: syntax, a repeated member, or a wrong type.',
        'The message has the place.',
      ],
      [
        'ERR_CODEC_BASE64',
        'Base64 text is not canonical.',
        'Encode it again with padding and alphabet as the format wants.',
      ],
      ['ERR_CODEC_CBOR', 'CBOR breaks the strict profile.', 'Encode it deterministically, with definite lengths.'],
      ['ERR_CODEC_UTF8', 'Bytes are not UTF-8.', 'Save the file as UTF-8.'],
      ['ERR_CODEC_TIME', 'A time is not RFC 3339.', 'Write it as `2025-01-01T00:00:00Z`.'],
      ['ERR_CODEC_BYTES', 'Bytes were expected, another value was given.', 'Pass a `Uint8Array`.'],
      ['ERR_CODEC_TEXT', 'Text was expected, another value was given.', 'Pass a string.'],
      ['ERR_CODEC_LIMIT', 'A value or depth is outside its limits.', 'The message names the limit.'],
      [
        'ERR_LIMIT_EXCEEDED',
        'A stream gave more than its reader allows.',
        'Raise the limit of the reader; other packages turn it into their own code.',
      ],
      [
        'ERR_LOCK_HELD',
        'Another process holds the lock of this file or folder.',
        'Wait for it to end, or end it; the message has its process number.',
      ],
      [
        'ERR_LOCK_LOST',
        'Another process took the lock over, because this one did not renew it. Nothing was written.',
        'Run it again; look for a machine that was suspended or overloaded.',
      ],
      [
        'ERR_LOCK_PATH',
        'Where the lock file should be is something else: a link, a folder, a pipe.',
        'Remove what is there if you put it there.',
      ],
      [
        'ERR_PROCESS_START',
        'A program could not be started.',
        'Check path and rights; the message has the system error.',
      ],
      [
        'ERR_PROCESS_TIMEOUT',
        'A program did not end in time, and was ended.',
        'Raise the time limit, or look at the program.',
      ],
      [
        'ERR_PROCESS_OUTPUT',
        'A program wrote more than the limit.',
        'Look at the program; nothing of its output was used.',
      ],
      [
        'ERR_PLUGIN_NAME',
        'The name or path is not one of a plugin: `notation-{name}`.',
        'Rename the program, or give its folder.',
      ],
      [
        'ERR_PLUGIN_PROGRAM',
        'The plugin is missing, not executable, or not a program of this platform.',
        'Install it for this platform; the message has the path.',
      ],
      [
        'ERR_PLUGIN_LIMIT',
        'The plugin took too long, or wrote too much.',
        'Look at the plugin; raise its limits if that is expected.',
      ],
      ['ERR_PLUGIN_ANSWER', 'The plugin’s answer breaks the plugin contract.', 'Update the plugin.'],
      [
        'ERR_PLUGIN_FAILED',
        'The plugin reports an error; `detail.errorCode` is its own code.',
        'The message repeats what it says, without secrets.',
      ],
      [
        'ERR_RUNTIME_NO_WEB_CRYPTO',
        'The page or runtime has no Web Crypto: most often a page that was not loaded over https.',
        'Serve the page over https or from localhost.',
      ],
      [
        'ERR_RUNTIME_THREAD',
        'The thread that hashes large content ended before the digest was there: most often because memory ran out.',
        'Ask again: the next content gets a new thread. Give the process more memory if it happens again.',
      ],
    ],
  },
  {
    title: 'containerd: `VerifierError`',
    thrownBy:
      '`@notarykit/containerd-verifier`, whose program reports them in the reason that containerd gives for a refused pull',
    rows: [
      [
        'ERR_VERIFIER_REQUEST',
        'The request of containerd cannot be read, or name, digest and descriptor are those of different content.',
        'By hand: `-name <reference> -digest <digest> -stdin-media-type application/vnd.oci.descriptor.v1+json`, with the descriptor on standard input. From containerd: the version speaks another contract; update the verifier.',
      ],
      [
        'ERR_VERIFIER_SETTINGS',
        'The folder of the verifier is missing, other users can write to it, or `verifier.json` cannot be read.',
        'The message names the file and the member. Files must belong to root or the user of containerd, and no other user may write them (`chmod go-w`).',
      ],
    ],
  },
  {
    title: 'Actions: `ActionError`',
    thrownBy: 'the GitHub actions (`actions/`), in the annotation of a step that failed',
    rows: [
      [
        'ERR_ACTION_INPUT',
        'An input of the step is missing, cannot be read, or has no effect with the others.',
        'The message names the input and what was expected; `action.yml` of the action describes all of them.',
      ],
      [
        'ERR_ACTION_IDENTITY',
        'GitHub issued no identity token for the job, or the cloud did not accept it.',
        'Give the job `permissions: { id-token: write }`. In the cloud, compare issuer, audience (`oidc-audience`) and subject with what its trust requires.',
      ],
    ],
  },
  {
    title: 'The command: `PluginSourceError`',
    thrownBy: '`@notarykit/cli`, by `plugin install`; other errors of the command are those of the packages',
    rows: [
      [
        'ERR_PLUGIN_SOURCE',
        'What a plugin is installed from cannot be read, has another SHA-256, holds links or files outside of it, or is not one plugin, newer than the one that is there.',
        'The message says which. Take the archive from its publisher again; `--force` replaces a newer version.',
      ],
    ],
  },
];

/** The page: a heading for each code, so that a link to `errors.md#err_trust_store` leads to it. */
export function errorPage() {
  const head = `# Errors

Every error has a \`code\` that does not change, a message that says what, where, expected and found, a \`cause\` where another error is
below it, and typed facts in \`detail\`. Test by \`code\`, never by the text. This page is made from
\`scripts/error-table.mjs\`; \`pnpm vitest run --project unit scripts/errors.test.ts -u\` writes it anew.
`;
  const sections = errorTable.map(({ title, thrownBy, rows }) => {
    const entries = rows.map(([code, means, remedy]) => `### ${code}\n\n${means}\n\n**What to do:** ${remedy}\n`);
    return `## ${title}\n\nThrown by ${thrownBy}.\n\n${entries.join('\n')}`;
  });
  return `${head}\n${sections.join('\n')}`;
}
