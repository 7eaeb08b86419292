package digest_test

import (
	"bytes"
	"maps"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"jobzero/internal/source/digest"
	"jobzero/internal/source/digest/digesttest"
)

// TestNothingPasses: whatever is done to the objects, when all is proven, then every one of them holds what was delivered.
func TestNothingPasses(t *testing.T) {
	whole := newWorld(t)
	whole.o.Until, whole.o.Silence = at(6), time.Minute // or deleting the newest would not show
	content := func(stored []byte) []byte {
		if text := digesttest.Unpack(stored); text != nil {
			return text
		}
		return stored
	}
	rapid.Check(t, func(t *rapid.T) {
		w := *whole
		w.Bucket = &digesttest.Bucket{Name: whole.Name, Prefix: whole.Prefix, Objects: maps.Clone(whole.Objects), Signatures: maps.Clone(whole.Signatures)}
		keys := slices.Sorted(maps.Keys(whole.Objects))
		key := func(label string) string { return rapid.SampledFrom(keys).Draw(t, label) }
		for range rapid.IntRange(1, 3).Draw(t, "attacks") {
			k := key("object")
			stored := slices.Clone(w.Objects[k])
			switch rapid.IntRange(0, 6).Draw(t, "attack") {
			case 0:
				delete(w.Objects, k)
			case 1:
				w.Objects[k] = w.Objects[key("by")]
			case 2:
				if len(stored) > 0 {
					stored[rapid.IntRange(0, len(stored)-1).Draw(t, "byte")] ^= rapid.ByteRange(1, 255).Draw(t, "bits")
				}
				w.Objects[k] = stored
			case 3:
				w.Objects[k] = append(stored, w.Objects[key("behind")]...)
			case 4:
				w.Signatures[k] = whole.Signatures[key("of")]
			case 5: // in the text, with the gzip as it should be
				text := slices.Clone(content(stored))
				if len(text) > 0 {
					text[rapid.IntRange(0, len(text)-1).Draw(t, "letter")] ^= rapid.ByteRange(1, 127).Draw(t, "into")
				}
				w.Objects[k] = digesttest.Pack(text)
			case 6:
				w.Objects[k+rapid.SampledFrom([]string{"x", ".signature", "/x"}).Draw(t, "name")] = stored
			}
		}
		reports, bad := 0, 0
		if err := digest.Verify(t.Context(), &w, w.o, func(r *digest.Report) error { reports++; bad += r.Wrong + r.Unknown; return nil }); err != nil {
			t.Fatal(err)
		}
		if reports != 1 || bad > 0 {
			return
		}
		if !slices.Equal(slices.Sorted(maps.Keys(w.Objects)), keys) {
			t.Fatal("all is proven, and there are other objects")
		}
		for k, stored := range w.Objects {
			if !bytes.Equal(content(stored), content(whole.Objects[k])) {
				t.Fatalf("all is proven, and %s is another", k)
			}
		}
	})
}
