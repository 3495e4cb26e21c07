// The images that BuildKit's own Dockerfile frontend would use: one Dockerfile a line on standard input, as JSON
// {"text", "buildArgs", "target", "platform"}; one answer a line, {"images"} or {"error"}. Nothing is fetched: a resolver
// records what it is asked for and answers with an empty configuration. {"policy", "sources"} asks which sources a source policy
// lets a build use: one answer {"images"}, in which a source that is denied is empty. {"exporter"} asks which of these keys the image
// exporter knows.
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"os"
	"sort"
	"sync"

	"github.com/containerd/platforms"
	"github.com/distribution/reference"
	"github.com/moby/buildkit/client/llb"
	"github.com/moby/buildkit/client/llb/sourceresolver"
	"github.com/moby/buildkit/exporter/containerimage/exptypes"
	"github.com/moby/buildkit/frontend/dockerfile/dockerfile2llb"
	"github.com/moby/buildkit/frontend/dockerfile/parser"
	"github.com/moby/buildkit/frontend/dockerui"
	"github.com/moby/buildkit/solver/pb"
	"github.com/moby/buildkit/sourcepolicy"
	spb "github.com/moby/buildkit/sourcepolicy/pb"
	"github.com/opencontainers/go-digest"
	ocispecs "github.com/opencontainers/image-spec/specs-go/v1"
)

type question struct {
	Text      string            `json:"text"`
	BuildArgs map[string]string `json:"buildArgs"`
	Target    string            `json:"target"`
	Platform  string            `json:"platform"`
	Policy    *spb.Policy       `json:"policy"`
	Sources   []string          `json:"sources"`
	Exporter  []string          `json:"exporter"`
}

type answer struct {
	Images []string `json:"images"`
	Error  string   `json:"error,omitempty"`
}

type recorder struct {
	mu   sync.Mutex
	seen map[string]bool
}

func (r *recorder) ResolveImageConfig(_ context.Context, ref string, _ sourceresolver.Opt) (string, digest.Digest, []byte, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.seen[ref] = true
	// A layer, so that the image does not count as empty.
	config := `{"architecture":"amd64","os":"linux","rootfs":{"type":"layers","diff_ids":["sha256:` +
		`0000000000000000000000000000000000000000000000000000000000000000"]}}`
	return ref, "", []byte(config), nil
}

var _ llb.ImageMetaResolver = &recorder{}

func askPolicy(q question) answer {
	used := make([]string, 0, len(q.Sources))
	for _, source := range q.Sources {
		op := &pb.SourceOp{Identifier: source}
		_, err := sourcepolicy.NewEngine([]*spb.Policy{q.Policy}).Evaluate(context.Background(), op)
		if errors.Is(err, sourcepolicy.ErrSourceDenied) {
			op.Identifier = ""
		} else if err != nil {
			return answer{Error: err.Error()}
		}
		used = append(used, op.Identifier)
	}
	return answer{Images: used}
}

func askExporter(q question) answer {
	known := make([]string, 0, len(q.Exporter))
	for _, key := range q.Exporter {
		switch exptypes.ImageExporterOptKey(key) {
		case exptypes.OptKeyName, exptypes.OptKeyPush, exptypes.OptKeyPushByDigest, exptypes.OptKeyNameCanonical:
			known = append(known, key)
		}
	}
	return answer{Images: known}
}

func ask(q question) answer {
	if q.Exporter != nil {
		return askExporter(q)
	}
	if q.Policy != nil {
		return askPolicy(q)
	}
	platform, err := platforms.Parse(q.Platform)
	if err != nil {
		return answer{Error: err.Error()}
	}
	seen := &recorder{seen: map[string]bool{}}
	if name, ok := frontend(q); ok {
		named, err := reference.ParseNormalizedNamed(name)
		if err != nil {
			return answer{Error: err.Error()}
		}
		seen.seen[reference.TagNameOnly(named).String()] = true
	}
	caps := pb.Caps.CapSet(pb.Caps.All())
	_, err = dockerfile2llb.Dockerfile2LLB(context.Background(), []byte(q.Text), dockerfile2llb.ConvertOpt{
		Config: dockerui.Config{
			BuildArgs:      q.BuildArgs,
			Target:         q.Target,
			BuildPlatforms: []ocispecs.Platform{platform},
		},
		TargetPlatform: &platform,
		MetaResolver:   seen,
		LLBCaps:        &caps,
	})
	if err != nil {
		return answer{Error: err.Error()}
	}
	images := make([]string, 0, len(seen.seen))
	for image := range seen.seen {
		images = append(images, image)
	}
	sort.Strings(images)
	return answer{Images: images}
}

func frontend(q question) (string, bool) {
	name, _, _, ok := parser.DetectSyntax([]byte(q.Text))
	return name, ok
}

func main() {
	in := bufio.NewReaderSize(os.Stdin, 1<<20)
	out := json.NewEncoder(os.Stdout)
	decoder := json.NewDecoder(in)
	for decoder.More() {
		var q question
		if err := decoder.Decode(&q); err != nil {
			panic(err)
		}
		if err := out.Encode(ask(q)); err != nil {
			panic(err)
		}
	}
}
