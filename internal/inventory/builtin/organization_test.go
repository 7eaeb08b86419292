package builtin_test

import (
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/account"
	accounttypes "github.com/aws/aws-sdk-go-v2/service/account/types"
	"github.com/aws/aws-sdk-go-v2/service/organizations"
	orgtypes "github.com/aws/aws-sdk-go-v2/service/organizations/types"
	"github.com/google/go-cmp/cmp"

	"jobzero/internal/awsorg"
	"jobzero/internal/fault"
	"jobzero/internal/inventory"
	"jobzero/internal/inventory/builtin"
	"jobzero/internal/resource"
	"jobzero/internal/testmoto"
)

// watching is a catalogue of readers that know what is watched.
func watching(t *testing.T, w inventory.Watch) *inventory.Catalogue {
	t.Helper()
	c := awsorg.DefaultConfig()
	c.Endpoint, c.MaxBackoff = testmoto.Shared(t).Endpoint, 50*time.Millisecond
	c.Credentials = credentials.NewStaticCredentialsProvider("AKIAIOSFODNN7EXAMPLE", "emulator-only", "")
	org, err := awsorg.New(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(org.Close)
	return must[*inventory.Catalogue](t)(inventory.New(org, inventory.Watching(builtin.Native(), w)...))
}

func watch(accounts ...string) inventory.Watch {
	w := inventory.Watch{Regions: map[string][]string{}}
	for _, a := range accounts {
		w.Regions[a] = []string{home}
	}
	return w
}

// organisation makes one with a unit, and gives what makes accounts in it.
func organisation(t *testing.T, c *organizations.Client) (unit string, member func(name string) string) {
	t.Helper()
	ctx := t.Context()
	must[*organizations.CreateOrganizationOutput](t)(c.CreateOrganization(ctx, &organizations.CreateOrganizationInput{FeatureSet: orgtypes.OrganizationFeatureSetAll}))
	root := must[*organizations.ListRootsOutput](t)(c.ListRoots(ctx, &organizations.ListRootsInput{})).Roots[0].Id
	unit = *must[*organizations.CreateOrganizationalUnitOutput](t)(c.CreateOrganizationalUnit(ctx, &organizations.CreateOrganizationalUnitInput{ParentId: root, Name: aws.String("Retail")})).OrganizationalUnit.Id
	return unit, func(name string) string {
		made := must[*organizations.CreateAccountOutput](t)(c.CreateAccount(ctx, &organizations.CreateAccountInput{AccountName: &name, Email: aws.String(name + "@example.com")}))
		return *made.CreateAccountStatus.AccountId
	}
}

// TestOrganisationAccounts: the organisation's list against what is watched. An account that is made is not watched, one that is moved
// stands elsewhere, one that is closed is in the list until it is gone.
func TestOrganisationAccounts(t *testing.T) {
	server, hub := testmoto.Shared(t), testmoto.Account()
	cfg, ctx := server.Config(hub), t.Context()
	c := organizations.NewFromConfig(cfg)
	unit, member := organisation(t, c)
	old, fresh := member("shop"), member("lab")
	cat := watching(t, watch(hub, old))
	place := inventory.Place{Account: hub, Type: resource.OrgAccount}
	refs := must[[]resource.Ref](t)(cat.List(ctx, place))
	if len(refs) != 3 {
		t.Fatalf("listed: %v", refs)
	}
	read := func(id string) resource.Resource {
		t.Helper()
		return must[resource.Resource](t)(cat.Read(ctx, resource.Ref{Type: resource.OrgAccount, Account: hub, ID: id}))
	}
	for id, want := range map[string]bool{hub: true, old: true, fresh: false} {
		got := read(id)
		if got.Properties["Watched"] != want || got.Properties["State"] != "ACTIVE" || got.Properties["SecurityContact"] != false || len(got.Unknown) != 0 {
			t.Errorf("%s: %v, %v", id, got.Properties, got.Unknown)
		}
	}
	must[*account.PutAlternateContactOutput](t)(account.NewFromConfig(cfg).PutAlternateContact(ctx, &account.PutAlternateContactInput{
		AccountId: &fresh, AlternateContactType: accounttypes.AlternateContactTypeSecurity, Name: aws.String("On call"),
		EmailAddress: aws.String("security@example.com"), PhoneNumber: aws.String("+49 30 0"), Title: aws.String("On call"),
	}))
	parent := must[*organizations.ListParentsOutput](t)(c.ListParents(ctx, &organizations.ListParentsInput{ChildId: &fresh})).Parents[0].Id
	must[*organizations.MoveAccountOutput](t)(c.MoveAccount(ctx, &organizations.MoveAccountInput{AccountId: &fresh, SourceParentId: parent, DestinationParentId: &unit}))
	got := read(fresh)
	want := []any{object{"Id": unit, "Name": "Retail"}, object{"Id": *parent, "Name": "Root"}}
	if d := cmp.Diff(any(want), got.Properties["Units"]); d != "" || got.Properties["SecurityContact"] != true {
		t.Errorf("moved: %v%s", got.Properties, d)
	}
	must[*organizations.CloseAccountOutput](t)(c.CloseAccount(ctx, &organizations.CloseAccountInput{AccountId: &old}))
	if got := read(old); got.Properties["State"] == "ACTIVE" || got.Gone {
		t.Errorf("closed: %v", got)
	}
	must[*organizations.RemoveAccountFromOrganizationOutput](t)(c.RemoveAccountFromOrganization(ctx, &organizations.RemoveAccountFromOrganizationInput{AccountId: &old}))
	if got := read(old); !got.Gone {
		t.Errorf("no longer in it: %v", got)
	}
	id := must[[]resource.Ref](t)(cat.List(ctx, inventory.Place{Account: hub, Type: resource.Organization}))[0]
	if got := must[resource.Resource](t)(cat.Read(ctx, id)); !cmp.Equal(got.Properties["WatchedOutside"], any([]any{old})) {
		t.Errorf("watched and gone: %v, %v", got.Properties, got.Unknown)
	}
}

// TestOrganisation: what is laid down for all accounts. The emulator has no central root access: that is unknown, not off.
func TestOrganisation(t *testing.T) {
	server, hub := testmoto.Shared(t), testmoto.Account()
	ctx := t.Context()
	c := organizations.NewFromConfig(server.Config(hub))
	_, member := organisation(t, c)
	security := member("security")
	cat := watching(t, watch(hub))
	refs := must[[]resource.Ref](t)(cat.List(ctx, inventory.Place{Account: hub, Type: resource.Organization}))
	if len(refs) != 1 {
		t.Fatalf("listed: %v", refs)
	}
	got := must[resource.Resource](t)(cat.Read(ctx, refs[0]))
	want := object{"FeatureSet": "ALL", "ManagementAccount": hub, "WatchedOutside": []any{}, "Policies": []any{}, "DelegatedAdministrators": []any{}, "TrustedServices": []any{}, "Trails": []any{}}
	if d := cmp.Diff(want, got.Properties); d != "" || len(got.Unknown) != 1 || got.Unknown[0].Path != "properties.RootFeatures" {
		t.Errorf("bare: %v%s", got.Unknown, d)
	}
	root := must[*organizations.ListRootsOutput](t)(c.ListRoots(ctx, &organizations.ListRootsInput{})).Roots[0].Id
	for kind, text := range map[orgtypes.PolicyType]string{
		orgtypes.PolicyTypeServiceControlPolicy:   `{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"organizations:LeaveOrganization","Resource":"*"}]}`,
		orgtypes.PolicyTypeAiservicesOptOutPolicy: `{"services":{"default":{"opt_out_policy":{"@@assign":"optOut"}}}}`,
	} {
		if _, err := c.EnablePolicyType(ctx, &organizations.EnablePolicyTypeInput{RootId: root, PolicyType: kind}); err != nil {
			t.Fatal(err)
		}
		name := aws.String("own-" + string(kind))
		made := must[*organizations.CreatePolicyOutput](t)(c.CreatePolicy(ctx, &organizations.CreatePolicyInput{Name: name, Type: kind, Content: &text, Description: name}))
		must[*organizations.AttachPolicyOutput](t)(c.AttachPolicy(ctx, &organizations.AttachPolicyInput{PolicyId: made.Policy.PolicySummary.Id, TargetId: root}))
	}
	service := aws.String("guardduty.amazonaws.com")
	must[*organizations.EnableAWSServiceAccessOutput](t)(c.EnableAWSServiceAccess(ctx, &organizations.EnableAWSServiceAccessInput{ServicePrincipal: service}))
	must[*organizations.RegisterDelegatedAdministratorOutput](t)(c.RegisterDelegatedAdministrator(ctx, &organizations.RegisterDelegatedAdministratorInput{AccountId: &security, ServicePrincipal: service}))
	got = must[resource.Resource](t)(cat.Read(ctx, refs[0]))
	want["Policies"] = []any{
		object{"Type": "AISERVICES_OPT_OUT_POLICY", "Name": "own-AISERVICES_OPT_OUT_POLICY", "OnRoot": true, "Content": object{"services": object{"default": object{"opt_out_policy": object{"@@assign": "optOut"}}}}},
		object{"Type": "SERVICE_CONTROL_POLICY", "Name": "own-SERVICE_CONTROL_POLICY", "OnRoot": true},
	}
	want["TrustedServices"] = []any{*service}
	want["DelegatedAdministrators"] = []any{object{"Account": security, "Services": []any{*service}}}
	if d := cmp.Diff(want, got.Properties); d != "" {
		t.Error(d)
	}
}

// TestWhoLists: each account of an organisation is listed once, whoever else is watched; where nobody can, one account says so.
func TestWhoLists(t *testing.T) {
	server, hub := testmoto.Shared(t), testmoto.Account()
	ctx := t.Context()
	_, member := organisation(t, organizations.NewFromConfig(server.Config(hub)))
	first, second := member("a"), member("b")
	if first > second {
		first, second = second, first
	}
	named := watch(first, second)
	named.Lister = second
	both := watch(hub, first, second)
	both.Lister = second
	for name, c := range map[string]struct {
		watch           inventory.Watch
		in              string
		lists, mentions bool
	}{
		"management":                   {both, hub, true, true},
		"beside it":                    {both, second, false, false},
		"beside the named":             {named, first, false, false},
		"nobody, the first says so":    {watch(first, second), first, false, true},
		"nobody, the other is silent":  {watch(first, second), second, false, false},
		"an account outside of it all": {watch(testmoto.Account()), testmoto.Account(), false, false},
	} {
		t.Run(name, func(t *testing.T) {
			cat := watching(t, c.watch)
			accounts := must[[]resource.Ref](t)(cat.List(ctx, inventory.Place{Account: c.in, Type: resource.OrgAccount}))
			orgs := must[[]resource.Ref](t)(cat.List(ctx, inventory.Place{Account: c.in, Type: resource.Organization}))
			if len(accounts) > 0 != c.lists || len(orgs) > 0 != c.mentions {
				t.Fatalf("accounts %v, organisations %v", accounts, orgs)
			}
			if c.mentions && !c.lists {
				got := must[resource.Resource](t)(cat.Read(ctx, orgs[0]))
				if len(got.Unknown) != 6 || got.Properties["ManagementAccount"] != hub || got.Properties["Policies"] != nil {
					t.Errorf("nobody can: %v, %v", got.Properties, got.Unknown)
				}
			}
		})
	}
}

// TestDelegated: an account that administers for the organisation lists its accounts when the settings say so. The emulator shows a
// member nothing of the others.
func TestDelegated(t *testing.T) {
	const me = "444455556666"
	srv := answers(t, map[string]string{
		"DescribeOrganization": `{"Organization":{"Id":"o-exampleorg1","MasterAccountId":"111122223333","FeatureSet":"ALL"}}`,
		"ListAccounts":         `{"Accounts":[{"Id":"111122223333","Status":"ACTIVE"},{"Id":"444455556666","State":"ACTIVE"},{"Id":"444455556667","State":"PENDING_CLOSURE","Status":"SUSPENDED"}]}`,
		"DescribeAccount":      `{"Account":{"Id":"444455556667","State":"PENDING_CLOSURE","Status":"SUSPENDED","Name":"old"}}`,
		"ListParents":          `{"Parents":[{"Id":"r-ab12","Type":"ROOT"}]}`,
		"ListTagsForResource":  `{"Tags":[{"Key":"team","Value":"web"}]}`,
	})
	w := watch(me)
	for _, lister := range []string{"", me} {
		w.Lister = lister
		reader := told(t, resource.OrgAccount, w)
		refs, err := reader.List(t.Context(), srv, me, "")
		if want := map[string]int{"": 0, me: 3}[lister]; err != nil || len(refs) != want {
			t.Errorf("lister %q: %v, %v", lister, refs, err)
		}
	}
	got := must[resource.Resource](t)(told(t, resource.OrgAccount, w).Read(t.Context(), srv, resource.Ref{Type: resource.OrgAccount, Account: me, ID: "444455556667"}))
	if got.Properties["State"] != "PENDING_CLOSURE" || got.Properties["Watched"] != false || got.Tags["team"] != "web" || !cmp.Equal(got.Properties["Units"], any([]any{object{"Id": "r-ab12", "Name": "Root"}})) {
		t.Errorf("got %+v", got)
	}
	if len(got.Unknown) != 1 || got.Unknown[0].Path != "properties.SecurityContact" || got.Unknown[0].Code != fault.Denied {
		t.Errorf("the contact was denied: %v", got.Unknown)
	}
}

// TestListsElsewhereNow: what an account listed before another one does is gone from it, and not denied for ever.
func TestListsElsewhereNow(t *testing.T) {
	const me = "444455556666"
	cfg := answers(t, map[string]string{"DescribeOrganization": `{"Organization":{"Id":"o-exampleorg1","MasterAccountId":"111122223333","FeatureSet":"ALL"}}`})
	account := resource.Ref{Type: resource.OrgAccount, Account: me, ID: "444455556667"}
	org := resource.Ref{Type: resource.Organization, Account: me, ID: "o-exampleorg1"}
	w := watch("111122223333", me)
	for _, ref := range []resource.Ref{account, org} {
		if got := must[resource.Resource](t)(told(t, ref.Type, w).Read(t.Context(), cfg, ref)); !got.Gone {
			t.Errorf("%s: %+v", ref, got)
		}
	}
	w = watch(me)
	w.Lister = me
	if _, err := told(t, account.Type, w).Read(t.Context(), cfg, account); !fault.Is(err, fault.Denied) {
		t.Errorf("where it is listed, denied is denied: %v", err)
	}
}

// TestRegions: those that are switched on, without those that are watched.
func TestRegions(t *testing.T) {
	id := testmoto.Account()
	cat := watching(t, watch(id))
	refs := must[[]resource.Ref](t)(cat.List(t.Context(), inventory.Place{Account: id, Type: resource.Regions}))
	got := must[resource.Resource](t)(cat.Read(t.Context(), refs[0]))
	all, rest := got.Properties["Enabled"].([]any), got.Properties["Unwatched"].([]any)
	if len(all) < 10 || len(rest) != len(all)-1 || len(got.Unknown) != 0 {
		t.Errorf("%v, %v, %v", all, rest, got.Unknown)
	}
	untold, _ := catalogue(t)
	if got := must[resource.Resource](t)(untold.Read(t.Context(), refs[0])); len(got.Unknown) != 1 || got.Properties["Unwatched"] != nil {
		t.Errorf("nobody said what is watched: %+v", got)
	}
}
