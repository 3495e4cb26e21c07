import { isCodedError } from '@notarykit/common/internal';

/** What is looked at. */
export type Area = 'policy' | 'keys' | 'accounts' | 'network' | 'clock';

/** What was found out about a part of the installation. */
export interface Finding {
  readonly area: Area;
  readonly state: 'fine' | 'warning' | 'error';
  readonly message: string;
  /** What to do, where something is not in order. */
  readonly remedy?: string;
  readonly code?: string;
}

export const fine = (area: Area, message: string): Finding => ({ area, state: 'fine', message });

export function warning(area: Area, message: string, remedy: string): Finding {
  return { area, state: 'warning', message, remedy };
}

/** What `inspect` finds. Its failure is a finding, too: what was not inspected cannot be reported as fine. */
export async function examine(
  area: Area,
  remedy: string,
  inspect: () => Promise<readonly Finding[]>,
): Promise<readonly Finding[]> {
  try {
    return await inspect();
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return [{ area, state: 'error', message, remedy, ...(isCodedError(error) ? { code: error.code } : {}) }];
  }
}
