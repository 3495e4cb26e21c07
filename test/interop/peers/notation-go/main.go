// The peer of the differential run and of the trust benchmark: judges signature envelopes with notation-go.
//
// Without arguments it reads one case a line (JSON) from its input and writes one verdict a line. With "bench" it reads one
// case and the number of rounds, and writes how many microseconds a verification takes, cold and warm.
package main

import (
	"bufio"
	"context"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"strings"
	"time"

	"github.com/notaryproject/notation-core-go/revocation"
	"github.com/notaryproject/notation-core-go/revocation/crl"
	"github.com/notaryproject/notation-core-go/revocation/purpose"
	"github.com/notaryproject/notation-core-go/revocation/result"
	_ "github.com/notaryproject/notation-core-go/signature/cose"
	_ "github.com/notaryproject/notation-core-go/signature/jws"
	"github.com/notaryproject/notation-go"
	"github.com/notaryproject/notation-go/dir"
	"github.com/notaryproject/notation-go/verifier"
	"github.com/notaryproject/notation-go/verifier/trustpolicy"
	"github.com/notaryproject/notation-go/verifier/truststore"
	ocispec "github.com/opencontainers/image-spec/specs-go/v1"
)

// A Case is one signature under one policy. Bytes are base64.
type Case struct {
	Policy    json.RawMessage    `json:"policy"`
	Config    string             `json:"config"`
	Envelope  []byte             `json:"envelope"`
	MediaType string             `json:"mediaType"`
	Target    ocispec.Descriptor `json:"target"`
	Reference string             `json:"reference"`
	Metadata  map[string]string  `json:"metadata"`
	// Revocation is what the stubbed check says of each certificate: good, revoked, unavailable, notRevocable.
	Revocation []string `json:"revocation"`
	// Online, when positive, has the addresses in the certificates asked in place of the stub: milliseconds for each request.
	Online int `json:"online"`
	// Leaf is the certificate of the signer where it was changed: notation-go does not say why it cannot be read.
	Leaf   []byte `json:"leaf"`
	Rounds int    `json:"rounds"`
}

// A Verdict says whether the signature is accepted, which validations failed although they did not decide, and every reason.
type Verdict struct {
	Verdict string   `json:"verdict"`
	Failed  string   `json:"failed,omitempty"`
	Logged  []string `json:"logged"`
	Error   string   `json:"error,omitempty"`
}

type stub struct{ statuses []string }

var results = map[string]result.Result{
	"good": result.ResultOK, "revoked": result.ResultRevoked, "unavailable": result.ResultUnknown,
	"notRevocable": result.ResultNonRevokable,
}

func (s stub) ValidateContext(_ context.Context, options revocation.ValidateContextOptions) ([]*result.CertRevocationResult, error) {
	answers := make([]*result.CertRevocationResult, len(options.CertChain))
	for i := range answers {
		answer := result.ResultOK
		if i < len(s.statuses) {
			answer = results[s.statuses[i]]
		}
		answers[i] = &result.CertRevocationResult{Result: answer, ServerResults: []*result.ServerResult{{Result: answer}}}
	}
	return answers, nil
}

func newVerifier(c Case, said *[]string) (notation.Verifier, error) {
	var document trustpolicy.Document
	if err := json.Unmarshal(c.Policy, &document); err != nil {
		return nil, err
	}
	store := truststore.NewX509TrustStore(dir.NewSysFS(c.Config))
	options := verifier.VerifierOptions{
		RevocationCodeSigningValidator: stub{c.Revocation}, RevocationTimestampingValidator: stub{c.Revocation},
	}
	if c.Online > 0 {
		var err error
		if options, err = online(time.Duration(c.Online)*time.Millisecond, said); err != nil {
			return nil, err
		}
	}
	return verifier.NewWithOptions(&document, store, nil, options)
}

// A recorder notes why each source of a real check gave no answer, which the verdict does not say.
type recorder struct {
	revocation.Validator
	said *[]string
}

func (r recorder) ValidateContext(ctx context.Context, options revocation.ValidateContextOptions) ([]*result.CertRevocationResult, error) {
	answers, err := r.Validator.ValidateContext(ctx, options)
	for _, answer := range answers {
		for _, server := range answer.ServerResults {
			if server.Error != nil {
				*r.said = append(*r.said, server.Error.Error())
			}
		}
	}
	return answers, err
}

