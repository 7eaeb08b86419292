package builtin_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	iamtypes "github.com/aws/aws-sdk-go-v2/service/iam/types"

	"jobzero/internal/effect"
	"jobzero/internal/resource"
	"jobzero/internal/testmoto"
)

// serviceCredentials answers for service-specific credentials of users, which the emulator does not have
// (docs.aws.amazon.com/IAM/latest/APIReference/API_UpdateServiceSpecificCredential.html).
func serviceCredentials() testmoto.Reply {
	status := map[string]string{} // by account and user; each has one
	return func(w http.ResponseWriter, c testmoto.Call) bool {
		form, err := url.ParseQuery(string(c.Body))
		if err != nil || !strings.HasSuffix(c.Action, "ServiceSpecificCredential") && !strings.HasSuffix(c.Action, "ServiceSpecificCredentials") {
			return false
		}
		key, user := c.Account+"/"+form.Get("UserName"), form.Get("UserName")
		one := func() string {
			return fmt.Sprintf(`<UserName>%s</UserName><Status>%s</Status><ServiceUserName>%[1]s-at</ServiceUserName><ServiceSpecificCredentialId>ACCAEXAMPLE1</ServiceSpecificCredentialId>`+
				`<ServiceName>codecommit.amazonaws.com</ServiceName><CreateDate>2026-01-02T03:04:05Z</CreateDate>`, user, status[key])
		}
		switch c.Action {
		case "CreateServiceSpecificCredential":
			status[key] = "Active"
			fmt.Fprintf(w, `<CreateServiceSpecificCredentialResponse><CreateServiceSpecificCredentialResult><ServiceSpecificCredential>%s</ServiceSpecificCredential></CreateServiceSpecificCredentialResult></CreateServiceSpecificCredentialResponse>`, one())
		case "DeleteServiceSpecificCredential":
			delete(status, key)
			fmt.Fprint(w, `<DeleteServiceSpecificCredentialResponse/>`)
		case "UpdateServiceSpecificCredential":
			status[key] = form.Get("Status")
			fmt.Fprint(w, `<UpdateServiceSpecificCredentialResponse/>`)
		case "ListServiceSpecificCredentials":
			list := ""
			if status[key] != "" {
				list = "<member>" + one() + "</member>"
			}
			fmt.Fprintf(w, `<ListServiceSpecificCredentialsResponse><ListServiceSpecificCredentialsResult><ServiceSpecificCredentials>%s</ServiceSpecificCredentials><IsTruncated>false</IsTruncated></ListServiceSpecificCredentialsResult></ListServiceSpecificCredentialsResponse>`, list)
		}
		return true
	}
}

func withService(t *testing.T, owner aws.Config, account string) effect.Target {
	withPassword(t, owner, account)
	out := must[*iam.CreateServiceSpecificCredentialOutput](t)(iam.NewFromConfig(owner).CreateServiceSpecificCredential(t.Context(), &iam.CreateServiceSpecificCredentialInput{
		UserName: aws.String(leaver), ServiceName: aws.String("codecommit.amazonaws.com"),
	}))
	return effect.Target{Ref: resource.Ref{Type: resource.ServiceCredential, Account: account, ID: leaver + "/" + *out.ServiceSpecificCredential.ServiceSpecificCredentialId}}
}

func serviceState(t *testing.T, owner aws.Config, _ effect.Target) string {
	var all []iamtypes.StatusType
	for _, c := range must[*iam.ListServiceSpecificCredentialsOutput](t)(iam.NewFromConfig(owner).ListServiceSpecificCredentials(t.Context(), &iam.ListServiceSpecificCredentialsInput{UserName: aws.String(leaver)})).ServiceSpecificCredentials {
		all = append(all, c.Status)
	}
	return fmt.Sprint(all)
}

func deleteService(t *testing.T, owner aws.Config, to effect.Target) {
	must[*iam.DeleteServiceSpecificCredentialOutput](t)(iam.NewFromConfig(owner).DeleteServiceSpecificCredential(t.Context(), &iam.DeleteServiceSpecificCredentialInput{UserName: aws.String(leaver), ServiceSpecificCredentialId: last(to)}))
}
