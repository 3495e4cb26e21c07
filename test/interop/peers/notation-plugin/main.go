// A plugin of notation in Go, upon the project's own framework for plugins: how plugins in the field look from outside.
//
// Called notation-framework-raw it makes raw signatures, called notation-framework-envelope it makes whole envelopes, both
// with keys in files: PLUGIN_KEYS/<key id>.key (PKCS #8) and .crt (leaf first).
package main

import (
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/notaryproject/notation-core-go/signature"
	_ "github.com/notaryproject/notation-core-go/signature/cose"
	_ "github.com/notaryproject/notation-core-go/signature/jws"
	"github.com/notaryproject/notation-plugin-framework-go/cli"
	"github.com/notaryproject/notation-plugin-framework-go/plugin"
)

func main() {
	program, err := cli.New(files{name: strings.TrimPrefix(filepath.Base(os.Args[0]), "notation-")})
	if err != nil {
		panic(err)
	}
	program.Execute(context.Background(), os.Args)
}

type files struct{ name string }

func (p files) GetMetadata(context.Context, *plugin.GetMetadataRequest) (*plugin.GetMetadataResponse, error) {
	capability := plugin.CapabilitySignatureGenerator
	if strings.HasSuffix(p.name, "-envelope") {
		capability = plugin.CapabilityEnvelopeGenerator
	}
	return &plugin.GetMetadataResponse{
		Name:                      p.name,
		Description:               "Signs with keys in files",
		Version:                   "1.0.0",
		URL:                       "https://wabbit-networks.io",
		SupportedContractVersions: []string{plugin.ContractVersion},
		Capabilities:              []plugin.Capability{capability},
	}, nil
}

func (p files) DescribeKey(_ context.Context, request *plugin.DescribeKeyRequest) (*plugin.DescribeKeyResponse, error) {
	found, err := open(request.KeyID, request.PluginConfig)
	if err != nil {
		return nil, err
	}
	return &plugin.DescribeKeyResponse{KeyID: request.KeyID, KeySpec: found.spec}, nil
}

func (p files) GenerateSignature(_ context.Context, request *plugin.GenerateSignatureRequest) (*plugin.GenerateSignatureResponse, error) {
	found, err := open(request.KeyID, request.PluginConfig)
	if err != nil {
		return nil, err
	}
	signed, err := found.sign(request.Payload, request.PluginConfig["encoding"] == "der")
	if err != nil {
		return nil, plugin.NewGenericError(err.Error())
	}
	response := &plugin.GenerateSignatureResponse{KeyID: request.KeyID, Signature: signed, SigningAlgorithm: found.algorithm}
	for _, certificate := range found.chain {
		response.CertificateChain = append(response.CertificateChain, certificate.Raw)
	}
	return response, nil
}

func (p files) GenerateEnvelope(_ context.Context, request *plugin.GenerateEnvelopeRequest) (*plugin.GenerateEnvelopeResponse, error) {
	found, err := open(request.KeyID, request.PluginConfig)
	if err != nil {
		return nil, err
	}
	signer, err := signature.NewLocalSigner(found.chain, found.key)
	if err != nil {
		return nil, plugin.NewValidationError(err.Error())
	}
	envelope, err := signature.NewEnvelope(request.SignatureEnvelopeType)
	if err != nil {
		return nil, plugin.NewUnsupportedError(request.SignatureEnvelopeType)
	}
	now := time.Now()
	asked := &signature.SignRequest{
		Payload:       signature.Payload{ContentType: request.PayloadType, Content: request.Payload},
		Signer:        signer,
		SigningTime:   now,
		SigningScheme: signature.SigningSchemeX509,
		SigningAgent:  "notation-" + p.name,
	}
	if request.ExpiryDurationInSeconds > 0 {
		asked.Expiry = now.Add(time.Duration(request.ExpiryDurationInSeconds) * time.Second)
	}
	signed, err := envelope.Sign(asked)
	if err != nil {
		return nil, plugin.NewGenericError(err.Error())
	}
	return &plugin.GenerateEnvelopeResponse{
		SignatureEnvelope:     signed,
		SignatureEnvelopeType: request.SignatureEnvelopeType,
		Annotations:           map[string]string{"io.wabbit-networks.plugin": p.name},
	}, nil
}

func (p files) VerifySignature(context.Context, *plugin.VerifySignatureRequest) (*plugin.VerifySignatureResponse, error) {
	return nil, plugin.NewUnsupportedError("verify-signature")
}

