// Dots alone, device names of Windows and overlong names are refused as well.
const namePattern = /^[a-zA-Z0-9_.-]{1,255}$/;
const reserved = /^(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\.|$)/i;

/** Whether a text may become the name of a file or folder anywhere: `[a-zA-Z0-9_.-]+`, but not dots alone, nor a device of Windows. */
export function isFileName(text: string): boolean {
  // A pattern converts other values to strings: `undefined` would be a name.
  return typeof text === 'string' && namePattern.test(text) && !/^\.+$/.test(text) && !reserved.test(text);
}
