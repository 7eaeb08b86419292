package story

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"jobzero/internal/notify/notifytest"
	"jobzero/internal/org"
	"jobzero/internal/ticket"
	"jobzero/test/world"
)

const chief = `accounts:
  - {id: "` + world.Prod + `", name: production, owner: storefront}
  - {id: "` + world.Sandbox + `", name: sandbox, owner: storefront}
teams:
  - {name: storefront, lead: alex}
people:
  - {id: alex, name: Alex Example, email: alex@example.com, manager: sam}
  - {id: sam, name: Sam Example, email: sam@example.com}
`

// A pipeline applies its text again each time that the bucket was closed, and tags the bucket as public besides. The bucket stays closed; its
// owner and the owner's manager get the patch of the text, and learn who applied it.
func TestThePatchOfASourceThatPutsItBack(t *testing.T) {
	post := notifytest.Start(t, nil)
	h := begin(t, world.Options{
		Enforce: true, Settle: 300 * time.Millisecond, Extra: "  loop: {times: 2, within: 1h}\n",
		More: "infrastructure: [infra]\nnotify: {smtp: {server: \"" + post.Address + "\", from: jobzero@example.com, tls: none}}\n",
	})
	b, err := shared.NewBucket(t.Context(), world.Prod, name("orders"))
	if err != nil {
		t.Fatal(err)
	}
	text := "resource \"aws_s3_bucket\" \"orders\" {\n  bucket = \"" + b.Name + "\"\n}\n\nresource \"aws_s3_bucket_public_access_block\" \"orders\" {\n  bucket = aws_s3_bucket.orders.id\n" +
		"  block_public_acls = false\n  block_public_policy = false\n  ignore_public_acls = false\n  restrict_public_buckets = false\n}\n"
	if err := os.MkdirAll(filepath.Join(h.Dir, "infra"), 0o700); err != nil {
		t.Fatal(err)
	}
	for file, text := range map[string]string{"infra/main.tf": text, "org.yaml": chief} {
		if err := os.WriteFile(filepath.Join(h.Dir, file), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	start(t, h)
	var tk ticket.Ticket
	entries := 0
	for round := range 4 {
		if err := b.Tag(t.Context(), org.ExposureTag, "public"); err != nil {
			t.Fatal(err)
		}
		o, err := b.Publish(t.Context())
		told(t, o, err)
		tk = ticketAs(t, h, b.Subject(), func(tk ticket.Ticket) bool {
			rests := tk.State == ticket.Closed || tk.State == ticket.Human
			return rests && tk.Entries > entries && cuts(t, h, tk.ID) == round+1 && (round < 2 || !tk.Warned.IsZero())
		})
		entries = tk.Entries
		if ok, seen, err := o.Mended(t.Context()); err != nil || !ok {
			t.Errorf("round %d: not repaired: %s %v", round, seen, err)
		}
	}
	if tk.State != ticket.Human || !tk.Contended {
		t.Errorf("ticket is %s (%s)", tk.State, tk.Reason)
	}
	letters := post.Letters()[:0:0]
	for _, l := range post.Letters() {
		if strings.Contains(l.Text, "Something puts a violation back") { // the ticket's page comes by e-mail too
			letters = append(letters, l)
		}
	}
	if len(letters) != 2 || !strings.Contains(letters[0].To[0], "alex@") || !strings.Contains(letters[1].To[0], "sam@") {
		t.Fatalf("told %+v", letters)
	}
	for _, want := range []string{string(tk.ID), "infra/main.tf:1", "+  block_public_policy =3D true", "Put back last: PutBucketPolicy by", "robin"} {
		if !strings.Contains(letters[0].Text, want) {
			t.Errorf("the letter lacks %q:\n%s", want, letters[0].Text)
		}
	}
}
