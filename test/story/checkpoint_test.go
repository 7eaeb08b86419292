package story

import (
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/x509"
	"database/sql"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	_ "modernc.org/sqlite" // as somebody who edits the database

	"jobzero/test/world"
)

// TestALogThatIsCutOffIsSeenFromOutside: the house repairs, and keeps the head of its log in another account. Then somebody takes the end of the
// log away, so that it is whole in itself: the checkpoints say where it was cut off.
func TestALogThatIsCutOffIsSeenFromOutside(t *testing.T) {
	const vault = "444455556666"
	bucket := name("checkpoints")
	h := begin(t, world.Options{Enforce: true, More: fmt.Sprintf(`audit:
  checkpoint: {bucket: %s, account: "%s", role: jobzero-checkpoints, key: %q, every: 1s}
`, bucket, vault, signingKey(t))})
	_, err := s3.NewFromConfig(shared.AWS.Config(vault)).CreateBucket(t.Context(), &s3.CreateBucketInput{Bucket: &bucket, ObjectLockEnabledForBucket: aws.Bool(true)})
	if err != nil {
		t.Fatal(err)
	}
	start(t, h)
	orders, err := shared.PublicBucket(t.Context(), world.Prod, name("orders"))
	mended(t, h, told(t, orders, err))
	until(t, "the whole log is kept outside", func(ctx context.Context) (bool, error) {
		out, err := h.Run(ctx, "audit", "verify", "--checkpoints", "--format", "json", "--config", "jobzero.yaml")
		if err != nil {
			return false, nil //nolint:nilerr // the first checkpoint is on its way
		}
		var a struct {
			Checkpoints struct{ Held, Beyond int }
		}
		err = json.Unmarshal([]byte(out), &a)
		return a.Checkpoints.Held > 0 && a.Checkpoints.Beyond == 0, err
	})
	if err := h.Stop(); err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob(filepath.Join(h.Dir, "data", "*.db"))
	if err != nil || len(files) != 1 {
		t.Fatalf("its database: %v %v", files, err)
	}
	edit(t, files[0],
		`delete from link where seq > (select max(seq) - 3 from link)`, // and all that follows from it, so that nothing else is missing
		`delete from entry where not exists (select 1 from link where link.ticket = entry.ticket and link.entry = entry.seq)`,
	)
	out, err := h.Run(t.Context(), "audit", "verify", "--checkpoints", "--config", "jobzero.yaml")
	if err == nil {
		t.Fatalf("a log that was cut off holds: %s", out)
	}
	edit(t, files[0], `delete from ticket`, `delete from entry`, `delete from link`, `delete from effect`, `delete from run`, `delete from brake`, `delete from canary`, `delete from glass`)
	if out := command(t, h, "audit", "verify"); !strings.HasPrefix(out, "Intact: there are no tickets yet") {
		t.Errorf("by itself an empty log says %q", out)
	}
	_, err = h.Run(t.Context(), "audit", "verify", "--checkpoints", "--config", "jobzero.yaml")
	if err == nil || !strings.Contains(err.Error(), "the chain is cut off at link 0") {
		t.Errorf("a log that was emptied: %v", err)
	}
}

func edit(t *testing.T, file string, statements ...string) {
	t.Helper()
	db, err := sql.Open("sqlite", "file:"+file)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	for _, s := range statements {
		if _, err := db.ExecContext(t.Context(), s); err != nil {
			t.Fatal(err)
		}
	}
}

func signingKey(t *testing.T) string {
	t.Helper()
	_, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	text, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "key.pem")
	if err := os.WriteFile(path, pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: text}), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}
