package app

import (
	"context"
	"errors"
	"fmt"
	"os"
	"syscall"
	"testing"
	"time"

	"plenary/api"
	"plenary/client"
	"plenary/localdb"
	"plenary/platform/proxy"

	"github.com/google/go-cmp/cmp"
)

func TestExplain(t *testing.T) {
	t.Parallel()
	problem := &api.Problem{
		Code: api.CodeTooMany, Reference: "r", RetryAfter: time.Minute,
		Errors: []api.FieldError{{Pointer: "/email", Code: "required"}},
	}
	tests := []struct {
		err  error
		want Explanation
	}{
		{nil, Explanation{}},
		{errors.New("unforeseen"), Explanation{Kind: "internal"}},
		{fmt.Errorf("log in: %w", problem), Explanation{Kind: "too-many", Reference: "r", RetryAfter: time.Minute, Fields: problem.Errors}},
		{
			&api.Problem{Code: api.CodeEffects, Effects: []api.FormEffect{{Kind: api.EffectRemoved, Question: "diet"}}},
			Explanation{Kind: "effects", Effects: []api.FormEffect{{Kind: api.EffectRemoved, Question: "diet"}}},
		},
		{fmt.Errorf("%w: %w", ErrUnsent, problem), Explanation{Kind: KindUnsent}},
		{errors.Join(nil, context.Canceled), Explanation{Kind: KindCanceled}},
		{fmt.Errorf("%w: %w", ErrKeyringHangs, context.Canceled), Explanation{Kind: KindKeyringHangs}},
		{fmt.Errorf("%w: %w", ErrPassphraseNeeded, ErrKeyringMissing), Explanation{Kind: KindPassphraseNeeded}},
		{context.DeadlineExceeded, Explanation{Kind: KindTimeout}},
		{fmt.Errorf("%w: %w", client.ErrTimeout, context.DeadlineExceeded), Explanation{Kind: KindTimeout}},
		{client.ErrUnreachable, Explanation{Kind: KindUnreachable}},
		{client.ErrUntrusted, Explanation{Kind: KindUntrusted}},
		{&client.CertificateError{Reason: client.CertificateUnknown, Issuer: "CA"}, Explanation{Kind: KindUnknownIssuer, Issuer: "CA"}},
		{&client.CertificateError{Reason: client.CertificateTime, Issuer: "CA"}, Explanation{Kind: KindCertificateTime, Issuer: "CA"}},
		{&client.CertificateError{Reason: client.CertificateName}, Explanation{Kind: KindUntrusted}},
		{client.ErrProxy, Explanation{Kind: KindProxy}},
		{fmt.Errorf("%w: %w", client.ErrProxyLogIn, client.ErrProxyLogIn), Explanation{Kind: KindProxyLogIn}},
		{client.ErrProxyRefused, Explanation{Kind: KindProxyRefused}},
		{errors.Join(proxy.ErrSetting, proxy.ErrLogIn), Explanation{Kind: KindProxyPassword}},
		{errors.Join(proxy.ErrSetting, proxy.ErrScript), Explanation{Kind: KindProxyScript}},
		{proxy.ErrSetting, Explanation{Kind: KindProxySetting}},
		{client.ErrNotPlenary, Explanation{Kind: KindNotPlenary}},
		{client.ErrBrokenAnswer, Explanation{Kind: KindBrokenAnswer}},
		{&client.AddressError{Reason: client.AddressEmpty}, Explanation{Kind: KindAddress}},
		{localdb.ErrDiskFull, Explanation{Kind: KindDiskFull}},
		{localdb.ErrNewerFormat, Explanation{Kind: KindNewerData}},
		{localdb.ErrInUse, Explanation{Kind: KindInUse}},
		{localdb.ErrWrongKey, Explanation{Kind: KindWrongKey}},
		{fmt.Errorf("%w: %w", localdb.ErrStopped, localdb.ErrDiskFull), Explanation{Kind: KindDiskStopped}},
		{&os.PathError{Op: "mkdir", Path: "x", Err: syscall.ENOSPC}, Explanation{Kind: KindDiskFull}},
		{&os.PathError{Op: "mkdir", Path: "x", Err: syscall.EACCES}, Explanation{Kind: KindNoAccess}},
		{&os.PathError{Op: "mkdir", Path: "x", Err: syscall.EROFS}, Explanation{Kind: KindNoAccess}},
		{&os.PathError{Op: "mkdir", Path: "x", Err: syscall.ENOTDIR}, Explanation{Kind: KindNoAccess}},
		{&os.PathError{Op: "open", Path: "x", Err: busyError}, Explanation{Kind: KindFileBusy}},
		{fmt.Errorf("%w: %w", ErrSettings, ErrDamaged), Explanation{Kind: KindSettings}},
		{fmt.Errorf("%w: %w", client.ErrAuthorities, os.ErrNotExist), Explanation{Kind: KindAuthorities}},
		{ErrAlreadyRunning, Explanation{Kind: KindInUse}},
		{fmt.Errorf("%w: %w", ErrAlreadyRunning, ErrNotAnswering), Explanation{Kind: KindNotAnswering}},
		{ErrKeyLost, Explanation{Kind: KindWrongKey}},
		{ErrDamaged, Explanation{Kind: KindDamaged}},
		{ErrOtherService, Explanation{Kind: KindOtherService}},
		{ErrNoSession, Explanation{Kind: KindNoSession}},
	}
	for _, tt := range tests {
		t.Run(fmt.Sprint(tt.err), func(t *testing.T) {
			if diff := cmp.Diff(tt.want, Explain(tt.err)); diff != "" {
				t.Error(diff)
			}
		})
	}
}
