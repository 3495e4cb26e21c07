import { type Answer, type ExplanationNode, explanationOf, headlineOf, stateText } from '../verify/index.js';

/** The answer as elements. What comes from a registry or a file is put in as text, never as markup. */
export function render(answer: Answer): readonly HTMLElement[] {
  const headline = document.createElement('h2');
  headline.textContent = headlineOf(answer);
  headline.dataset['state'] = answer.verdict;
  return [headline, line(explanationOf(answer)), ...more(answer)];
}

function line({ state, text, children }: ExplanationNode): HTMLElement {
  const own = document.createElement(children.length === 0 ? 'p' : 'summary');
  own.textContent = `${stateText(state)}${text}`;
  own.dataset['state'] = state;
  if (children.length === 0) return own;
  const node = document.createElement('details');
  node.open = true;
  node.append(own, ...children.map(line));
  return node;
}

function more({ help }: Answer): readonly HTMLElement[] {
  if (help === undefined) return [];
  const [paragraph, link] = [document.createElement('p'), document.createElement('a')];
  link.href = help;
  link.textContent = help;
  paragraph.append('more: ', link);
  return [paragraph];
}
