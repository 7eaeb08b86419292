package oncall

import "time"

// Zone is where a member lives, as the site says; nil of everybody else.
func (p *Plan) Zone(person string) *time.Location {
	s, ok := p.circle.home[person]
	if !ok {
		return nil
	}
	return s.zone
}
