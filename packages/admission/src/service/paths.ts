/** Where what is asked; the OpenAPI document describes each of them. */
export const paths = {
  verify: '/v1/verify',
  gate: '/v1/gate',
  explain: '/v1/explain',
  metrics: '/metrics',
  document: '/openapi.json',
  health: '/healthz',
  ready: '/readyz',
} as const;
