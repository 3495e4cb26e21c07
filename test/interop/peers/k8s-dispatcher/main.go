// Command k8s-dispatcher runs the webhook dispatchers of the Kubernetes API server against a webhook, without etcd.
//
// It loads the webhook configurations of a manifest, sends their calls to -server, and answers each request of standard
// input (one JSON object a line) with what the API server would have done: the mutating plug-in first, then the validating.
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"net/url"
	"os"
	"reflect"
	"slices"
	"strings"
	"sync"
	"time"

	registration "k8s.io/api/admissionregistration/v1"
	core "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metaaccess "k8s.io/apimachinery/pkg/api/meta"
	meta "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	strictjson "k8s.io/apimachinery/pkg/runtime/serializer/json"
	utilyaml "k8s.io/apimachinery/pkg/util/yaml"
	"k8s.io/apiserver/pkg/admission"
	"k8s.io/apiserver/pkg/admission/plugin/webhook/generic"
	"k8s.io/apiserver/pkg/admission/plugin/webhook/mutating"
	"k8s.io/apiserver/pkg/admission/plugin/webhook/validating"
	"k8s.io/apiserver/pkg/authentication/user"
	"k8s.io/apiserver/pkg/warning"
	"k8s.io/client-go/informers"
	"k8s.io/client-go/kubernetes/fake"
	"k8s.io/client-go/kubernetes/scheme"
	"sigs.k8s.io/yaml"
)

type request struct {
	Operation   string          `json:"operation"`
	Namespace   string          `json:"namespace"`
	Name        string          `json:"name"`
	APIVersion  string          `json:"apiVersion"`
	Kind        string          `json:"kind"`
	Resource    string          `json:"resource"`
	SubResource string          `json:"subResource"`
	Object      json.RawMessage `json:"object"`
	OldObject   json.RawMessage `json:"oldObject"`
	DryRun      bool            `json:"dryRun"`
}

type answer struct {
	Allowed     bool              `json:"allowed"`
	Code        int32             `json:"code,omitempty"`
	Reason      string            `json:"reason,omitempty"`
	Message     string            `json:"message,omitempty"`
	Object      any               `json:"object,omitempty"`
	Warnings    []string          `json:"warnings,omitempty"`
	Annotations map[string]string `json:"annotations,omitempty"`
	Millis      int64             `json:"millis"`
}

var (
	manifest   = flag.String("manifest", "", "YAML file with the webhook configurations")
	server     = flag.String("server", "", "https URL of the webhook server; stands for every service")
	caFile     = flag.String("ca", "", "PEM file with the authority of the server's certificate")
	timeout    = flag.Int("timeout", 0, "seconds; replaces timeoutSeconds")
	ignore     = flag.Bool("ignore", false, "replaces failurePolicy by Ignore")
	only       = flag.String("only", "", "mutating or validating; default both")
	namespaces = flag.String("namespaces", "default,kube-system", "namespaces that exist")
	strict     = flag.Bool("decode", false, "instead: decode each YAML document of standard input strictly into its type of k8s.io/api, and print their names")
	images     = flag.Bool("images", false, "instead: print where the kinds of the API have strings that are called after an image")
)

