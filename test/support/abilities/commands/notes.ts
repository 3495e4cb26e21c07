/** Why a command has no use for an ability. */
export const notes = {
  signs: { none: 'It signs, and asks no trust policy.' },
  present: { none: 'It writes for others to believe, which is done at the present time.' },
  asWritten: { none: 'It shows or changes a document as it is written, at whatever time.' },
  ownTimes: { none: 'What is recorded is judged as of its own time.' },
  bundleTime: { none: 'It gathers what holds now; `bundle verify --at` judges it as of another time.' },
  oneFile: { none: 'It reads one file and makes no request, so that there is nothing to wait for or to send.' },
  signatures: { none: 'It only looks at signatures: a summary replaces evidence.' },
  whole: { none: 'It takes back the summaries of an artifact as a whole.' },
} as const;