type key struct {
	key       crypto.PrivateKey
	chain     []*x509.Certificate
	spec      plugin.KeySpec
	algorithm plugin.SignatureAlgorithm
	hash      crypto.Hash
}

// open reads a key and its chain; the member "fail" of the configuration is the code of the error that it gives instead.
func open(id string, config map[string]string) (*key, error) {
	if code, ok := config["fail"]; ok {
		return nil, plugin.NewError(plugin.ErrorCode(code), "asked to fail, "+config["secret"])
	}
	base := filepath.Join(os.Getenv("PLUGIN_KEYS"), filepath.Base(id))
	blocks, err := decode(base + ".key")
	if err != nil {
		return nil, plugin.NewValidationErrorf("there is no key %s", id)
	}
	private, err := x509.ParsePKCS8PrivateKey(blocks[0])
	if err != nil {
		return nil, plugin.NewValidationError(err.Error())
	}
	found := &key{key: private}
	blocks, err = decode(base + ".crt")
	if err != nil {
		return nil, plugin.NewValidationErrorf("the key %s has no chain", id)
	}
	for _, block := range blocks {
		certificate, err := x509.ParseCertificate(block)
		if err != nil {
			return nil, plugin.NewValidationError(err.Error())
		}
		found.chain = append(found.chain, certificate)
	}
	return found, found.describe()
}

func decode(path string) ([][]byte, error) {
	rest, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	var blocks [][]byte
	for block, rest := pem.Decode(rest); block != nil; block, rest = pem.Decode(rest) {
		blocks = append(blocks, block.Bytes)
	}
	if len(blocks) == 0 {
		return nil, fmt.Errorf("%s is empty", path)
	}
	return blocks, nil
}

func (k *key) describe() error {
	bits, rsaKey := 0, false
	switch public := k.chain[0].PublicKey.(type) {
	case *rsa.PublicKey:
		bits, rsaKey = public.N.BitLen(), true
	case *ecdsa.PublicKey:
		bits = public.Params().BitSize
	}
	switch {
	case rsaKey && bits == 2048:
		k.spec, k.algorithm, k.hash = plugin.KeySpecRSA2048, plugin.SignatureAlgorithmRSASSA_PSS_SHA256, crypto.SHA256
	case rsaKey && bits == 3072:
		k.spec, k.algorithm, k.hash = plugin.KeySpecRSA3072, plugin.SignatureAlgorithmRSASSA_PSS_SHA384, crypto.SHA384
	case rsaKey && bits == 4096:
		k.spec, k.algorithm, k.hash = plugin.KeySpecRSA4096, plugin.SignatureAlgorithmRSASSA_PSS_SHA512, crypto.SHA512
	case bits == 256:
		k.spec, k.algorithm, k.hash = plugin.KeySpecEC256, plugin.SignatureAlgorithmECDSA_SHA256, crypto.SHA256
	case bits == 384:
		k.spec, k.algorithm, k.hash = plugin.KeySpecEC384, plugin.SignatureAlgorithmECDSA_SHA384, crypto.SHA384
	case bits == 521:
		k.spec, k.algorithm, k.hash = plugin.KeySpecEC521, plugin.SignatureAlgorithmECDSA_SHA512, crypto.SHA512
	default:
		return plugin.NewUnsupportedError("a key of this kind")
	}
	return nil
}

func (k *key) sign(payload []byte, der bool) ([]byte, error) {
	hasher := k.hash.New()
	hasher.Write(payload)
	digest := hasher.Sum(nil)
	switch private := k.key.(type) {
	case *rsa.PrivateKey:
		options := &rsa.PSSOptions{SaltLength: rsa.PSSSaltLengthEqualsHash, Hash: k.hash}
		return rsa.SignPSS(rand.Reader, private, k.hash, digest, options)
	case *ecdsa.PrivateKey:
		if der {
			return ecdsa.SignASN1(rand.Reader, private, digest)
		}
		r, s, err := ecdsa.Sign(rand.Reader, private, digest)
		if err != nil {
			return nil, err
		}
		size := (private.Params().BitSize + 7) / 8
		raw := make([]byte, 2*size)
		r.FillBytes(raw[:size])
		s.FillBytes(raw[size:])
		return raw, nil
	}
	return nil, fmt.Errorf("a key of this kind does not sign")
}
