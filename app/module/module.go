// Package module is the contract between a module and its host. A module's init calls [Register]; importing it is all it
// takes to have it in the product.
package module

import (
	"context"
	"fmt"
	"io/fs"
	"net/http"
	"slices"
	"sort"
	"strings"

	"github.com/redis/go-redis/v9"
	"google.golang.org/grpc"
	"google.golang.org/protobuf/proto"

	khttp "github.com/go-kratos/kratos/v2/transport/http"

	modulev1 "gonghui/app/module/v1"
	"gonghui/media/object"
	"gonghui/tenant"
)

// Text is a wording in both languages of the product.
type Text struct{ Zh, En string }

// Info is all that the host must know of a module.
type Info struct {
	Name  string
	Title Text
	About Text
	Order int // modules are set up and listed by Order: a module may call only those before it
	// Core modules are on in every body and cannot be switched off. Preset ones are on from activation.
	Core, Preset bool
	// Backstage modules are no platform that a body would know of: they are not listed.
	Backstage bool

	Tenant fs.FS // folder migrate/: tables of every body that has the module on
	Shared fs.FS // folder shared/: tables in schema platform

	Capabilities []Capability
	Menu         []MenuEntry
	Columns      []Column
	Tabs         []Tab
	Metrics      []Metric
	// Sealed are the encrypted columns of tenant tables, for re-encryption after a rotation of keys.
	Sealed []Sealed

	New func(Host) (Service, error)
}

// Capability is an atom of rights.
type Capability struct {
	Name  string // "member.read"
	Title Text
	Roles []string // which of the built-in roles hold it
	// Level is the data level that using it takes: aggregate, masked or full; "" for one that shows no data of persons.
	Level string
	// Scope is what the form of a grant proposes: self, own, department, body, subtree or industrial; "" for body.
	Scope string
	// Parts are the scopes within a body to which its handlers cut what they show or change, by access.Filter: self, own,
	// department. Granted for another part, the capability is not held.
	Parts []string
	// Duty is whose it is alone once a body keeps its three administrators apart: system, security or audit; "" for business.
	Duty string
	// Sensitive marks what shows or carries off personal data.
	Sensitive bool
}

// HeldBy reports whether a built-in role holds the capability.
func (c *Capability) HeldBy(role string) bool { return slices.Contains(c.Roles, role) }

// Capability returns the module's capability of that name, or nil.
func (i *Info) Capability(name string) *Capability {
	for n := range i.Capabilities {
		if i.Capabilities[n].Name == name {
			return &i.Capabilities[n]
		}
	}
	return nil
}

// MenuEntry is a page of the console that the module brings.
type MenuEntry struct {
	Key, Path, Icon string
	Title           Text
	Capability      string // one of the module's own, or "session" for everybody who is signed in
	Order           int
	// Fixed entries cannot be hidden: without them nobody would find the way back.
	Fixed bool
}

// Column is a part of a first page that the module fills.
type Column struct {
	Key        string
	Place      string // home: the console's first page; portal: that of the members' app
	Path       string // the page behind it: an app that does not draw the column itself leads there
	Title      Text
	Capability string // as of a MenuEntry
	Order      int
}

// Tab is a page of the members' app that can stand in the row at its foot.
type Tab struct {
	Key, Path, Icon string // Path as in the app; Icon is one that the app draws
	Title           Text
	Capability      string // as of a MenuEntry
	Order           int
	// Preset tabs stand there until a body arranges the row. Fixed ones cannot be taken away.
	Preset, Fixed bool
}

// Metric is a figure that goes up the hierarchy.
type Metric struct {
	Name       string // "member.active"
	Title      Text
	Definition Text
	Unit       Text
	// Count is a query on the tenant's own tables that returns the true value, for the recount.
	Count string
	// PerBody, for a figure of the platform's own tables, returns body_id and the true value in the place of Count. A body
	// without a row has none.
	PerBody string
}

// Sealed names the encrypted columns of a table.
type Sealed struct {
	Table   string
	Columns []string
	Key     []string          // columns of the primary key; id when there are none
	Bound   map[string]string // what a column's texts are bound to, where that is not table.column
	Batch   int               // rows to take up at a time, where they are large; 500 when 0
}

// Service is a module at work.
type Service interface {
	Mount(Routes)
}

// Runner is a Service with background work: it runs until ctx ends.
type Runner interface {
	Run(ctx context.Context) error
}

// Worker is a Service that runs queued jobs, by the names under which its module queued them.
type Worker interface {
	Jobs() map[string]tenant.Job
}

// Recorder is the Service that records acts that were refused, after what they did was rolled back.
type Recorder interface {
	Refused(ctx context.Context, act tenant.Act)
}

