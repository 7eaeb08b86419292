package series_test

import (
	"encoding/csv"
	"encoding/json"
	"maps"
	"math"
	"os"
	"slices"
	"strconv"
	"testing"
	"time"

	"jobzero/internal/detect/baseline/series"
	"jobzero/internal/testcorpus"
)

// metric is a series of the corpus.
type metric struct {
	labelled
	times  []time.Time
	values []float64
}

const stamp = "2006-01-02 15:04:05"

func metrics(t *testing.T) (all []metric) {
	t.Helper()
	text, err := os.ReadFile(testcorpus.Path(t, "nab-cloudwatch", "labels.json"))
	if err != nil {
		t.Fatal(err)
	}
	var labels map[string]struct{ Windows [][2]string }
	if err := json.Unmarshal(text, &labels); err != nil {
		t.Fatal(err)
	}
	for _, name := range slices.Sorted(maps.Keys(labels)) {
		m := metric{labelled: labelled{name: name}}
		m.read(t, testcorpus.Path(t, "nab-cloudwatch", name))
		for _, w := range labels[name].Windows {
			m.windows = append(m.windows, [2]int{m.index(t, w[0]), m.index(t, w[1])})
		}
		all = append(all, m)
	}
	if len(all) < 9 {
		t.Fatalf("only %d series", len(all))
	}
	return all
}

func (m *metric) read(t *testing.T, path string) {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range rows[1:] {
		at, err := time.Parse(stamp, row[0])
		if err != nil {
			t.Fatal(err)
		}
		v, err := strconv.ParseFloat(row[1], 64)
		if err != nil {
			t.Fatal(err)
		}
		m.times, m.values = append(m.times, at), append(m.values, v)
	}
}

func (m *metric) index(t *testing.T, label string) int {
	t.Helper()
	at, err := time.Parse(stamp, label[:len(stamp)])
	if err != nil {
		t.Fatal(err)
	}
	i := slices.IndexFunc(m.times, at.Equal)
	if i < 0 {
		t.Fatalf("%s has no value at %s", m.name, label)
	}
	return i
}

// TestScorer holds the scorer and the windowed Gaussian against what the benchmark's authors published for it, series by
// series, at their threshold of 1. They wrote scores with twelve digits, so that what is nearly 1 was 1.
func TestScorer(t *testing.T) {
	published := map[string]float64{
		"realAWSCloudwatch/ec2_cpu_utilization_24ae8d.csv":         -1.26667875935,
		"realAWSCloudwatch/ec2_cpu_utilization_5f5533.csv":         -2.0,
		"realAWSCloudwatch/ec2_cpu_utilization_825cc2.csv":         0.956537840284,
		"realAWSCloudwatch/ec2_cpu_utilization_c6585a.csv":         -1.32,
		"realAWSCloudwatch/ec2_disk_write_bytes_1ef3de.csv":        -4.19089678552,
		"realAWSCloudwatch/ec2_network_in_257a54.csv":              0.86067182427,
		"realAWSCloudwatch/elb_request_count_8c0756.csv":           -0.138449197924,
		"realAWSCloudwatch/iio_us-east-1_i-a2eb1cd9_NetworkIn.csv": -2.0,
		"realAWSCloudwatch/rds_cpu_utilization_e47b3b.csv":         -0.138449197924,
	}
	for _, m := range metrics(t) {
		m.scores = gaussian(m.values)
		if got, want := m.raw(1-5e-13), published[m.name]; math.Abs(got-want) > 1e-6 {
			t.Errorf("%s: %.6f, published %.6f", m.name, got, want)
		}
	}
}

// TestBenchmark: no tuning to single series and no look ahead, and still 1.4 times the windowed Gaussian.
func TestBenchmark(t *testing.T) {
	var ours, theirs []labelled
	all := metrics(t)
	for _, m := range all {
		theirs = append(theirs, labelled{m.name, m.windows, gaussian(m.values)})
		var d series.Detector
		for i, v := range m.values {
			m.scores = append(m.scores, d.Take(m.times[i], v).Score)
		}
		ours = append(ours, m.labelled)
	}
	score, threshold := nab(ours)
	gauss, _ := nab(theirs)
	t.Logf("NAB, standard profile, %d series: ours %.1f (threshold %.2f), windowed Gaussian %.1f: %.2f times", len(ours), score, threshold, gauss, score/gauss)
	for i, s := range ours {
		t.Logf("  %-60s %5.2f, windowed Gaussian %5.2f, of %d", s.name, s.raw(threshold), theirs[i].raw(1), len(s.windows))
	}
	if score < 1.4*gauss {
		t.Errorf("%.1f is less than 1.4 times the windowed Gaussian's %.1f", score, gauss)
	}
}
