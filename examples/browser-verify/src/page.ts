// The page: reads the form, verifies in the browser, shows the tree.
import {
  type Answer,
  type ExplanationNode,
  explanationOf,
  headlineOf,
  stateText,
  verifyArtifact,
  verifyFile,
} from './verify/index.js';

// A page that was opened from disk gets no script: the word about it stays there.
document.querySelector('#no-script')?.remove();

const field = (name: string): string => (document.querySelector(`[name=${name}]`) as HTMLInputElement).value;
const trust = () => ({ policy: field('policy'), certificates: field('certificates') });

async function fileOf(name: string): Promise<{ readonly name: string; readonly bytes: Uint8Array } | undefined> {
  const file = (document.querySelector(`[name=${name}]`) as HTMLInputElement).files?.[0];
  return file === undefined ? undefined : { name: file.name, bytes: new Uint8Array(await file.arrayBuffer()) };
}

async function verifyForm(): Promise<Answer> {
  const [content, signature] = [await fileOf('content'), await fileOf('signature')];
  if (content !== undefined && signature !== undefined)
    return { ...(await verifyFile(content.bytes, signature, trust())), artifact: content.name };
  return { ...(await verifyArtifact(field('reference'), trust())), artifact: field('reference') };
}

/** What comes from a registry is put in as text, never as markup. */
function render({ state, text, children }: ExplanationNode): HTMLElement {
  const line = document.createElement(children.length === 0 ? 'p' : 'summary');
  line.textContent = `${stateText(state)}${text}`;
  line.dataset['state'] = state;
  if (children.length === 0) return line;
  const node = document.createElement('details');
  node.open = true;
  node.append(line, ...children.map(render));
  return node;
}

const form = document.querySelector('form') as HTMLFormElement;
const result = document.querySelector('#result') as HTMLElement;
form.addEventListener('submit', (event) => {
  event.preventDefault();
  result.textContent = 'verifying …';
  void verifyForm().then((answer) => {
    const headline = document.createElement('h2');
    headline.textContent = headlineOf(answer);
    headline.dataset['state'] = answer.verdict;
    result.replaceChildren(headline, render(explanationOf(answer)));
  });
});

// A link may say what to look at, never what to trust: policy and certificates come from the user of the page.
const reference = new URLSearchParams(location.search).get('reference');
if (reference !== null) (document.querySelector('[name=reference]') as HTMLInputElement).value = reference;
