// containerd's own image verifier plugin "bindir": one question a line on standard input, as JSON, one answer a line. A question has the
// section of config.toml that sets the plugin up, a reference and a descriptor: may containerd pull the image, and why?
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"os"

	"github.com/containerd/containerd/v2/pkg/imageverifier/bindir"
	"github.com/opencontainers/image-spec/specs-go/v1"
	"github.com/pelletier/go-toml/v2"
)

type question struct {
	Config     string        `json:"config"`
	Name       string        `json:"name"`
	Descriptor v1.Descriptor `json:"descriptor"`
}

// OK and Reason are a judgement; Error stands for none, which ends the pull, too.
type answer struct {
	OK     bool   `json:"ok"`
	Reason string `json:"reason,omitempty"`
	Error  string `json:"error,omitempty"`
}

func ask(q question) answer {
	config := &bindir.Config{MaxVerifiers: 10}
	if err := toml.Unmarshal([]byte(q.Config), config); err != nil {
		panic(err)
	}
	judgement, err := bindir.NewImageVerifier(config).VerifyImage(context.Background(), q.Name, q.Descriptor)
	if err != nil {
		return answer{Error: err.Error()}
	}
	return answer{OK: judgement.OK, Reason: judgement.Reason}
}

func main() {
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
