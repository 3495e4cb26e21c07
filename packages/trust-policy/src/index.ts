export type { TrustStore, TrustStoreType } from './trust-store.js';
