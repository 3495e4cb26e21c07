/** What came of each step, by its name: text, so that it can be compared wherever it was made. */
export type Outcomes = Record<string, string>;

type Outcome = string | number | boolean;

/** Runs steps one after another: a step that fails is an outcome too, by its code. */
export function createSteps() {
  const outcomes: Outcomes = {};
  return {
    outcomes,
    async step(name: string, work: () => Outcome | Promise<Outcome>): Promise<void> {
      try {
        outcomes[name] = String(await work());
      } catch (error) {
        outcomes[name] = codeIn(error);
      }
    },
  };
}

/** The code that work fails with. */
export async function codeOf(work: Promise<unknown>): Promise<string> {
  return await work.then(
    () => 'nothing was refused',
    (error: unknown) => codeIn(error),
  );
}

/** An error without a code of ours is shown whole: no step expects one. Those of the web have a number. */
function codeIn(error: unknown): string {
  const { code } = error as { readonly code?: unknown };
  return typeof code === 'string' ? code : String(error);
}
