package cloudtrail

import "jobzero/internal/event"

// level is an object of a record that has members with slots, itself or further down.
type level struct {
	number  int // among the levels
	members []member
	byName  map[string]int
}

// member is a member of a level.
type member struct {
	name  string // with its quotes and the colon, as it stands in a record
	slot  event.Slot
	takes kinds  // what its value is in a plain record
	other string // of this member and that one there may be one
	once  uint64 // the bit that marks that there was one
	below *level // the level that its value is, or in a list the values are
}

// noSlot is the slot of members that are only there to be known quickly.
const noSlot event.Slot = 255

// kinds are kinds of values, a bit each.
type kinds uint8

const (
	text kinds = 1 << iota
	object
	list
	word // true or false
	null
	number
	anything = text | object | list | word | null | number
)

// kindOf is the kind of the value that begins with a byte; none for a byte that begins no value.
var kindOf = [256]kinds{
	'"': text, '{': object, '[': list, 't': word, 'f': word, 'n': null, '-': number, '0': number, '1': number, '2': number,
	'3': number, '4': number, '5': number, '6': number, '7': number, '8': number, '9': number,
}

// The levels of a record. What a plain record has there is what Parse takes without a second look.
var (
	resourceLevel = newLevel(0,
		one("accountId", noSlot, text), one("type", noSlot, text), one("ARN", noSlot, text),
		one("arn", noSlot, text).insteadOf("ARN"), one("ARNPrefix", noSlot, text).insteadOf("ARN"),
	)
	issuerLevel = newLevel(1,
		one("type", noSlot, anything), one("principalId", noSlot, anything), one("arn", event.IdentityIssuerARN, text|null),
		one("accountId", noSlot, anything), one("userName", event.IdentityIssuerName, text|null),
	)
	sessionLevel = newLevel(2,
		one("sessionIssuer", noSlot, object).of(issuerLevel), one("attributes", noSlot, anything),
		one("webIdFederationData", noSlot, anything), one("sourceIdentity", noSlot, anything), one("ec2RoleDelivery", noSlot, anything),
	)
	identityLevel = newLevel(3,
		one("type", event.IdentityType, text|null), one("principalId", event.IdentityPrincipal, text|null),
		one("arn", event.IdentityARN, text|null), one("accountId", event.IdentityAccount, text|null),
		one("accessKeyId", event.IdentityKey, text|null), one("userName", event.IdentityUser, text|null),
		one("invokedBy", event.IdentityInvokedBy, text|null),
		one("sessionContext", event.IdentitySession, object|null).of(sessionLevel),
	)
	topLevel = newLevel(4,
		one("eventVersion", event.EventVersion, anything), one("userIdentity", event.UserIdentity, object|null).of(identityLevel),
		one("eventTime", event.EventTime, text), one("eventSource", event.EventSource, text),
		one("eventName", event.EventName, text), one("awsRegion", event.AWSRegion, text|null),
		one("sourceIPAddress", event.SourceIPAddress, text|null), one("userAgent", event.UserAgent, text|null),
		one("errorCode", event.ErrorCode, text|null), one("errorMessage", event.ErrorMessage, anything),
		one("requestParameters", event.RequestParameters, anything), one("responseElements", event.ResponseElements, anything),
		one("additionalEventData", event.AdditionalEventData, anything), one("requestID", event.RequestID, anything),
		one("eventID", event.EventID, text), one("readOnly", event.ReadOnly, word|null),
		one("resources", event.Resources, list|null).of(resourceLevel), one("eventType", event.EventType, text|null),
		one("apiVersion", event.APIVersion, anything), one("managementEvent", event.ManagementEvent, anything),
		one("recipientAccountId", event.RecipientAccountID, text), one("sharedEventID", event.SharedEventID, anything),
		one("vpcEndpointId", event.VPCEndpointID, anything), one("eventCategory", event.EventCategory, anything),
		one("serviceEventDetails", event.ServiceEventDetails, anything), one("insightDetails", event.InsightDetails, 0),
		one("tlsDetails", event.TLSDetails, anything),
		one("sessionCredentialFromConsole", event.SessionCredentialFromConsole, anything),
	)
)

// The levels' numbers go up to levels, a level's members to members.
const (
	levels  = 5
	members = 32
)

func one(name string, slot event.Slot, takes kinds) member {
	return member{name: `"` + name + `":`, slot: slot, takes: takes}
}

// of says which level the member's value is.
func (m member) of(l *level) member {
	m.below = l
	return m
}

// insteadOf says that the member stands for another one, and not beside it.
func (m member) insteadOf(name string) member {
	m.other = name
	return m
}

func newLevel(number int, all ...member) *level {
	l := &level{number: number, members: all, byName: map[string]int{}}
	for i := range all {
		m := &all[i]
		l.byName[m.name[1:len(m.name)-2]] = i
		m.once = 1 << i
		if m.other != "" {
			m.once = 1 << l.byName[m.other]
		}
	}
	return l
}

// find gives a member by its name; false when the level does not know it.
func (l *level) find(name []byte) (int, bool) {
	i, ok := l.byName[string(name)]
	return i, ok
}
