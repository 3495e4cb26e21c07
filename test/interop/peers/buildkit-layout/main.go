// Writes an OCI layout of two platforms with provenance, by the code with which BuildKit and its client write one for
// `--output type=oci,tar=false`: BuildKit's image writer upon containerd's store, and the client's index. Standard input:
// {"folder", "name", "ociArtifact"}; with `ociArtifact`, attestation manifests have a subject, which is BuildKit's default from
// 0.31 on. No build is run: each image has one layer that is made here.
package main

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"strconv"
	"time"

	"github.com/containerd/containerd/v2/core/content"
	"github.com/containerd/containerd/v2/pkg/labels"
	contentlocal "github.com/containerd/containerd/v2/plugins/content/local"
	"github.com/moby/buildkit/cache"
	cacheconfig "github.com/moby/buildkit/cache/config"
	"github.com/moby/buildkit/client/ociindex"
	"github.com/moby/buildkit/exporter"
	"github.com/moby/buildkit/exporter/containerimage"
	"github.com/moby/buildkit/exporter/containerimage/exptypes"
	gatewaypb "github.com/moby/buildkit/frontend/gateway/pb"
	"github.com/moby/buildkit/session"
	"github.com/moby/buildkit/solver"
	"github.com/moby/buildkit/solver/llbsolver/compat"
	"github.com/moby/buildkit/solver/result"
	"github.com/opencontainers/go-digest"
	ocispecs "github.com/opencontainers/image-spec/specs-go/v1"
)

type question struct {
	Folder      string `json:"folder"`
	Name        string `json:"name"`
	OCIArtifact bool   `json:"ociArtifact"`
}

// Of a build's result, the writer asks for its layers alone.
type built struct {
	cache.ImmutableRef
	remote *solver.Remote
}

func (b *built) GetRemotes(context.Context, bool, cacheconfig.RefConfig, bool, session.Group) ([]*solver.Remote, error) {
	return []*solver.Remote{b.remote}, nil
}

func (b *built) LayerChain() cache.RefList { return nil }

func layer(ctx context.Context, store content.Store, architecture string) (*built, error) {
	var archive, packed bytes.Buffer
	file := []byte("for " + architecture + "\n")
	writer := tar.NewWriter(&archive)
	if err := writer.WriteHeader(&tar.Header{Name: "app", Mode: 0o755, Size: int64(len(file))}); err != nil {
		return nil, err
	}
	if _, err := writer.Write(file); err != nil {
		return nil, err
	}
	if err := writer.Close(); err != nil {
		return nil, err
	}
	diffID := digest.FromBytes(archive.Bytes())
	zipper := gzip.NewWriter(&packed)
	if _, err := zipper.Write(archive.Bytes()); err != nil {
		return nil, err
	}
	if err := zipper.Close(); err != nil {
		return nil, err
	}
	descriptor := ocispecs.Descriptor{
		MediaType:   ocispecs.MediaTypeImageLayerGzip,
		Digest:      digest.FromBytes(packed.Bytes()),
		Size:        int64(packed.Len()),
		Annotations: map[string]string{labels.LabelUncompressed: diffID.String()},
	}
	err := content.WriteBlob(ctx, store, descriptor.Digest.String(), bytes.NewReader(packed.Bytes()), descriptor)
	return &built{remote: &solver.Remote{Descriptors: []ocispecs.Descriptor{descriptor}, Provider: store}}, err
}

func provenance() exporter.Attestation {
	return exporter.Attestation{
		Kind:     gatewaypb.AttestationKind_InToto,
		Metadata: map[string][]byte{result.AttestationReasonKey: []byte(result.AttestationReasonProvenance)},
		Path:     "provenance.json",
		InToto:   result.InTotoAttestation{PredicateType: "https://slsa.dev/provenance/v1"},
		ContentFunc: func(context.Context) ([]byte, error) {
			return []byte(`{"buildDefinition":{"buildType":"https://github.com/moby/buildkit/blob/master/docs/attestations/slsa-definitions.md"},"runDetails":{"builder":{"id":""}}}`), nil
		},
	}
}

func source(ctx context.Context, store content.Store) (*exporter.Source, error) {
	source := &exporter.Source{}
	var platforms exptypes.Platforms
	for _, architecture := range []string{"amd64", "arm64"} {
		platform := exptypes.Platform{ID: "linux/" + architecture, Platform: ocispecs.Platform{OS: "linux", Architecture: architecture}}
		platforms.Platforms = append(platforms.Platforms, platform)
		ref, err := layer(ctx, store, architecture)
		if err != nil {
			return nil, err
		}
		source.AddRef(platform.ID, ref)
		created := time.Unix(1_764_000_000, 0).UTC()
		config, err := json.Marshal(ocispecs.Image{
			Platform: platform.Platform,
			History:  []ocispecs.History{{Created: &created, CreatedBy: "COPY app /"}},
		})
		if err != nil {
			return nil, err
		}
		source.AddMeta(fmt.Sprintf("%s/%s", exptypes.ExporterImageConfigKey, platform.ID), config)
		source.AddAttestation(platform.ID, provenance())
	}
	list, err := json.Marshal(platforms)
	source.AddMeta(exptypes.ExporterPlatformsKey, list)
	return source, err
}

func write(ctx context.Context, q question) error {
	store, err := contentlocal.NewStore(q.Folder)
	if err != nil {
		return err
	}
	source, err := source(ctx, store)
	if err != nil {
		return err
	}
	writer, err := containerimage.NewImageWriter(containerimage.WriterOpt{ContentStore: store})
	if err != nil {
		return err
	}
	var options containerimage.ImageCommitOpts
	attributes := map[string]string{"name": q.Name, "oci-mediatypes": "true", "oci-artifact": strconv.FormatBool(q.OCIArtifact)}
	if _, err := options.Load(ctx, attributes); err != nil {
		return err
	}
	index, _, err := writer.Commit(ctx, source, "", nil, &options, compat.CompatibilityVersionCurrent, "oci")
	if err != nil {
		return err
	}
	index.Annotations = map[string]string{ocispecs.AnnotationCreated: "2025-11-24T16:00:00Z"}
	return ociindex.NewStoreIndex(q.Folder).Put(*index, ociindex.Name(q.Name))
}

func main() {
	var q question
	if err := json.NewDecoder(os.Stdin).Decode(&q); err != nil {
		panic(err)
	}
	if err := write(context.Background(), q); err != nil {
		panic(err)
	}
}
