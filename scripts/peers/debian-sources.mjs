/**
 * The apt source that gives `suite` of the archive at `uri`: the entry that names the archive in one of the system's own `files`
 * (`{ name, text }`), with all its options, for another suite. Both forms are known, one line (`*.list`) and deb822 (`*.sources`).
 */
export function sourceOfSuite(files, uri, suite) {
  for (const { name, text } of files) {
    const entry = name.endsWith('.sources') ? fromStanzas(text, uri, suite) : fromLines(text, uri, suite);
    if (entry !== undefined) return { name: name.endsWith('.sources') ? 'suite.sources' : 'suite.list', text: entry };
  }
  throw new Error(`no apt source names ${withoutSlash(uri)}`);
}

const withoutSlash = (uri) => uri.replace(/\/+$/, '');

function fromLines(text, uri, suite) {
  for (const line of text.split('\n')) {
    const [, options = '', archive] = /^\s*deb\s+(\[[^\]]*\]\s+)?([^\s[]\S*)\s+\S/.exec(line) ?? [];
    if (archive !== undefined && withoutSlash(archive) === withoutSlash(uri))
      return `deb ${options}${archive} ${suite} main\n`;
  }
  return undefined;
}

function fromStanzas(text, uri, suite) {
  const stanzas = text.replace(/^#.*\n?/gm, '').split(/\n[ \t]*\n/);
  const own = stanzas.find((stanza) => archivesOf(stanza).includes(withoutSlash(uri)));
  if (own === undefined) return undefined;
  const kept = fields(own).filter((field) => !/^(types|suites|components):/i.test(field));
  return `${['Types: deb', `Suites: ${suite}`, 'Components: main', ...kept].join('\n')}\n`;
}

/** The fields of a stanza, each with its continuation lines. */
const fields = (stanza) => stanza.split(/\n(?![ \t])/).filter((field) => field.trim() !== '');

function archivesOf(stanza) {
  const field = fields(stanza).find((one) => /^uris:/i.test(one)) ?? '';
  return field.split(/\s+/).slice(1).map(withoutSlash);
}
