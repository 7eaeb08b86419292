package weather

import (
	"fmt"
	"net/http"
	"strings"

	"jobzero/internal/testmoto"
)

// refuse answers a call by a fault, in the form and with the code that its service's protocol has for it
// (docs.aws.amazon.com: "Common errors" of each service's API reference; smithy.io/2.0/aws/protocols for the forms).
func refuse(w http.ResponseWriter, r *http.Request, c testmoto.Call, what Kind) {
	f := faultOf(c, what)
	w.Header().Set("X-Amzn-Requestid", "weather")
	switch {
	case r.Header.Get("X-Amz-Target") != "":
		w.Header().Set("Content-Type", "application/x-amz-json-1.1")
		w.WriteHeader(f.status)
		fmt.Fprintf(w, `{"__type":%q,"message":%q}`, f.code, f.text)
	case c.Service == "s3":
		w.Header().Set("Content-Type", "application/xml")
		w.WriteHeader(f.status)
		fmt.Fprintf(w, `<?xml version="1.0" encoding="UTF-8"?><Error><Code>%s</Code><Message>%s</Message><RequestId>weather</RequestId></Error>`, f.code, f.text)
	case c.Service == "ec2":
		w.Header().Set("Content-Type", "text/xml")
		w.WriteHeader(f.status)
		fmt.Fprintf(w, `<Response><Errors><Error><Code>%s</Code><Message>%s</Message></Error></Errors><RequestID>weather</RequestID></Response>`, f.code, f.text)
	case strings.HasPrefix(r.Header.Get("Content-Type"), "application/x-www-form-urlencoded"):
		w.Header().Set("Content-Type", "text/xml")
		w.WriteHeader(f.status)
		fmt.Fprintf(w, `<ErrorResponse><Error><Type>Sender</Type><Code>%s</Code><Message>%s</Message></Error><RequestId>weather</RequestId></ErrorResponse>`, f.code, f.text)
	default: // REST with JSON: the code is a header
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("X-Amzn-Errortype", f.code)
		w.WriteHeader(f.status)
		fmt.Fprintf(w, `{"message":%q}`, f.text)
	}
}

// fault is what a service says.
type fault struct {
	status     int
	code, text string
}

func faultOf(c testmoto.Call, what Kind) fault {
	switch what {
	case Throttled:
		switch c.Service {
		case "s3":
			return fault{http.StatusServiceUnavailable, "SlowDown", "Please reduce your request rate."}
		case "ec2":
			return fault{http.StatusServiceUnavailable, "RequestLimitExceeded", "Request limit exceeded."}
		case "iam", "sts":
			return fault{http.StatusBadRequest, "Throttling", "Rate exceeded"}
		default:
			return fault{http.StatusTooManyRequests, "ThrottlingException", "Rate exceeded"}
		}
	case Denied:
		if c.Service == "ec2" {
			return fault{http.StatusForbidden, "UnauthorizedOperation", "You are not authorized to perform this operation."}
		}
		return fault{http.StatusForbidden, "AccessDenied", "User is not authorized to perform this operation."}
	default:
		return fault{http.StatusInternalServerError, "InternalError", "We encountered an internal error. Please try again."}
	}
}
