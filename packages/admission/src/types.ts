import type { JsonObject } from '@notarykit/common/internal';

/** A kind of Kubernetes object. */
export interface GroupVersionKind {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
}

/** A resource of Kubernetes: the plural under which objects of a kind are stored. */
export interface GroupVersionResource {
  readonly group: string;
  readonly version: string;
  readonly resource: string;
}

/** The part of an AdmissionRequest (admission.k8s.io/v1) that a review looks at. */
export interface AdmissionRequest {
  readonly uid: string;
  /** What the object was converted to for this webhook. */
  readonly kind: GroupVersionKind;
  /** Where the object is stored, in the same version as `kind`. */
  readonly resource?: GroupVersionResource;
  readonly subResource?: string;
  readonly name?: string;
  readonly namespace?: string;
  readonly operation: 'CREATE' | 'UPDATE' | 'DELETE' | 'CONNECT';
  readonly userInfo?: { readonly username?: string; readonly groups?: readonly string[] };
  readonly object?: JsonObject;
  readonly oldObject?: JsonObject;
  readonly dryRun: boolean;
}

/** One operation of a JSON patch (RFC 6902). */
export interface PatchOperation {
  readonly op: 'test' | 'replace';
  readonly path: string;
  readonly value: string;
}

/** Why the answer to the API server is no. */
export interface AdmissionStatus {
  readonly code: number;
  readonly reason: string;
  readonly message: string;
}

/** An AdmissionResponse (admission.k8s.io/v1), ready to be sent. */
export interface AdmissionResponse {
  readonly uid: string;
  readonly allowed: boolean;
  readonly status?: AdmissionStatus;
  /** Base64 of a JSON patch; only together with `patchType`. */
  readonly patch?: string;
  readonly patchType?: 'JSONPatch';
  readonly warnings?: readonly string[];
  readonly auditAnnotations?: Readonly<Record<string, string>>;
}
