// What Go programs read from configurations of mirrors: one question a line on standard input, as JSON, one answer a line. A question has
// "registries" (a registries.conf and a repository: from where podman pulls a digest of it) or "hosts" (a hosts.toml and a repository:
// which hosts containerd asks for a digest of it).
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path"
	"path/filepath"

	"github.com/containerd/containerd/v2/core/remotes/docker"
	"github.com/containerd/containerd/v2/core/remotes/docker/config"
	"go.podman.io/image/v5/docker/reference"
	"go.podman.io/image/v5/pkg/sysregistriesv2"
	"go.podman.io/image/v5/types"
)

type question struct {
	Registries *fileQuestion `json:"registries"`
	Hosts      *fileQuestion `json:"hosts"`
}

type fileQuestion struct {
	Text string `json:"text"`
	Name string `json:"name"`
	// Further files by name: drop-in files of podman, folders of containerd.
	Files map[string]string `json:"files"`
}

type place struct {
	// host/path of a repository, as requests name it.
	Name      string `json:"name"`
	Insecure  bool   `json:"insecure,omitempty"`
	Scheme    string `json:"scheme,omitempty"`
	Upstream  string `json:"upstream,omitempty"`
	Pull      bool   `json:"pull"`
	Referrers bool   `json:"referrers,omitempty"`
}

type answer struct {
	Places  []place `json:"places"`
	Blocked bool    `json:"blocked,omitempty"`
	Error   string  `json:"error,omitempty"`
}

const digest = "@sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

func write(folder string, files map[string]string) error {
	for name, text := range files {
		file := filepath.Join(folder, name)
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			return err
		}
	}
	return nil
}

func askRegistries(q *fileQuestion, folder string) (answer, error) {
	main, dropIns := filepath.Join(folder, "registries.conf"), filepath.Join(folder, "registries.conf.d")
	if err := os.WriteFile(main, []byte(q.Text), 0o600); err != nil {
		return answer{}, err
	}
	if err := write(dropIns, q.Files); err != nil {
		return answer{}, err
	}
	system := &types.SystemContext{SystemRegistriesConfPath: main, SystemRegistriesConfDirPath: dropIns}
	sysregistriesv2.InvalidateCache()
	named, err := reference.ParseNormalizedNamed(q.Name + digest)
	if err != nil {
		return answer{}, err
	}
	registry, err := sysregistriesv2.FindRegistry(system, named.Name())
	if err != nil {
		return answer{}, err
	}
	if registry == nil {
		return answer{Places: []place{{Name: named.Name(), Pull: true}}}, nil
	}
	if registry.Blocked {
		return answer{Blocked: true}, nil
	}
	sources, err := registry.PullSourcesFromReference(named)
	if err != nil {
		return answer{}, err
	}
	found := answer{}
	for _, source := range sources {
		found.Places = append(found.Places, place{Name: source.Reference.Name(), Insecure: source.Endpoint.Insecure, Upstream: source.Endpoint.NamespaceProxy, Pull: true})
	}
	return found, nil
}

func askHosts(q *fileQuestion, folder string) (answer, error) {
	root := filepath.Join(folder, "certs.d")
	files := map[string]string{"_default/hosts.toml": q.Text}
	if len(q.Files) > 0 {
		files = q.Files
	}
	if err := write(root, files); err != nil {
		return answer{}, err
	}
	named, err := reference.ParseNormalizedNamed(q.Name)
	if err != nil {
		return answer{}, err
	}
	host := reference.Domain(named)
	hosts, err := config.ConfigureHosts(context.Background(), config.HostOptions{HostDir: config.HostDirFromRoot(root)})(host)
	if err != nil {
		return answer{}, err
	}
	found := answer{}
	for _, each := range hosts {
		upstream := ""
		if each.Host != host && !(host == "docker.io" && each.Host == "registry-1.docker.io") {
			upstream = host
		}
		found.Places = append(found.Places, place{
			Name:      each.Host + path.Join("/", each.Path, reference.Path(named)),
			Scheme:    each.Scheme,
			Upstream:  upstream,
			Pull:      each.Capabilities.Has(docker.HostCapabilityPull),
			Referrers: each.Capabilities.Has(docker.HostCapabilityReferrers),
		})
	}
	return found, nil
}

func ask(q question) answer {
	folder, err := os.MkdirTemp("", "go-mirrors-")
	if err != nil {
		panic(err)
	}
	defer os.RemoveAll(folder)
	var found answer
	switch {
	case q.Registries != nil:
		found, err = askRegistries(q.Registries, folder)
	case q.Hosts != nil:
		found, err = askHosts(q.Hosts, folder)
	default:
		err = fmt.Errorf("no question")
	}
	if err != nil {
		return answer{Error: err.Error()}
	}
	return found
}

func main() {
	// Nothing of this machine is read.
	for _, name := range []string{"HOME", "XDG_CONFIG_HOME", "XDG_RUNTIME_DIR"} {
		os.Setenv(name, filepath.Join(os.TempDir(), "go-mirrors-none"))
	}
	decoder := json.NewDecoder(bufio.NewReaderSize(os.Stdin, 1<<20))
	out := json.NewEncoder(os.Stdout)
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
