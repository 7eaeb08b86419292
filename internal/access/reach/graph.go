package reach

import (
	"slices"
	"strings"

	"jobzero/internal/access"
	"jobzero/internal/access/estate"
	"jobzero/internal/policy"
	"jobzero/internal/principal"
	"jobzero/internal/resource"
)

// Options are what is known beside the estate, and how much work one question may make.
type Options struct {
	Context policy.Keys // condition keys of every call
	Whole   bool        // and there is nothing else in them
	// Limit is how many decisions one question may take; 0: five million. An answer that was cut off by it says so.
	Limit int
}

// Graph is an estate as one gets through it. It is used by one goroutine at a time.
type Graph struct {
	e      *estate.Estate
	o      Options
	change *change // what is supposed to be otherwise; nil: nothing

	holders  []*estate.Holder // sorted by ARN
	place    map[string]int32 // in holders
	accounts []*account
	byID     map[string]*account
	members  []string // see ours
	// Roles of permission sets, in all accounts and in each.
	everySeat []int32
	seated    map[string][]int32
	doors     doors
	assets    []*estate.Asset // sorted by ARN
	sorts     []sort          // of assets
	types     []resource.Type
	classes   []string
	shared    shares // assets that may let others in
	probed    map[string][]probe
	usual     map[string]policy.Keys // of calls, by region

	kinds    map[string]*kin
	numbers  map[*policy.Document]int
	personal map[*policy.Document]bool
	asked    int
	all      *everything // edges of everybody, once they were asked for
}

// account is what stands in one account.
type account struct {
	id, partition string
	number        int32
	users, roles  []int32
	groups        []*estate.Holder
	trusting      map[string][]int32                // roles by the service that they trust
	saml          map[string][]int32                // roles by the provider that they trust
	machines      map[resource.Type][]*estate.Asset // what runs as a role, and what may come to
	blocks        map[resource.Type][]int32         // assets
	plain         bool                              // nothing of the organisation keeps its administrator from its users and roles
}

// New indexes an estate of which all is read.
func New(e *estate.Estate, o Options) *Graph {
	if o.Limit == 0 {
		o.Limit = 5_000_000
	}
	g := &Graph{
		e: e, o: o, byID: map[string]*account{}, kinds: map[string]*kin{}, numbers: map[*policy.Document]int{},
		personal: map[*policy.Document]bool{}, doors: newDoors(), probed: map[string][]probe{}, usual: map[string]policy.Keys{},
		seated: map[string][]int32{}, shared: shares{byARN: map[string][]int32{}, byAccount: map[string][]int32{}},
	}
	names := e.Holders()
	g.place = make(map[string]int32, len(names))
	for i, arn := range names {
		h, _ := e.Holder(arn)
		g.holders = append(g.holders, h)
		g.place[arn] = int32(i)
		a := g.account(h.Account, arn)
		if isRole(arn) {
			a.roles = append(a.roles, int32(i))
		} else {
			a.users = append(a.users, int32(i))
		}
	}
	for _, group := range e.Groups() {
		a := g.account(group.Account, group.ARN)
		a.groups = append(a.groups, group)
	}
	for i := range g.holders {
		g.index(int32(i))
		g.seat(int32(i))
	}
	g.indexAssets()
	for _, a := range g.accounts {
		a.plain = free(e.Levels(a.id))
	}
	return g
}

// Holder gives the user or role with an ARN, or the role of a session.
func (g *Graph) Holder(arn string) (*estate.Holder, bool) { return g.e.Holder(arn) }

func isRole(arn string) bool { return strings.Contains(arn, ":role/") }

func (g *Graph) account(id, arn string) *account {
	if a, ok := g.byID[id]; ok {
		return a
	}
	parts := strings.SplitN(arn, ":", 3)
	a := &account{
		id: id, partition: "aws", trusting: map[string][]int32{}, saml: map[string][]int32{},
		machines: map[resource.Type][]*estate.Asset{}, blocks: map[resource.Type][]int32{},
	}
	if len(parts) == 3 && parts[0] == "arn" {
		a.partition = parts[1]
	}
	a.number = int32(len(g.accounts)) //nolint:gosec // nobody has two billion accounts
	g.accounts, g.byID[id] = append(g.accounts, a), a
	return a
}

