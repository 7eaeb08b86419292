package builtin_test

import (
	"encoding/json"
	"fmt"
	"net/http"

	"jobzero/internal/testmoto"
)

// guardFindings answers for one finding of each account, which the emulator's GuardDuty does not have
// (docs.aws.amazon.com/guardduty/latest/APIReference/API_ArchiveFindings.html).
func guardFindings() testmoto.Reply {
	archived := map[string]bool{} // by account
	return func(w http.ResponseWriter, c testmoto.Call) bool {
		var in struct {
			FindingIDs []string `json:"findingIds"`
		}
		if c.Service != "guardduty" || json.Unmarshal(c.Body, &in) != nil || len(in.FindingIDs) != 1 || in.FindingIDs[0] != "f1" {
			return false
		}
		switch c.Action {
		case "ArchiveFindings", "UnarchiveFindings":
			archived[c.Account] = c.Action == "ArchiveFindings"
			fmt.Fprint(w, `{}`)
		case "GetFindings":
			fmt.Fprintf(w, `{"findings":[{"accountId":%q,"arn":"arn:aws:guardduty:us-east-1:%[1]s:detector/d/finding/f1","id":"f1","region":"us-east-1","type":"Recon:EC2/Portscan","severity":5,`+
				`"schemaVersion":"2.0","createdAt":"2026-01-02T03:04:05Z","updatedAt":"2026-01-02T03:04:05Z","resource":{},"service":{"archived":%t}}]}`, c.Account, archived[c.Account])
		default:
			return false
		}
		return true
	}
}

// hubFindings answers for one finding of each account and where it stands: the emulator's Security Hub takes no change of a finding
// (docs.aws.amazon.com/securityhub/1.0/APIReference/API_BatchUpdateFindings.html).
func hubFindings() testmoto.Reply {
	status := map[string]string{} // by account
	return func(w http.ResponseWriter, c testmoto.Call) bool {
		if c.Service != "securityhub" {
			return false
		}
		id := "arn:aws:guardduty:us-east-1:" + c.Account + ":detector/d1/finding/f1"
		if status[c.Account] == "" {
			status[c.Account] = "NOTIFIED"
		}
		switch c.Action {
		case "BatchUpdateFindings":
			var in struct {
				FindingIdentifiers []struct{ ID, ProductArn string }
				Workflow           struct{ Status string }
			}
			if json.Unmarshal(c.Body, &in) != nil || len(in.FindingIdentifiers) != 1 || in.FindingIdentifiers[0].ID != id || in.FindingIdentifiers[0].ProductArn != hubProduct {
				http.Error(w, `{"Message":"no such finding"}`, http.StatusBadRequest)
				return true
			}
			status[c.Account] = in.Workflow.Status
			fmt.Fprintf(w, `{"ProcessedFindings":[{"Id":%q,"ProductArn":%q}],"UnprocessedFindings":[]}`, id, hubProduct)
		case "GetFindings":
			fmt.Fprintf(w, `{"Findings":[{"SchemaVersion":"2018-10-08","Id":%q,"ProductArn":%q,"AwsAccountId":%q,"GeneratorId":"g","CreatedAt":"2026-01-02T03:04:05Z","UpdatedAt":"2026-01-02T03:04:05Z",`+
				`"Title":"t","Description":"d","Resources":[],"Workflow":{"Status":%q}}]}`, id, hubProduct, c.Account, status[c.Account])
		default:
			return false
		}
		return true
	}
}
