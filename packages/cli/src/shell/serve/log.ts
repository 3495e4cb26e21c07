type Level = 'info' | 'warn';

const line =
  (level: Level) =>
  (message: string, facts: object = {}): void =>
    void process.stderr.write(`${JSON.stringify({ level, message, ...facts })}\n`);

/** The log of a server: a JSON document on each line of standard error. */
export const logger: Readonly<Record<Level, (message: string, facts?: object) => void>> = {
  info: line('info'),
  warn: line('warn'),
};
