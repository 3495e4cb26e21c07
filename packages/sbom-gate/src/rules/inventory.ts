import type { EvidenceDocument } from '../evidence/evidence.js';
import type { Component } from '../sbom/document.js';
import type { PackageIdentity } from './identity.js';

/** A component of the inventory, with its document and everything that identifies it. */
export interface InventoryItem {
  readonly component: Component;
  readonly document: EvidenceDocument;
  readonly identity: PackageIdentity;
}
