package awsorg

import (
	"context"
	"errors"
	"net"
	"net/http"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws/retry"
	"github.com/aws/smithy-go"
	smithyhttp "github.com/aws/smithy-go/transport/http"

	"jobzero/internal/fault"
)

// Fault gives an AWS error its code and says what was being done; nil stays nil.
func Fault(err error, format string, args ...any) error {
	if err == nil {
		return nil
	}
	code, _ := Classify(err)
	return fault.Wrap(code, err, format, args...)
}

// Classify says what an error of an AWS call means, and its cause in a few words for people. NotFound is given only when
// the API named it: a bare 404 is also what a missing API, a proxy or an emulator answers, and must not make a resource gone.
func Classify(err error) (fault.Code, string) {
	if err == nil {
		return "", ""
	}
	if errors.Is(err, context.DeadlineExceeded) || errors.Is(err, context.Canceled) {
		return fault.Unavailable, "no answer in time"
	}
	if api, ok := errors.AsType[smithy.APIError](err); ok {
		if code, cause, ok := byCode(api.ErrorCode(), api.ErrorMessage()); ok {
			return code, cause
		}
	}
	if f, ok := errors.AsType[*fault.Error](err); ok {
		return f.Code, f.Text
	}
	if res, ok := errors.AsType[*smithyhttp.ResponseError](err); ok && res.HTTPStatusCode() != 0 {
		return byStatus(res.HTTPStatusCode(), err)
	}
	if _, ok := errors.AsType[net.Error](err); ok {
		return fault.Unavailable, "network: " + err.Error()
	}
	if _, ok := errors.AsType[*smithy.SerializationError](err); ok {
		return fault.Invalid, err.Error()
	}
	return fault.Unavailable, err.Error()
}

// named holds what error codes mean; those that only end alike are in byCode.
var named = map[string]struct {
	code  fault.Code
	cause string
}{
	"AccessDenied": {fault.Denied, "denied"}, "AccessDeniedException": {fault.Denied, "denied"}, "Forbidden": {fault.Denied, "denied"},
	"UnauthorizedOperation": {fault.Denied, "denied"}, "AuthorizationError": {fault.Denied, "denied"}, "UnauthorizedAccess": {fault.Denied, "denied"},
	"UnauthorizedException": {fault.Denied, "denied"}, "NotAuthorized": {fault.Denied, "denied"}, "AllAccessDisabled": {fault.Denied, "all access disabled by AWS"},
	"AccountProblem": {fault.Denied, "account suspended or closed"}, "NotSignedUp": {fault.Denied, "account suspended or not signed up"},
	"PendingVerification": {fault.Denied, "account not verified yet"}, "Blocked": {fault.Denied, "account blocked by AWS"},
	"RegionDisabledException": {fault.Denied, "region not enabled"}, "OptInRequired": {fault.Denied, "region or service not enabled"},
	"AuthFailure": {fault.Denied, "credentials not accepted (is the region enabled?)"}, "SignatureDoesNotMatch": {fault.Denied, "credentials not accepted"},
	"InvalidClientTokenId":        {fault.Denied, "credentials not accepted (is the region enabled?)"},
	"UnrecognizedClientException": {fault.Denied, "credentials not accepted (is the region enabled?)"},
	"InvalidAccessKeyId":          {fault.Denied, "credentials not accepted (is the region enabled?)"},
	"ExpiredToken":                {fault.Unavailable, "session expired"}, "ExpiredTokenException": {fault.Unavailable, "session expired"}, "RequestExpired": {fault.Unavailable, "session or clock expired"},
	"AuthorizationHeaderMalformed": {fault.Unavailable, "redirected: the wrong region"}, "PermanentRedirect": {fault.Unavailable, "redirected: the wrong region"},
	"IllegalLocationConstraintException": {fault.Unavailable, "redirected: the wrong region"},
	"TemporaryRedirect":                  {fault.Unavailable, "redirected: a new bucket's name is not known everywhere yet"},
	"SlowDown":                           {fault.Unavailable, "throttled"}, "TooManyRequests": {fault.Unavailable, "throttled"},
	"InternalError": {fault.Unavailable, "AWS internal error"}, "InternalFailure": {fault.Unavailable, "AWS internal error"},
	"ServiceUnavailable": {fault.Unavailable, "service unavailable"}, "ServiceFailure": {fault.Unavailable, "AWS internal error"},
	"NotFound": {fault.NotFound, "not found"}, "ResourceNotFoundException": {fault.NotFound, "not found"},
	"OwnershipControlsNotFoundError":                 {fault.NotFound, "not configured"},
	"ServerSideEncryptionConfigurationNotFoundError": {fault.NotFound, "not configured"},
	"OperationAborted":                               {fault.Conflict, "changed by somebody else at the same time"}, "PreconditionFailed": {fault.Conflict, "changed since it was read"},
	"EntityTemporarilyUnmodifiable": {fault.Conflict, "being changed by somebody else"}, "ConflictException": {fault.Conflict, "conflict"},
	"ConcurrentModification": {fault.Conflict, "changed by somebody else at the same time"}, "ConditionalRequestConflict": {fault.Conflict, "changed by somebody else at the same time"},
	"DependencyViolation": {fault.Conflict, "something depends on it"},
}

func byCode(code, message string) (fault.Code, string, bool) {
	if n, ok := named[code]; ok {
		for _, by := range []string{"service control policy", "resource control policy"} {
			if n.code == fault.Denied && strings.Contains(message, by) {
				return n.code, "denied by a " + by, true
			}
		}
		return n.code, n.cause, true
	}
	if _, ok := retry.DefaultThrottleErrorCodes[code]; ok {
		return fault.Unavailable, "throttled", true
	}
	switch {
	case strings.HasPrefix(code, "NoSuch"), strings.HasSuffix(code, ".NotFound"):
		return fault.NotFound, "not found", true
	case strings.HasSuffix(code, ".Duplicate"), strings.HasSuffix(code, "AlreadyExists"):
		return fault.Conflict, "there already", true
	case strings.HasPrefix(code, "Invalid"), strings.HasPrefix(code, "Malformed"), strings.HasPrefix(code, "Missing"), code == "ValidationError":
		return fault.Invalid, code + ": " + message, true
	}
	return "", "", false
}

func byStatus(status int, err error) (fault.Code, string) {
	switch {
	case status == http.StatusUnauthorized || status == http.StatusForbidden:
		return fault.Denied, "denied"
	case status == http.StatusTooManyRequests:
		return fault.Unavailable, "throttled"
	case status == http.StatusConflict || status == http.StatusPreconditionFailed:
		return fault.Conflict, "changed by somebody else at the same time"
	case status == http.StatusNotFound || status == http.StatusMethodNotAllowed || status == http.StatusNotImplemented:
		return fault.Unavailable, "the endpoint does not know this call"
	case status >= 300 && status < 400:
		return fault.Unavailable, "redirected: the wrong region"
	case status >= 500:
		return fault.Unavailable, "service unavailable"
	}
	return fault.Invalid, err.Error()
}
