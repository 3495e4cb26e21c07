/** What work gives, and the processor time that this process took for it, in milliseconds: a busy machine does not lengthen it. */
export async function withCpuTime<T>(
  work: () => T | Promise<T>,
): Promise<{ readonly result: T; readonly cpuMs: number }> {
  const before = process.cpuUsage();
  const result = await work();
  const { user, system } = process.cpuUsage(before);
  return { result, cpuMs: (user + system) / 1000 };
}
