package app

import (
	"crypto/ed25519"
	"crypto/rand"
	"crypto/x509"
	"database/sql"
	"encoding/pem"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/kms/types"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"jobzero/internal/config"
	"jobzero/internal/fault"
	"jobzero/internal/finding"
	"jobzero/internal/testmoto"
)

// lockedBucket makes a bucket in an account.
func lockedBucket(t *testing.T, account string, locked bool) string {
	t.Helper()
	name := "checkpoints-" + strconv.FormatInt(time.Now().UnixNano(), 36)
	_, err := s3.NewFromConfig(testmoto.Shared(t).Config(account)).CreateBucket(t.Context(), &s3.CreateBucketInput{Bucket: &name, ObjectLockEnabledForBucket: aws.Bool(locked)})
	if err != nil {
		t.Fatal(err)
	}
	return name
}

// anchoredHouse keeps checkpoints in another account, which it enters by a role.
func anchoredHouse(t *testing.T, locked bool) *two {
	t.Helper()
	server, account := testmoto.Shared(t), testmoto.Account()
	return bothWaysHouse(t, func(c *config.Config) {
		c.AWS.Endpoint, c.AWS.MaxBackoff = server.Endpoint, 50*time.Millisecond
		c.AWS.Credentials = credentials.NewStaticCredentialsProvider("AKIAIOSFODNN7EXAMPLE", "emulator-only", "")
		k := &c.Audit.Checkpoint
		k.Bucket, k.Account, k.Role, k.Key = lockedBucket(t, account, locked), account, "jobzero-checkpoints", pemKey(t)
	})
}

func pemKey(t *testing.T) string {
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

// anchor runs the leg, and gives how far the chain is kept outside.
func (w *two) anchor() int64 {
	w.Helper()
	if _, err := w.house.checkpoint(w.ctx, chainHead); err != nil {
		w.Fatal(err)
	}
	p, err := w.house.progressOf(w.ctx)
	w.ok(err)
	return p.mark
}

func (w *two) anchorTold(severity finding.Severity, text string) {
	w.Helper()
	for _, f := range w.told(byCheckpoint) {
		if f.State == finding.Open && f.Severity == severity && strings.Contains(f.Why, text) {
			return
		}
	}
	w.Errorf("no open finding, %s, with %q: %+v", severity, text, w.told(byCheckpoint))
}

// TestCheckpointsFollowTheChain: what is new is kept; what was cut off or changed since is told before anything else is written.
func TestCheckpointsFollowTheChain(t *testing.T) {
	w := anchoredHouse(t, true)
	if got := w.anchor(); got != 0 {
		t.Errorf("an empty chain is kept up to %d", got)
	}
	w.logs("R1")
	w.logs("R2")
	if got := w.anchor(); got != 2 {
		t.Errorf("kept up to %d, want 2", got)
	}
	w.logs("R3")
	if got := w.anchor(); got != 3 || len(w.told(byCheckpoint)) != 0 {
		t.Errorf("kept up to %d, want 3; told %+v", got, w.told(byCheckpoint))
	}
	db, err := sql.Open("sqlite", w.house.config.DataDir+"/jobzero.db")
	w.ok(err)
	defer func() { _ = db.Close() }()
	_, err = db.ExecContext(w.ctx, `delete from link where seq = 3`)
	w.ok(err)
	if got := w.anchor(); got != 3 {
		t.Errorf("kept up to %d", got)
	}
	w.anchorTold(finding.Critical, "cut off at link 2")
	_, err = db.ExecContext(w.ctx, `delete from entry where seq > 1`)
	w.ok(err)
	_, err = db.ExecContext(w.ctx, `delete from link where seq > 1`)
	w.ok(err)
	_, err = db.ExecContext(w.ctx, `delete from audit_mark`)
	w.ok(err)
	w.clock.now = w.clock.now.Add(time.Minute)
	w.anchor()                                                           // somebody has the house forget that it ever wrote one
	if got := w.told(byCheckpoint); len(got) != 1 || got[0].Count != 2 { // what a finding says first stands; the ticket tells the rest
		t.Errorf("another change is not seen as one: %+v", got)
	}
	key, bucket, err := Anchor(w.ctx, w.house.org, w.house.config)
	w.ok(err)
	p, err := w.house.progressOf(w.ctx)
	w.ok(err)
	if err := w.house.stillHolds(w.ctx, key, bucket, p); !fault.Is(err, fault.Conflict) || !strings.Contains(err.Error(), "this database knows of none") {
		t.Errorf("a house that was made to forget its checkpoints: %v", err)
	}
}

// TestABucketWithoutObjectLockIsRefused: nothing is written, it is told, and over when the bucket is another one.
func TestABucketWithoutObjectLockIsRefused(t *testing.T) {
	w := anchoredHouse(t, false)
	w.logs("R1")
	if got := w.anchor(); got != 0 {
		t.Errorf("kept up to %d where it could be taken away", got)
	}
	w.anchorTold(finding.High, "no Object Lock")
	k := &w.house.config.Audit.Checkpoint
	k.Bucket = lockedBucket(t, k.Account, true)
	w.clock.now = w.clock.now.Add(time.Hour)
	if got := w.anchor(); got == 0 {
		t.Error("nothing is kept in the new bucket")
	}
	for _, f := range w.told(byCheckpoint) {
		if f.State != finding.Done {
			t.Errorf("still told: %+v", f)
		}
	}
}

// TestCheckpointsByKMS: the hub's own key signs.
func TestCheckpointsByKMS(t *testing.T) {
	w := anchoredHouse(t, true)
	cfg := w.house.org.Hub("")
	out, err := kms.NewFromConfig(cfg).CreateKey(w.ctx, &kms.CreateKeyInput{KeySpec: types.KeySpecEccNistP256, KeyUsage: types.KeyUsageTypeSignVerify})
	w.ok(err)
	w.house.config.Audit.Checkpoint.Key = aws.ToString(out.KeyMetadata.Arn)
	w.logs("R1")
	if got := w.anchor(); got != 1 || len(w.told(byCheckpoint)) > 0 {
		t.Errorf("kept up to %d, told %+v", got, w.told(byCheckpoint))
	}
}

// TestWeatherIsToldWhenItLasts: a bucket that does not answer for a while is no finding yet.
func TestWeatherIsToldWhenItLasts(t *testing.T) {
	w := anchoredHouse(t, true)
	w.logs("R1")
	w.anchor()
	bad := fault.New(fault.Unavailable, "the bucket does not answer")
	w.clock.now = w.clock.now.Add(30 * time.Minute)
	w.ok(w.house.tellCheckpoint(w.ctx, w.clock.now, bad))
	if len(w.told(byCheckpoint)) > 0 {
		t.Errorf("told at once: %+v", w.told(byCheckpoint))
	}
	w.clock.now = w.clock.now.Add(2 * time.Hour)
	w.ok(w.house.tellCheckpoint(w.ctx, w.clock.now, bad))
	w.anchorTold(finding.Medium, "does not answer")
}