// Dresser is the Service that knows how the app of a host looks.
type Dresser interface {
	// Look is how the host in the context is to look; a token of a preview shows the draft.
	Look(ctx context.Context, preview string) (proto.Message, error)
}

// Authenticator is the Service that knows who holds a session.
type Authenticator interface {
	// Authenticate returns who holds the token on this host: the host of a body (t), or the supervision host (t is nil).
	// A nil subject means nobody.
	Authenticate(ctx context.Context, token string, t *tenant.Tenant) (*tenant.Subject, error)
}

// Cookie is the name of the session cookie. The prefix binds it to one host, path / and a secure context (RFC 6265bis).
const Cookie = "__Host-gonghui"

// Acting reports whether a token is that of an application that acts by itself: it has a dot, which no session's has.
func Acting(token string) bool { return strings.Contains(token, ".") }

// Handler answers a route that is no RPC. An error is answered as those of RPCs are.
type Handler func(http.ResponseWriter, *http.Request) error

// Answers is a handler that answers by itself, whatever happens.
func Answers(h http.HandlerFunc) Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		h(w, r)
		return nil
	}
}

// Routes takes up what a module serves. Each service is registered for gRPC and for HTTP.
type Routes interface {
	grpc.ServiceRegistrar
	HTTP() *khttp.Server
	// Handle registers a route that is no RPC. The error that h returns before it has written anything is what the caller sees.
	Handle(method, path, capability string, realm modulev1.Realm, h Handler)
	// Open is Handle for a route that pages of other sites may call. It must go by what is in the request alone: a browser sends
	// the cookie of the session whoever asks.
	Open(method, path, capability string, realm modulev1.Realm, h Handler)
	// Unseen is Handle for a route that must not be told who calls it, and of which nothing is kept: neither session nor source, browser,
	// idempotency key or request id reach h; it is not logged, measured or recorded. It is open to strangers and goes by what is in the
	// body alone. Its path has no variables.
	Unseen(method, path string, realm modulev1.Realm, h Handler)
	// Transfer registers a route of files: a body of up to most bytes, and an answer that may take minutes. The error that h
	// returns before it has written anything is what the caller sees. A path with a body has no variables.
	Transfer(method, path, capability string, realm modulev1.Realm, most int64, h Handler)
}

// Host is what a module gets from the process it runs in.
type Host interface {
	DB() *tenant.DB
	// Conn calls another module through the same generated client, in process or across the network.
	Conn(module string) grpc.ClientConnInterface
	Keys() Keys
	// Base is the domain under which every body has its host, with the port: "gonghui.localhost:8080".
	Base() string
	// Scheme is http or https.
	Scheme() string
	// Redis holds what may be lost: counters of failures, copies for speed.
	Redis() redis.UniversalClient
	// Demo reports whether this is a demo system, where accounts are published.
	Demo() bool
	// SMS sends text messages to phones; nil when nothing is set up for it.
	SMS() Messenger
	// Files keeps files: a bucket, or a folder.
	Files() object.Store
	// LAN is the port of a demo system for phones in the same network; nil when there is none.
	LAN() *LAN
	// Signer is the socket of the process that holds the signing keys of apps.
	Signer() string
	// Web asks the product itself as a visitor would, whichever of its hosts the address names, wherever that host leads.
	Web() *http.Client
}

// LAN is a port on which phones reach a demo system without a name of its own.
type LAN struct {
	Origin    string // "https://192.168.1.5:8443"
	Entry     string // the path before the code of a body that leads to it: "/t/"
	Authority []byte // certificate in DER of the authority that phones must trust, for packages on trial
}

// Messenger sends text messages to phones.
type Messenger interface {
	// Send hands a message to whoever delivers it. template names the wording, params fill it in.
	Send(ctx context.Context, phone, template string, params map[string]string) error
}

// Keys seals personal data.
type Keys interface {
	// Seal encrypts a text; where names the column, and is bound to it.
	Seal(where, plain string) string
	// Open decrypts what Seal made, with whichever key it was made.
	Open(where, sealed string) (string, error)
	// Digest is a keyed digest, equal for equal texts.
	Digest(purpose, plain string) string
	// Current reports whether sealed was made with the key in use.
	Current(sealed string) bool
}

var registered = map[string]*Info{}

// Register adds a module to the product. A second one of the same name panics.
func Register(info Info) {
	if _, twice := registered[info.Name]; twice {
		panic(fmt.Sprintf("module %s is registered twice", info.Name))
	}
	registered[info.Name] = &info
}

// All returns the modules of the product in their order.
func All() []*Info {
	all := make([]*Info, 0, len(registered))
	for _, info := range registered {
		all = append(all, info)
	}
	sort.Slice(all, func(i, j int) bool { return all[i].Order < all[j].Order })
	return all
}

// Named returns a module by name, or nil.
func Named(name string) *Info { return registered[name] }
