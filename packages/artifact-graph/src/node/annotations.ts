/** The file name of a layer (image-spec, annotations.md). */
export const titleAnnotation = 'org.opencontainers.image.title';
/** Says that a layer is a packed directory; oras writes and reads the two. */
export const unpackAnnotation = 'io.deis.oras.content.unpack';
/** The digest of the archive before compression. */
export const contentDigestAnnotation = 'io.deis.oras.content.digest';
