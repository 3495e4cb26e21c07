import { readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const { homepage, repository } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const source = repository.url.replace(/\.git$/, '');

const guides = [
  ['Getting started', 'getting-started'],
  ['Write a trust policy', 'trust-policy'],
  ['Sign in CI', 'sign-in-ci'],
  ['Write a signer', 'write-a-signer'],
  ['Deploy gate', 'deploy-gate'],
  ['Promote', 'promote'],
  ['Air gap', 'air-gap'],
  ['Admission', 'admission'],
  ['containerd', 'containerd'],
  ['Private networks and proxies', 'private-networks'],
  ['Timestamps and revocation', 'timestamps-and-revocation'],
  ['Testing your tool', 'testing-your-tool'],
  ['Coming from notation', 'from-notation'],
  ['Coming from Docker Content Trust', 'from-docker-content-trust'],
  ['Troubleshooting', 'troubleshooting'],
].map(([text, name]) => ({ text, link: `/guides/${name}` }));

const reference = [
  ['Commands', '/cli'],
  ['Errors', '/errors'],
  ['Gate policies', '/gate-policy'],
  ['Verification service', '/verification-service'],
  ['What each verb can do', '/abilities'],
  ['Registries', '/registries'],
  ['Push by digest', '/push-by-digest'],
  ['Auditing a whole registry', '/whole-registry'],
  ['Specifications', '/specifications'],
].map(([text, link]) => ({ text, link }));

const project = [
  ['The demo', '/demo'],
  ['Architecture', '/architecture'],
  ['Threat model', '/threats'],
  ['Support and versions', '/support'],
  ['Renamed', '/renamed'],
  ['Runtimes', '/runtimes'],
  ['Comparison', '/comparison'],
  ['Parity with notation', '/parity'],
  ['Reliability', '/reliability'],
  ['How cost grows', '/growth'],
  ['Dependencies', '/dependencies'],
].map(([text, link]) => ({ text, link }));

/** Links to files that are not pages lead to the repository, so that one text serves both. */
function linksToSources(markdown) {
  const open =
    markdown.renderer.rules.link_open ?? ((tokens, i, options, _, self) => self.renderToken(tokens, i, options));
  markdown.renderer.rules.link_open = (tokens, i, options, env, self) => {
    const href = tokens[i].attrGet('href') ?? '';
    const path = normalize(join('docs', dirname(env.relativePath ?? ''), href));
    const page = path.startsWith('docs/') && !path.startsWith('docs/decisions/');
    if (!/^(?:[a-z]+:|[#/])/.test(href) && !page) tokens[i].attrSet('href', `${source}/blob/main/${path}`);
    return open(tokens, i, options, env, self);
  };
}

export default {
  title: 'NotaryKit',
  description: 'Sign, verify, gate and promote OCI artifacts with Notary Project signatures, natively in TypeScript',
  srcExclude: ['api/**', 'decisions/**', 'node_modules/**'],
  // The addresses of pages that errors give begin with the homepage.
  base: new URL(homepage).pathname,
  cacheDir: '../node_modules/.cache/vitepress',
  cleanUrls: true,
  lastUpdated: false,
  markdown: {
    config(markdown) {
      // `<name>` in a sentence is text, not an element.
      markdown.disable('html_inline');
      linksToSources(markdown);
    },
  },
  themeConfig: {
    search: { provider: 'local' },
    nav: [
      { text: 'Guides', link: '/guides/' },
      { text: 'API', link: '/api/index.html', target: '_self' },
      { text: 'Source', link: source },
    ],
    sidebar: [
      { text: 'Guides', items: guides },
      { text: 'Reference', items: reference },
      { text: 'Project', items: project },
    ],
  },
};