// online asks OCSP responders and CRL distribution points, as the program does, but remembers nothing.
func online(timeout time.Duration, said *[]string) (options verifier.VerifierOptions, err error) {
	client := &http.Client{Timeout: timeout}
	fetcher, err := crl.NewHTTPFetcher(client)
	if err != nil {
		return options, err
	}
	validator := func(use purpose.Purpose) (revocation.Validator, error) {
		real, err := revocation.NewWithOptions(revocation.Options{OCSPHTTPClient: client, CRLFetcher: fetcher, CertChainPurpose: use})
		return recorder{real, said}, err
	}
	if options.RevocationCodeSigningValidator, err = validator(purpose.CodeSigning); err != nil {
		return options, err
	}
	options.RevocationTimestampingValidator, err = validator(purpose.Timestamping)
	return options, err
}

func judge(v notation.Verifier, c Case) (*notation.VerificationOutcome, error) {
	return v.Verify(context.Background(), c.Target, c.Envelope, notation.VerifierVerifyOptions{
		ArtifactReference: c.Reference, SignatureMediaType: c.MediaType, UserMetadata: c.Metadata,
	})
}

func verdictOf(c Case) Verdict {
	said := []string{}
	v, err := newVerifier(c, &said)
	if err != nil {
		return Verdict{Verdict: "policy", Error: err.Error(), Logged: []string{}}
	}
	outcome, err := judge(v, c)
	verdict := Verdict{Verdict: "trusted", Logged: []string{}}
	var none notation.ErrorNoApplicableTrustPolicy
	if errors.As(err, &none) {
		return Verdict{Verdict: "noStatement", Error: err.Error(), Logged: []string{}}
	}
	if outcome != nil && outcome.VerificationLevel != nil && outcome.VerificationLevel.Name == "skip" {
		return Verdict{Verdict: "skipped", Logged: []string{}}
	}
	if err != nil {
		verdict = Verdict{Verdict: "refused", Failed: "other", Error: err.Error(), Logged: []string{}}
	}
	if _, unread := x509.ParseCertificate(c.Leaf); err != nil && len(c.Leaf) > 0 && unread != nil {
		verdict.Error += " | " + unread.Error()
	}
	if outcome == nil {
		return verdict
	}
	if len(said) > 0 && err != nil {
		verdict.Error += " | " + strings.Join(said, " | ")
	}
	for _, each := range outcome.VerificationResults {
		if each.Error == nil {
			continue
		}
		verdict.Error += " | " + each.Error.Error()
		if each.Action == trustpolicy.ActionEnforce {
			verdict.Failed = string(each.Type)
		} else {
			verdict.Logged = append(verdict.Logged, string(each.Type))
		}
	}
	return verdict
}

func read(line []byte) (c Case) {
	if err := json.Unmarshal(line, &c); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	}
	return c
}

func main() {
	input := bufio.NewReaderSize(os.Stdin, 1<<20)
	output := json.NewEncoder(os.Stdout)
	for {
		line, err := input.ReadBytes('\n')
		if len(line) > 1 {
			if len(os.Args) > 1 {
				bench(read(line), output)
			} else {
				_ = output.Encode(verdictOf(read(line)))
			}
		}
		if err != nil {
			return
		}
	}
}

// bench measures the first verification of a case, and then the best of several batches with everything loaded.
func bench(c Case, output *json.Encoder) {
	start := time.Now()
	v, err := newVerifier(c, &[]string{})
	if err == nil {
		_, err = judge(v, c)
	}
	cold := time.Since(start)
	best := time.Duration(0)
	for batch := 0; batch < 10; batch++ {
		start = time.Now()
		for i := 0; i < c.Rounds/10; i++ {
			_, _ = judge(v, c)
		}
		if took := time.Since(start) / time.Duration(c.Rounds/10); best == 0 || took < best {
			best = took
		}
	}
	_ = output.Encode(map[string]any{
		"cold": cold.Microseconds(), "warm": float64(best.Nanoseconds()) / 1000, "trusted": err == nil,
	})
}
