/** Cap'n Proto of a worker, `worker.mjs` beside it, that may reach this machine. */
export function workerConfig(bindings: Readonly<Record<string, string>>): string {
  const texts = Object.entries(bindings).map(([name, text]) => `(name = "${name}", text = "${text}")`);
  return `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (services = [
  (name = "main", worker = .main),
  (name = "internet", network = (allow = ["public", "private", "local"])),
]);
const main :Workerd.Worker = (
  modules = [(name = "worker", esModule = embed "worker.mjs")],
  bindings = [${texts.join(', ')}],
  compatibilityDate = "2026-11-01",
  globalOutbound = "internet",
);
`;
}
