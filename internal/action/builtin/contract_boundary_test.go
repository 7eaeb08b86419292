package builtin_test

import (
	"fmt"
	"net/http"
	"net/url"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"

	"jobzero/internal/action/actiontest"
	iamactions "jobzero/internal/action/iam"
	"jobzero/internal/effect"
	"jobzero/internal/resource"
	"jobzero/internal/testmoto"
)

// boundUsers answers for a user of each account and its boundary: the emulator bounds roles only
// (docs.aws.amazon.com/IAM/latest/APIReference/API_PutUserPermissionsBoundary.html).
func boundUsers() testmoto.Reply {
	bound := map[string]string{} // by account
	return func(w http.ResponseWriter, c testmoto.Call) bool {
		form, err := url.ParseQuery(string(c.Body))
		if err != nil || c.Service != "iam" {
			return false
		}
		switch c.Action {
		case "GetUser":
			at := ""
			if arn := bound[c.Account]; arn != "" {
				at = "<PermissionsBoundary><PermissionsBoundaryType>Policy</PermissionsBoundaryType><PermissionsBoundaryArn>" + arn + "</PermissionsBoundaryArn></PermissionsBoundary>"
			}
			fmt.Fprintf(w, `<GetUserResponse><GetUserResult><User><UserName>ana</UserName><UserId>AIDAEXAMPLE</UserId><Arn>arn:aws:iam::%s:user/shop/ana</Arn>%s</User></GetUserResult></GetUserResponse>`, c.Account, at)
		case "PutUserPermissionsBoundary":
			bound[c.Account] = form.Get("PermissionsBoundary")
			fmt.Fprint(w, `<PutUserPermissionsBoundaryResponse/>`)
		case "DeleteUserPermissionsBoundary":
			delete(bound, c.Account)
			fmt.Fprint(w, `<DeleteUserPermissionsBoundaryResponse/>`)
		default:
			return false
		}
		return true
	}
}

// TestBoundaryOfUser runs the suite over the half of iam.set-boundary that the emulator lacks, against the API's contract.
func TestBoundaryOfUser(t *testing.T) {
	actiontest.Run(t, testmoto.NewStandIn(t, testmoto.Shared(t), boundUsers()), actiontest.Case{
		Action: iamactions.SetBoundary(),
		Make: func(_ *testing.T, _ aws.Config, account string) effect.Target {
			return effect.Target{
				Ref:    resource.Ref{Type: resource.User, Account: account, ID: "ana"},
				Params: map[string]string{"policy": "arn:aws:iam::aws:policy/PowerUserAccess"},
			}
		},
		State: func(t *testing.T, owner aws.Config, to effect.Target) string {
			b := must[*iam.GetUserOutput](t)(iam.NewFromConfig(owner).GetUser(t.Context(), &iam.GetUserInput{UserName: &to.Ref.ID})).User.PermissionsBoundary
			if b == nil {
				return "none"
			}
			return *b.PermissionsBoundaryArn
		},
		Disturb: func(t *testing.T, owner aws.Config, to effect.Target) {
			must[*iam.PutUserPermissionsBoundaryOutput](t)(iam.NewFromConfig(owner).PutUserPermissionsBoundary(t.Context(), &iam.PutUserPermissionsBoundaryInput{
				UserName: &to.Ref.ID, PermissionsBoundary: aws.String("arn:aws:iam::aws:policy/ReadOnlyAccess"),
			}))
		},
	})
}
