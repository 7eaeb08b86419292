package world

import (
	"bufio"
	"context"
	"fmt"
	"net/http"
	"os"
	"strconv"
	"strings"
)

// Measures are the values of /metrics by their name with labels, such as jobzero_events_total{source="eventbridge"}.
type Measures map[string]float64

// Measures reads /metrics.
func (h *House) Measures(ctx context.Context) (Measures, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+h.Address+"/metrics", nil)
	if err != nil {
		return nil, err
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return nil, err
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("/metrics answers %s", res.Status)
	}
	all := Measures{}
	lines := bufio.NewScanner(res.Body)
	for lines.Scan() {
		name, value, ok := cutLast(lines.Text())
		if !ok {
			continue
		}
		if all[name], err = strconv.ParseFloat(value, 64); err != nil {
			return nil, fmt.Errorf("/metrics: %q: %w", lines.Text(), err)
		}
	}
	return all, lines.Err()
}

// cutLast parts a line at its last space; comments are no lines.
func cutLast(line string) (name, value string, ok bool) {
	i := strings.LastIndexByte(line, ' ')
	if i < 0 || strings.HasPrefix(line, "#") {
		return "", "", false
	}
	return line[:i], line[i+1:], true
}

// Handled is how many messages a leg has carried.
func (m Measures) Handled(leg string) float64 {
	return m[fmt.Sprintf("jobzero_leg_duration_seconds_count{leg=%q}", leg)]
}

// Events is how many events have been taken in from a source, those left out as known not counted.
func (m Measures) Events(source string) float64 {
	return m[fmt.Sprintf("jobzero_events_total{source=%q}", source)]
}

// Resident is the memory of the process in bytes.
func (m Measures) Resident() float64 { return m["process_resident_memory_bytes"] }

// Own is the memory in bytes that the process itself has written to. What else is resident are pages of the program's own file, as many
// as the kernel likes to keep, which it drops when somebody else needs them.
func (h *House) Own() (float64, error) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", h.PID()))
	if err != nil {
		return 0, err
	}
	_, rest, ok := strings.Cut(string(text), "RssAnon:")
	var kb float64
	if _, err := fmt.Sscanf(rest, "%f kB", &kb); err != nil || !ok {
		return 0, fmt.Errorf("the status of the process has no RssAnon: %w", err)
	}
	return kb * 1024, nil
}
