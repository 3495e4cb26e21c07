// Which accounts the kubelet finds for an image among what its credential providers answer, and in which order it tries them: one question a line on
// standard input, as JSON, one answer a line. A provider is asked if one of its patterns fits the image.
package main

import (
	"bufio"
	"encoding/json"
	"os"

	"k8s.io/kubernetes/pkg/credentialprovider"
)

type provider struct {
	MatchImages []string                                        `json:"matchImages"`
	Auth        map[string]credentialprovider.DockerConfigEntry `json:"auth"`
}

type question struct {
	Providers []provider `json:"providers"`
	Images    []string   `json:"images"`
}

func fits(patterns []string, image string) bool {
	for _, pattern := range patterns {
		if matched, _ := credentialprovider.URLsMatchStr(pattern, image); matched {
			return true
		}
	}
	return false
}

// The names of the accounts, by image.
func ask(q question) map[string][]string {
	found := map[string][]string{}
	for _, image := range q.Images {
		keyring := &credentialprovider.BasicDockerKeyring{}
		for _, each := range q.Providers {
			if fits(each.MatchImages, image) {
				keyring.Add(nil, each.Auth)
			}
		}
		found[image] = []string{}
		accounts, _ := keyring.Lookup(image)
		for _, account := range accounts {
			found[image] = append(found[image], account.Username)
		}
	}
	return found
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
