package cloudlog

import "strings"

// pool is a set of names for things that exist.
type pool struct {
	size     int      // so many of them; none when the name is made for each record
	regional bool     // others in each region; else others in each account
	words    []string // or simply these, everywhere
	text     template
}

type poolKey struct{ name, account, region string }

// pools reads the blocks of names. Their templates are compiled later: they may use one another.
func pools(all []block) (map[string]pool, map[string]string) {
	out, texts := map[string]pool{}, map[string]string{}
	for _, b := range all {
		if b.kind != "names" {
			continue
		}
		for _, f := range b.facts() {
			p, text := pool{}, f.value
			switch b.names[0] {
			case "everywhere":
				p.words, text = strings.Fields(f.value), ""
				p.size = len(p.words)
			case "account", "region":
				var size string
				size, text, _ = strings.Cut(f.value, " ")
				p.size, p.regional = number(size), b.names[0] == "region"
			}
			out[f.name], texts[f.name] = p, text
		}
	}
	return out, texts
}

// draw takes a name out of its pool, the first ones more often: some buckets and roles are used all the time.
func (s *scene) draw(name string) string {
	p := s.log.grammar.pools[name]
	if p.size == 0 {
		return string(p.text.expand(s.inner(), nil))
	}
	all := s.pool(name, p)
	x := s.rng.Float64()
	return all[int(x*x*float64(len(all)))]
}

// pool makes the names of a pool when they are first asked for.
func (s *scene) pool(name string, p pool) []string {
	if p.words != nil {
		return p.words
	}
	key := poolKey{name: name, account: s.name("account")}
	if p.regional {
		key.region = s.name("region")
	}
	if all := s.log.pools[key]; all != nil {
		return all
	}
	maker := &scene{log: s.log, rng: s.log.rng(name + key.account + key.region), known: []fact{{"account", key.account}, {"region", key.region}}}
	all := make([]string, p.size)
	for i := range all {
		all[i] = string(p.text.expand(maker.inner(), nil))
	}
	s.log.pools[key] = all
	return all
}
