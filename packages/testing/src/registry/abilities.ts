/** What the registry can do; each ability exists in the field in both forms. */
export interface RegistryAbilities {
  /** `tag-schema`: no referrers API, as before distribution-spec 1.1. Default `api`. */
  readonly referrers: 'api' | 'tag-schema';
  /** `OCI-Subject` in the answer to a push with a subject. Default: when there is a referrers API. */
  readonly subjectHeader: boolean;
  /** `applied` filters and says so, `ignored` does neither, `lying` says so and does not. Default `applied`. */
  readonly referrersFilter: 'applied' | 'ignored' | 'lying';
  /** Most descriptors on one page of referrers. Default: all that fit into 4 MiB. */
  readonly referrersPageSize: number;
  /** Most tags on one page, whatever is asked for. Default 10,000. */
  readonly tagsPageSize: number;
  /** HEAD on manifests. Default true; false answers 405. */
  readonly head: boolean;
  /** Range requests on blobs. Default true; false answers 200 with everything. */
  readonly ranges: boolean;
  /** PATCH. Default true; false answers 405. */
  readonly chunks: boolean;
  /** Status of a PATCH that was stored. Default 202. */
  readonly patchStatus: 201 | 202;
  /** `OCI-Chunk-Min-Length`, in bytes; shorter chunks but the last are refused. Default 0: none. */
  readonly minChunkLength: number;
  /** A blob in the body of `POST …?digest=`. Default true; false opens a session instead. */
  readonly postUpload: boolean;
  /** A blob in the body of a session's first PUT. Default true; false answers 405. */
  readonly monolithicPut: boolean;
  /** `automatic` finds the blob without `from`, too. `off` always opens a session. Default `automatic`. */
  readonly mount: 'automatic' | 'named' | 'off';
  /** Deletion of manifests, blobs and tags. Default true; false answers 405 to all three. */
  readonly deletion: boolean;
  /** Deletion of tags, where `deletion` allows any. Default true; false answers 405. */
  readonly tagDeletion: boolean;
  /** Deletion of manifests that an index names. Default true; false answers 405. */
  readonly deletionOfListed: boolean;
  /** `ETag` on manifests, and `If-Match`, `If-None-Match` honoured when a tag is pushed. Default true. */
  readonly etags: boolean;
  /** Tags in the query of a push by digest, and `OCI-Tag` in its answer. Default true; false takes no notice of them. */
  readonly tagParameters: boolean;
  /** A tag that exists does not move: 409. Default false. */
  readonly immutableTags: boolean;
  /** Manifests whose children are not there. Default false: 404 MANIFEST_BLOB_UNKNOWN. */
  readonly sparse: boolean;
  /** Layers that name `urls` need not be there, whatever their type. Default false: only those whose type says so. */
  readonly urlLayers: boolean;
  /** Nothing is written or deleted: 405. Default false. */
  readonly readOnly: boolean;
  /** Most bytes of a manifest. Default 4 MiB. */
  readonly manifestLimit: number;
  /** Most bytes of a blob. Default: none. */
  readonly blobLimit: number;
}
