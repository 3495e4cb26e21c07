// The page: reads the form, verifies in the browser, shows the tree.
import { fillExample } from './form/example.js';
import { element, field, fileIn, neededFile } from './form/fields.js';
import { render } from './form/render.js';
import { showStores, storesInForm } from './form/stores.js';
import { type Answer, type TrustTexts, verifyArtifact, verifyBundleFile, verifyFile } from './verify/index.js';

// A page that was opened from disk gets no script: the word about it stays there.
document.querySelector('#no-script')?.remove();

async function trustOfForm(): Promise<TrustTexts> {
  const evidence = await fileIn('evidence');
  const texts = { policy: field('policy').value, stores: storesInForm(), at: field('at').value };
  return evidence === undefined ? texts : { ...texts, evidence: evidence.bytes };
}

const verifications: Readonly<Record<string, (trust: TrustTexts) => Promise<Answer>>> = {
  artifact: (trust) => verifyArtifact(field('reference').value, trust),
  bundle: async (trust) => verifyBundleFile(await neededFile('bundle', 'a bundle'), field('expected').value, trust),
  file: async (trust) =>
    verifyFile(await neededFile('content', 'a file'), await neededFile('signature', 'its signature'), trust),
};

const result = element('#result');

async function verifyForm(): Promise<void> {
  result.textContent = 'verifying …';
  const kind = element<HTMLInputElement>('[name=kind]:checked').value;
  try {
    const answer = await verifications[kind]?.(await trustOfForm());
    if (answer !== undefined) result.replaceChildren(...render(answer));
  } catch (error) {
    result.textContent = error instanceof Error ? error.message : String(error);
  }
}

element('form').addEventListener('submit', (event) => {
  event.preventDefault();
  void verifyForm();
});
field('policy').addEventListener('input', showStores);
element('#example').addEventListener('click', () => {
  fillExample();
  void verifyForm();
});

// A link may say what to look at, never what to trust: policy and certificates come from the user of the page.
const reference = new URLSearchParams(location.search).get('reference');
if (reference !== null) field('reference').value = reference;
showStores();
