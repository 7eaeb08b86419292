package story

import (
	"fmt"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/organizations"
	"github.com/aws/aws-sdk-go-v2/service/organizations/types"

	"jobzero/internal/resource"
	"jobzero/internal/ticket"
	"jobzero/test/world"
)

// Accounts are born and die. The organisation's own list is held against what is watched: an account that somebody made is a ticket,
// without anybody having told of it, and when the account is closed there is nothing left to watch, and the ticket closes.
func TestAnAccountThatNobodyWatchesIsATicket(t *testing.T) {
	const management = "777788880000" // nothing of the other stories is in it
	ctx := t.Context()
	c := organizations.NewFromConfig(shared.AWS.Config(management))
	if _, err := c.CreateOrganization(ctx, &organizations.CreateOrganizationInput{FeatureSet: types.OrganizationFeatureSetAll}); err != nil {
		t.Fatal(err)
	}
	made, err := c.CreateAccount(ctx, &organizations.CreateAccountInput{AccountName: aws.String("lab"), Email: aws.String("lab@example.com")})
	if err != nil {
		t.Fatal(err)
	}
	id := aws.ToString(made.CreateAccountStatus.AccountId)
	h := begin(t, world.Options{
		Accounts: []string{management}, Sweep: time.Hour, Settle: 300 * time.Millisecond,
		Swept: fmt.Sprintf("%q", resource.OrgAccount),
	})
	start(t, h)
	ref := resource.Ref{Type: resource.OrgAccount, Account: management, ID: id}
	withPerson(t, h, ref)
	watched := ref
	watched.ID = management
	if tk, ok, err := h.TicketOf(ctx, watched); err != nil || ok {
		t.Errorf("the account that is watched has a ticket: %+v, %v", tk, err)
	}

	if _, err := c.CloseAccount(ctx, &organizations.CloseAccountInput{AccountId: &id}); err != nil {
		t.Fatal(err)
	}
	closed := world.Call{Account: management, Service: "organizations", Name: "CloseAccount", User: "robin", Request: map[string]any{"accountId": id}}
	if err := shared.Send(ctx, management, closed.Record()); err != nil {
		t.Fatal(err)
	}
	ticketAs(t, h, ref, func(tk ticket.Ticket) bool { return tk.State == ticket.Closed })
}
