package oncall

import "time"

// Duty is who is on duty at one time.
type Duty struct {
	Rota      string    `json:"rota"`
	At        time.Time `json:"at"`
	Primary   Holder    `json:"primary"`
	Secondary Holder    `json:"secondary"`
	Next      Holder    `json:"next"`              // who is primary afterwards
	Waiting   *Waiting  `json:"waiting,omitempty"` // nil: nobody has to accept anything now
	Sample    bool      `json:"sample,omitempty"`  // the built-in rota: its people are made up
}

// Holder is a person in a seat. A Person that is empty says that nobody is: a rota that passed its proof has no such time.
type Holder struct {
	Person string    `json:"person"` // ID, as in org.yaml
	Site   string    `json:"site"`
	Since  time.Time `json:"since,omitzero"`
	Until  time.Time `json:"until,omitzero"` // zero while it is not known: until somebody accepts
}

// Waiting is a handoff that nobody has accepted though its time has come: the primary is the one who was there before.
type Waiting struct {
	Handoff string    `json:"handoff"` // its ID
	Due     time.Time `json:"due"`     // when duty would have passed on
	Asked   []string  `json:"asked"`   // people who may accept it, in the order in which they were asked
}

// Seat is one of the two places of a shift.
type Seat string

// The seats.
const (
	Primary   Seat = "primary"
	Secondary Seat = "secondary"
)

// Seats gives both.
func Seats() []Seat { return []Seat{Primary, Secondary} }

// Shift is the time of one site on duty, as planned.
type Shift struct {
	Rota      string    `json:"rota"`
	Site      string    `json:"site"`
	Start     time.Time `json:"start"`
	End       time.Time `json:"end"`
	Primary   string    `json:"primary"`
	Secondary string    `json:"secondary"`
	Holiday   string    `json:"holiday,omitempty"` // at its site, while it lasts
}

// In gives who has a seat.
func (s Shift) In(seat Seat) string {
	if seat == Secondary {
		return s.Secondary
	}
	return s.Primary
}
