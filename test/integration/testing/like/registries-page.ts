import { type Personality, registryQuirks } from '@notarykit/testing';

/** A table as the formatter of the repository writes it. */
export function tableOf(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((title, i) => Math.max(3, title.length, ...rows.map((row) => (row[i] ?? '').length)));
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join(' | ')} |`;
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join('\n');
}

/** Every quirk, and where it is told of. */
export function quirkList(): string {
  return registryQuirks
    .map(({ name, does, seen }) => {
      const sources = new Map<string, Personality[]>();
      for (const [like, { url, date }] of Object.entries(seen)) {
        const link = `[${date}](${url})`;
        sources.set(link, [...(sources.get(link) ?? []), like as Personality]);
      }
      const told = [...sources].map(([link, likes]) => `${likes.join(', ')} (${link})`).join('; ');
      return `- \`${name}\`: ${does}. ${told}`;
    })
    .join('\n');
}

/** The page with its sections replaced, each between its two marks. */
export function withSections(page: string, sections: Readonly<Record<string, string>>): string {
  return Object.entries(sections).reduce(
    (text, [name, content]) =>
      text.replace(
        new RegExp(`(<!-- ${name} -->\\n)[\\s\\S]*(\\n<!-- end of ${name} -->)`),
        (_, begin: string, end: string) => `${begin}\n${content}\n${end}`,
      ),
    page,
  );
}
