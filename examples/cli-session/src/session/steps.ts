/** A line that is typed, and the exit code that it must end with. */
export interface Step {
  readonly command: string;
  readonly code: number;
}

const image = 'localhost:5000/net-monitor:v1';

/** The session: a new user with a key, a registry account and an image. */
export const steps: readonly Step[] = [
  { code: 2, command: `notarykit sing ${image}` },
  {
    code: 0,
    command:
      'notarykit policy init --name wabbit-networks --trust-store ca:wabbit-networks --trusted-identity "x509.subject:C=US,ST=WA,O=Wabbit Networks"',
  },
  { code: 0, command: 'notarykit policy lint' },
  { code: 0, command: 'notarykit policy diff narrower.json' },
  { code: 0, command: 'notarykit policy import --force narrower.json' },
  { code: 1, command: `notarykit verify ${image}` },
  { code: 0, command: `notarykit sign ${image}` },
  {
    code: 0,
    command: `notarykit sign --file sbom.json:application/json --subject ${image} --artifact-type sbom/example`,
  },
  { code: 0, command: `notarykit list ${image}` },
  { code: 0, command: `notarykit verify ${image}` },
  { code: 0, command: `notarykit inspect ${image}` },
  { code: 0, command: `notarykit tag ${image} stable` },
  { code: 0, command: 'notarykit audit --record audit.jsonl localhost:5000/net-monitor' },
  { code: 0, command: 'notarykit policy simulate audit.jsonl narrower.json' },
  { code: 0, command: `notarykit copy --verify --to-oci-layout ${image} net-monitor.tar:v1` },
  {
    code: 0,
    command: 'notarykit verify --oci-layout --scope localhost:5000/net-monitor net-monitor.tar:v1',
  },
  { code: 0, command: `notarykit bundle create --output net-monitor.bundle.tar ${image}` },
  { code: 0, command: `notarykit bundle verify --expect ${image} net-monitor.bundle.tar` },
  { code: 0, command: `notarykit promote --gate-policy gate.yaml ${image} localhost:5000/production/net-monitor:v1` },
  {
    code: 0,
    command: 'notarykit policy change wabbit-networks --add-scope localhost:5000/production/net-monitor',
  },
  { code: 0, command: 'notarykit blob sign sbom.json' },
  { code: 0, command: 'notarykit blob inspect sbom.json.jws.sig' },
  { code: 0, command: 'notarykit blob verify --signature sbom.json.jws.sig sbom.json' },
  { code: 2, command: `notarykit verify --user-metadata build ${image}` },
];
