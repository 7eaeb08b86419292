package config

import (
	"os"
	"strings"
	"time"

	"jobzero/internal/source/archive"
)

const (
	longestPlace     = 400 // bytes; it stands in the names of work
	minBack, maxBack = time.Hour, 3 * 366 * 24 * time.Hour
	maxParallel      = 256
	placeForm        = "want s3://BUCKET/PREFIX or a folder that can be read"
)

// checkArchive looks at the places that old logs are in.
func (c Config) checkArchive(p *problems) {
	seen := map[string]bool{}
	for i, place := range c.Archive.Places {
		key := at("archive.places", i)
		switch {
		case len(place) > longestPlace:
			p.add(key, "%d bytes: want %d at the most", len(place), longestPlace)
		case seen[place]:
			p.add(key, "%s is there twice", place)
		case strings.HasPrefix(place, archive.Scheme):
			if _, err := archive.ParseBucket(place); err != nil {
				p.add(key, "%q: %s", place, placeForm)
			}
		default:
			if info, err := os.Stat(place); err != nil || !info.IsDir() {
				p.add(key, "%q: %s", place, placeForm)
			}
		}
		seen[place] = true
	}
	a := c.Archive
	if a.LookBack < minBack || a.LookBack > maxBack {
		p.add("archive.look_back", "%s: want %s to %s", a.LookBack, minBack, maxBack)
	}
	if a.Parallel < 1 || a.Parallel > maxParallel {
		p.add("archive.parallel", "%d: want 1 to %d", a.Parallel, maxParallel)
	}
}
