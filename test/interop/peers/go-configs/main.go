// What Go programs read from borrowed configuration: one question a line on standard input, as JSON, one answer a line. A question
// has "proxy" (an environment and a URL: which proxy has Go's net/http for it), "docker" (a config.json and a host: which account
// has docker for it) or "podman" (an auth.json and an image: which account has podman for it).
package main

import (
	"bufio"
	"encoding/base64"
	"encoding/json"

	"net/url"
	"os"
	"path/filepath"
	"strings"

	"github.com/docker/cli/cli/config/configfile"
	"go.podman.io/image/v5/docker/reference"
	podman "go.podman.io/image/v5/pkg/docker/config"
	"go.podman.io/image/v5/types"
	"golang.org/x/net/http/httpproxy"
)

type question struct {
	Proxy  *proxyQuestion `json:"proxy"`
	Docker *fileQuestion  `json:"docker"`
	Podman *fileQuestion  `json:"podman"`
}

type proxyQuestion struct {
	Env map[string]string `json:"env"`
	URL string            `json:"url"`
}

type fileQuestion struct {
	Text string `json:"text"`
	Name string `json:"name"`
}

type answer struct {
	Proxy         string `json:"proxy,omitempty"`
	Authorization string `json:"authorization,omitempty"`
	Username      string `json:"username,omitempty"`
	Password      string `json:"password,omitempty"`
	Identity      string `json:"identity,omitempty"`
	Token         string `json:"token,omitempty"`
	Error         string `json:"error,omitempty"`
}

var variables = []string{"HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy", "NO_PROXY", "no_proxy", "REQUEST_METHOD"}

func askProxy(q *proxyQuestion) (answer, error) {
	for _, name := range variables {
		os.Unsetenv(name)
		if value, ok := q.Env[name]; ok {
			os.Setenv(name, value)
		}
	}
	target, err := url.Parse(q.URL)
	if err != nil {
		return answer{}, err
	}
	proxy, err := httpproxy.FromEnvironment().ProxyFunc()(target)
	if err != nil || proxy == nil {
		return answer{}, err
	}
	found := answer{Proxy: proxy.String()}
	if proxy.User != nil {
		// What net/http sends.
		password, _ := proxy.User.Password()
		found.Authorization = "Basic " + base64.StdEncoding.EncodeToString([]byte(proxy.User.Username()+":"+password))
	}
	return found, nil
}

func askDocker(q *fileQuestion) (answer, error) {
	file := configfile.New("")
	if err := file.LoadFromReader(strings.NewReader(q.Text)); err != nil {
		return answer{}, err
	}
	// The files only: no helper is started here.
	file.CredentialsStore = ""
	file.CredentialHelpers = nil
	found, err := file.GetAuthConfig(q.Name)
	if err != nil {
		return answer{}, err
	}
	return answer{Username: found.Username, Password: found.Password, Identity: found.IdentityToken, Token: found.RegistryToken}, nil
}

func askPodman(q *fileQuestion, folder string) (answer, error) {
	path := filepath.Join(folder, "auth.json")
	if err := os.WriteFile(path, []byte(q.Text), 0o600); err != nil {
		return answer{}, err
	}
	system := &types.SystemContext{AuthFilePath: path, SystemRegistriesConfPath: os.DevNull, SystemRegistriesConfDirPath: folder + "/none"}
	named, err := reference.ParseNormalizedNamed(q.Name)
	if err != nil {
		return answer{}, err
	}
	found, err := podman.GetCredentialsForRef(system, named)
	return answer{Username: found.Username, Password: found.Password, Identity: found.IdentityToken}, err
}

func ask(q question, folder string) answer {
	var found answer
	var err error
	switch {
	case q.Proxy != nil:
		found, err = askProxy(q.Proxy)
	case q.Docker != nil:
		found, err = askDocker(q.Docker)
	case q.Podman != nil:
		found, err = askPodman(q.Podman, folder)
	}
	if err != nil {
		return answer{Error: err.Error()}
	}
	return found
}

func main() {
	folder, err := os.MkdirTemp("", "go-configs-")
	if err != nil {
		panic(err)
	}
	defer os.RemoveAll(folder)
	// Nothing of this machine is read.
	for _, name := range []string{"HOME", "XDG_RUNTIME_DIR", "XDG_CONFIG_HOME", "DOCKER_CONFIG"} {
		os.Setenv(name, filepath.Join(folder, "home"))
	}
	decoder := json.NewDecoder(bufio.NewReaderSize(os.Stdin, 1<<20))
	out := json.NewEncoder(os.Stdout)
	for decoder.More() {
		var q question
		if err := decoder.Decode(&q); err != nil {
			panic(err)
		}
		if err := out.Encode(ask(q, folder)); err != nil {
			panic(err)
		}
	}
}
