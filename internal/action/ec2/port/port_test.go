package port_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"jobzero/internal/action/ec2/port"
	"jobzero/internal/fault"
)

func TestParse(t *testing.T) {
	for text, want := range map[string][]port.Range{
		"22":               {{From: 22, To: 22}},
		"22, 5900-5910 ,0": {{From: 22, To: 22}, {From: 5900, To: 5910}, {}},
		"0-65535":          {{From: 0, To: 65535}},
	} {
		got, err := port.Parse(text)
		if d := cmp.Diff(want, got); d != "" || err != nil {
			t.Errorf("%q: %v %s", text, err, d)
		}
	}
	for _, text := range []string{"", "ssh", "22,", "65536", "30-20", "-1", "1-2-3", "+22", "0x16"} {
		if got, err := port.Parse(text); !fault.Is(err, fault.Invalid) {
			t.Errorf("%q: got %v, %v", text, got, err)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{"", "22", "22,3389", " 22 , 5900-5910", "-", "1-2-3", "70000", "22,"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		list, err := port.Parse(text)
		if err == nil && len(list) == 0 {
			t.Fatalf("%q gave no ports and no error", text)
		}
		for _, r := range list {
			if r.From < 0 || r.From > r.To || r.To > 65535 || !r.Overlaps(r) {
				t.Fatalf("%q gave %+v", text, r)
			}
		}
	})
}
