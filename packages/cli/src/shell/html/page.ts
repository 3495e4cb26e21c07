import { type Markup, markup, type Piece } from './markup.js';

/** The colour of a page: the answer is yes, no, or there is none. */
export type Mood = 'yes' | 'no' | 'neutral';

/** A page that needs nothing but itself: no script, no font, no image, and a policy that lets a browser fetch none. */
export function page(title: string, mood: Mood, parts: readonly Markup[]): string {
  return `${markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<style>
body { font: 16px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 72rem; padding: 0 1rem; color: #1a1a1a; background: #fff }
h1 { padding: .5rem 1rem; border-left: .5rem solid #777; overflow-wrap: anywhere }
h1.yes { border-color: #187a2f } h1.no { border-color: #b3261e }
table { border-collapse: collapse; width: 100% } caption { text-align: left; font-weight: bold; padding: .5rem 0 }
th, td { border-bottom: 1px solid #ccc; padding: .25rem .5rem; text-align: left; vertical-align: top; overflow-wrap: anywhere }
.yes { color: #187a2f } .no { color: #b3261e }
ul { list-style: none; border-left: 1px solid #ccc; padding-left: 1rem } code { overflow-wrap: anywhere }
pre { white-space: pre-wrap; overflow-wrap: anywhere; background: #f4f4f4; padding: 1rem }
</style>
</head>
<body>
<h1 class="${mood}">${title}</h1>
${parts}
</body>
</html>`}\n`;
}

/** A table; cells are escaped. */
export function table(caption: string, head: readonly string[], rows: readonly (readonly Piece[])[]): Markup {
  return markup`<table>
<caption>${caption}</caption>
<thead><tr>${head.map((cell) => markup`<th scope="col">${cell}</th>`)}</tr></thead>
<tbody>
${rows.map((row) => markup`<tr>${row.map((cell) => markup`<td>${cell}</td>`)}</tr>\n`)}</tbody>
</table>
`;
}

/** Names and what they are, without those that are nothing. */
export function facts(caption: string, all: readonly (readonly [string, Piece])[]): Markup {
  return table(
    caption,
    ['', ''],
    all.filter(([, value]) => value !== undefined),
  );
}

/** Text as a terminal shows it. */
export function verbatim(title: string, text: string): Markup {
  return markup`<h2>${title}</h2>
<pre>${text}</pre>
`;
}

/** A word in the colour of its meaning. */
export function marked(mood: Mood, word: string): Markup {
  return markup`<span class="${mood}">${word}</span>`;
}