func main() {
	flag.Parse()
	if err := run(context.Background()); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(ctx context.Context) error {
	if *images {
		return json.NewEncoder(os.Stdout).Encode(imagePlaces())
	}
	if *strict {
		decoded, err := decodeAll(os.Stdin)
		if err != nil {
			return err
		}
		return json.NewEncoder(os.Stdout).Encode(decoded)
	}
	plugins, err := start(ctx)
	if err != nil {
		return err
	}
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(nil, 16<<20)
	out := json.NewEncoder(os.Stdout)
	for lines.Scan() {
		reply, err := plugins.decide(ctx, lines.Bytes())
		if err != nil {
			return err
		}
		if err := out.Encode(reply); err != nil {
			return err
		}
	}
	return lines.Err()
}

// decodeAll gives each document as apiVersion/kind/name. A member that the type does not have, a member that appears twice and a kind
// that k8s.io/api does not have are errors.
func decodeAll(in io.Reader) ([]string, error) {
	options := strictjson.SerializerOptions{Yaml: true, Strict: true}
	serializer := strictjson.NewSerializerWithOptions(strictjson.DefaultMetaFactory, scheme.Scheme, scheme.Scheme, options)
	documents := utilyaml.NewYAMLReader(bufio.NewReader(in))
	var decoded []string
	for {
		document, err := documents.Read()
		if errors.Is(err, io.EOF) {
			return decoded, nil
		}
		if err != nil {
			return nil, err
		}
		object, kind, err := serializer.Decode(document, nil, nil)
		if err != nil {
			return nil, fmt.Errorf("document %d: %w", len(decoded)+1, err)
		}
		accessor, err := metaaccess.Accessor(object)
		if err != nil {
			return nil, err
		}
		name := accessor.GetName() + accessor.GetGenerateName()
		decoded = append(decoded, kind.GroupVersion().String()+"/"+kind.Kind+"/"+name)
	}
}

// imagePlaces gives for every kind, as group/kind, the JSON pointers of the strings that are called after an image in one of its
// versions; "*" stands for every item.
func imagePlaces() map[string][]string {
	places := map[string][]string{}
	for kind, object := range scheme.Scheme.AllKnownTypes() {
		if kind.Version == runtime.APIVersionInternal || strings.HasSuffix(kind.Kind, "List") {
			continue
		}
		name := kind.Group + "/" + kind.Kind
		walk(object, "", nil, func(pointer string) {
			if strings.Contains(strings.ToLower(pointer), "image") && !slices.Contains(places[name], pointer) {
				places[name] = append(places[name], pointer)
			}
		})
		slices.Sort(places[name])
	}
	return places
}

func walk(object reflect.Type, pointer string, above []reflect.Type, found func(string)) {
	switch object.Kind() {
	case reflect.Pointer:
		walk(object.Elem(), pointer, above, found)
	case reflect.Slice, reflect.Array, reflect.Map:
		walk(object.Elem(), pointer+"/*", above, found)
	case reflect.String:
		found(pointer)
	case reflect.Struct:
		if slices.Contains(above, object) {
			return
		}
		for i := range object.NumField() {
			field := object.Field(i)
			name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
			if name == "-" || !field.IsExported() {
				continue
			}
			if name != "" {
				name = "/" + name
			}
			walk(field.Type, pointer+name, append(slices.Clone(above), object), found)
		}
	}
}

type plugins struct {
	mutate   *mutating.Plugin
	validate *validating.Plugin
	objects  admission.ObjectInterfaces
}

func start(ctx context.Context) (*plugins, error) {
	objects, err := load()
	if err != nil {
		return nil, err
	}
	for _, name := range strings.Split(*namespaces, ",") {
		labels := map[string]string{"kubernetes.io/metadata.name": name}
		objects = append(objects, &core.Namespace{ObjectMeta: meta.ObjectMeta{Name: name, Labels: labels}})
	}
	client := fake.NewSimpleClientset(objects...)
	factory := informers.NewSharedInformerFactory(client, 0)
	mutate, err := mutating.NewMutatingWebhook(nil)
	if err != nil {
		return nil, err
	}
	validate, err := validating.NewValidatingAdmissionWebhook(nil)
	if err != nil {
		return nil, err
	}
	target, err := url.Parse(*server)
	if err != nil {
		return nil, err
	}
	for _, hook := range []*generic.Webhook{mutate.Webhook, validate.Webhook} {
		hook.SetServiceResolver(resolver{target})
		hook.SetExternalKubeClientSet(client)
		hook.SetExternalKubeInformerFactory(factory)
	}
	factory.Start(ctx.Done())
	factory.WaitForCacheSync(ctx.Done())
	if err := errors.Join(mutate.ValidateInitialization(), validate.ValidateInitialization()); err != nil {
		return nil, err
	}
	return &plugins{mutate, validate, admission.NewObjectInterfacesFromScheme(scheme.Scheme)}, nil
}

// resolver sends every service to the server under test; the name that its certificate must carry stays the service's.
type resolver struct{ target *url.URL }

func (r resolver) ResolveEndpoint(_, _ string, _ int32) (*url.URL, error) {
	copied := *r.target
	return &copied, nil
}

func load() ([]runtime.Object, error) {
	text, err := os.ReadFile(*manifest)
	if err != nil {
		return nil, err
	}
	ca, err := os.ReadFile(*caFile)
	if err != nil {
		return nil, err
	}
	var objects []runtime.Object
	for _, document := range strings.Split(string(text), "\n---") {
		var kind meta.TypeMeta
		if err := yaml.Unmarshal([]byte(document), &kind); err != nil {
			return nil, err
		}
		switch kind.Kind {
		case "MutatingWebhookConfiguration":
			var config registration.MutatingWebhookConfiguration
			if err := yaml.UnmarshalStrict([]byte(document), &config); err != nil {
				return nil, err
			}
			for i := range config.Webhooks {
				hook := &config.Webhooks[i]
				defaults(&hook.NamespaceSelector, &hook.ObjectSelector)
				adjust(&hook.ClientConfig, &hook.TimeoutSeconds, &hook.FailurePolicy, ca)
			}
			objects = append(objects, &config)
		case "ValidatingWebhookConfiguration":
			var config registration.ValidatingWebhookConfiguration
			if err := yaml.UnmarshalStrict([]byte(document), &config); err != nil {
				return nil, err
			}
			for i := range config.Webhooks {
				hook := &config.Webhooks[i]
				defaults(&hook.NamespaceSelector, &hook.ObjectSelector)
				adjust(&hook.ClientConfig, &hook.TimeoutSeconds, &hook.FailurePolicy, ca)
			}
			objects = append(objects, &config)
		}
	}
	if len(objects) != 2 {
		return nil, fmt.Errorf("expected a mutating and a validating configuration in %s, found %d", *manifest, len(objects))
	}
	return objects, nil
}

// defaults does what the API server does when it stores a configuration: a selector that is left out selects everything.
func defaults(selectors ...**meta.LabelSelector) {
	for _, selector := range selectors {
		if *selector == nil {
			*selector = &meta.LabelSelector{}
		}
	}
}

func adjust(client *registration.WebhookClientConfig, seconds **int32, policy **registration.FailurePolicyType, ca []byte) {
	client.CABundle = ca
	if *timeout > 0 {
		value := int32(*timeout)
		*seconds = &value
	}
	if *ignore {
		value := registration.Ignore
		*policy = &value
	}
}

func (p *plugins) decide(ctx context.Context, line []byte) (*answer, error) {
	var asked request
	if err := json.Unmarshal(line, &asked); err != nil {
		return nil, err
	}
	attributes, err := attributesOf(asked)
	if err != nil {
		return nil, err
	}
	recorder := &warnings{}
	ctx = warning.WithWarningRecorder(ctx, recorder)
	begin := time.Now()
	if *only != "validating" {
		err = p.mutate.Admit(ctx, attributes, p.objects)
	}
	if err == nil && *only != "mutating" {
		err = p.validate.Validate(ctx, attributes, p.objects)
	}
	reply := &answer{Allowed: err == nil, Warnings: recorder.texts, Annotations: attributes.annotations, Millis: time.Since(begin).Milliseconds()}
	if err == nil {
		reply.Object = attributes.GetObject()
		return reply, nil
	}
	reply.Message = err.Error()
	var status apierrors.APIStatus
	if errors.As(err, &status) {
		reply.Code, reply.Reason = status.Status().Code, string(status.Status().Reason)
	}
	return reply, nil
}

// attributes keeps the audit annotations that the plug-ins add.
type attributes struct {
	admission.Attributes
	mutex       sync.Mutex
	annotations map[string]string
}

func (a *attributes) AddAnnotation(key, value string) error {
	a.mutex.Lock()
	defer a.mutex.Unlock()
	a.annotations[key] = value
	return nil
}

func attributesOf(asked request) (*attributes, error) {
	version, err := schema.ParseGroupVersion(asked.APIVersion)
	if err != nil {
		return nil, err
	}
	object, err := decode(asked.Object)
	if err != nil {
		return nil, err
	}
	old, err := decode(asked.OldObject)
	if err != nil {
		return nil, err
	}
	operation, options := admission.Operation(asked.Operation), runtime.Object(&meta.CreateOptions{})
	if operation == admission.Update {
		options = &meta.UpdateOptions{}
	}
	record := admission.NewAttributesRecord(object, old, version.WithKind(asked.Kind), asked.Namespace, asked.Name,
		version.WithResource(asked.Resource), asked.SubResource, operation, options, asked.DryRun, &user.DefaultInfo{Name: "dispatcher"})
	return &attributes{Attributes: record, annotations: map[string]string{}}, nil
}

// decode reads an object strictly as its Go type: a field that the API does not know is an error.
func decode(text json.RawMessage) (runtime.Object, error) {
	if len(text) == 0 || string(text) == "null" {
		return nil, nil
	}
	object, _, err := scheme.Codecs.UniversalDeserializer().Decode(text, nil, nil)
	return object, err
}

type warnings struct {
	mutex sync.Mutex
	texts []string
}

func (w *warnings) AddWarning(_, text string) {
	w.mutex.Lock()
	defer w.mutex.Unlock()
	w.texts = append(w.texts, text)
}
