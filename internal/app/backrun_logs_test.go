package app

import (
	"os"
	"path/filepath"
	"strconv"
	"testing"

	"github.com/google/go-cmp/cmp"

	"jobzero/internal/event"
	"jobzero/internal/hunt"
)

// put puts a file into the archive.
func (p *past) put(t *testing.T, name, text string) {
	t.Helper()
	path := filepath.Join(p.logs, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(path), 0o750); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// A new rule about flow logs is run over the flow logs of the archive, by their own layouts, and opens no file of another log: the
// broken ones there would be dead letters.
func TestANewRuleIsRunOverItsOwnLogs(t *testing.T) {
	t.Parallel()
	p := looking(t, nil)
	const header = "version account-id region interface-id srcaddr dstport flow-direction start action\n"
	flow := "5 111122223333 eu-central-1 eni-0a 203.0.113.9 5432 ingress 1763546400 ACCEPT\n" // 2025
	at := p.ago(2)
	day := at.Format("2006/01/02")
	now := "5 111122223333 eu-central-1 eni-0a 203.0.113.9 5432 ingress " + strconv.FormatInt(at.Unix(), 10) + " ACCEPT\n"
	p.put(t, "AWSLogs/111122223333/vpcflowlogs/eu-central-1/"+day+"/a.log", header+now)
	p.put(t, "AWSLogs/aws-account-id=444455556666/aws-service=vpcflowlogs/aws-region=eu-central-1/year="+at.Format("2006/month=01/day=02")+"/b.log", header+now)
	p.put(t, "flows/c.log", header+now)
	p.put(t, "AWSLogs/111122223333/vpcflowlogs/eu-central-1/2025/11/19/old.log", header+flow)
	p.put(t, "AWSLogs/111122223333/CloudTrail/us-east-1/"+day+"/broken.json", "{")
	p.put(t, "AWSLogs/111122223333/WAFLogs/eu-central-1/shop/"+day+"/10/00/broken.log", "{")
	p.put(t, "E2EXAMPLE12345."+at.Format("2006-01-02-15")+".abcd1234", "#Version: 1.0\nbroken")
	p.rule(t, "database.yml", databaseRule)
	p.reload(t.Context())
	if got := hunt.Logs(p.knowledge.Load().set); len(got) < 2 {
		t.Errorf("all rules are about %v", got)
	}
	p.all(t, p.House)
	all := p.findings(t)
	if len(all) != 1 || all[0].By != "database" || all[0].Account != "111122223333" || all[0].Count != 3 {
		t.Errorf("found %v", said(all))
	}
	var dead []event.Letter
	err := p.store.View(t.Context(), func(tx storeTx) (err error) {
		dead, err = tx.Letters(t.Context(), event.LetterFilter{})
		return err
	})
	if d := cmp.Diff(0, len(dead)); d != "" || err != nil {
		t.Errorf("%v %s", dead, d)
	}
}
