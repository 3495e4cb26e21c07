import { errorTable } from '../../scripts/error-table.mjs';

/** Links of the table are those of docs/errors.md, one folder above. */
const below = (text) => text.replaceAll(/\]\((?=[a-z-]+\.md)/g, '](../');

/** A page for each code, at `/errors/<code>`, out of the one table. */
export default {
  paths: () =>
    errorTable.flatMap(({ title, thrownBy, rows }) =>
      rows.map(([code, means, remedy]) => ({
        params: { code },
        content: `# ${code}\n\n${below(means)}\n\n**What to do:** ${below(remedy)}\n\nPart of ${title}, thrown by ${thrownBy}. [All codes](../errors.md)\n`,
      })),
    ),
};