// sort is what kind of resource it is, by the numbers of its type and class.
type sort struct{ typ, class int32 }

// indexAssets notes what runs as a role, and what lets others in.
func (g *Graph) indexAssets() {
	g.assets = g.e.Assets()
	g.sorts = make([]sort, len(g.assets))
	types, classes := map[resource.Type]int32{}, map[string]int32{}
	for i, x := range g.assets {
		a := g.account(x.Account, x.ARN)
		a.blocks[x.Type] = append(a.blocks[x.Type], int32(i))
		if _, ok := types[x.Type]; !ok {
			types[x.Type] = int32(len(g.types)) //nolint:gosec // there are a few thousand types
			g.types = append(g.types, x.Type)
		}
		if _, ok := classes[x.Class]; !ok {
			classes[x.Class] = int32(len(g.classes)) //nolint:gosec // no more than resources, of which a number fits
			g.classes = append(g.classes, x.Class)
		}
		g.sorts[i] = sort{types[x.Type], classes[x.Class]}
		a.machines[x.Type] = append(a.machines[x.Type], x)
		for _, d := range x.Policies {
			g.shared.note(int32(i), x.Account, d)
		}
	}
}

// free reports whether service control policies leave the taking over of users and roles to an administrator, as far as can be seen without
// deciding: each level allows all, and no Deny names what it takes.
func free(levels [][]*policy.Document) bool {
	for _, level := range levels {
		all := false
		for _, d := range level {
			for _, s := range d.Statements {
				switch {
				case s.Allow:
					all = all || len(s.Conditions) == 0 && everythingOf(s.Actions) && everythingOf(s.Resources)
				case s.Names("iam:updateassumerolepolicy"), s.Names("iam:createaccesskey"), s.Names("sts:assumerole"):
					return false
				}
			}
		}
		if !all {
			return false
		}
	}
	return true
}

func everythingOf(list []*policy.Pattern) bool {
	return slices.ContainsFunc(list, func(p *policy.Pattern) bool { return p.String() == "*" })
}

// allowAll is what an administrator has.
func allowAll() *policy.Document { return made(policy.Identity, everyCall) }

// letIn is a trust that lets everybody in.
func letIn() *policy.Document { return made(policy.Resource, everyTrust) }

const (
	everyCall  = `{"Version":"2012-10-17","Statement":[{"Sid":"All","Effect":"Allow","Action":"*","Resource":"*"}]}`
	everyTrust = `{"Version":"2012-10-17","Statement":[{"Sid":"Itself","Effect":"Allow","Principal":"*","Action":"sts:*"}]}`
)

// made reads a policy of this file: it cannot be wrong.
func made(k policy.Kind, text string) *policy.Document {
	d, _, err := policy.Parse("given to itself", k, []byte(text))
	if err != nil {
		panic(err)
	}
	return d
}

// being is somebody as he calls: a user or role, or one with other rights.
type being struct {
	node     Node
	h        *estate.Holder // nil: the administrator of an account
	account  *account
	caller   access.Caller
	policies access.Policies
	kin      *kin
}

// arn is by what it calls.
func (b *being) arn() string {
	if b.h == nil {
		return "arn:" + b.account.partition + ":iam::" + b.account.id + ":role/" + newName
	}
	return b.h.ARN
}

// untouchable are roles that IAM lets nobody change: those of services, and those of Identity Center
// (docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create-service-linked-role.html).
func untouchable(arn string) bool {
	return strings.Contains(arn, ":role/aws-service-role/") || strings.Contains(arn, ":role/aws-reserved/")
}

func accountOf(arn string) string {
	a, err := principal.ParseARN(arn)
	if err != nil {
		return ""
	}
	return a.Account
}
