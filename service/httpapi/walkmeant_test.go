package httpapi

import (
	"encoding/json"
	"net/url"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/pquerna/otp/totp"

	"plenary/api"
	"plenary/service/mail"
	"plenary/service/mail/mailtest"
	"plenary/service/store"
)

const otherPassword = "Br1ght_Otter^Meadow"

const reason = "asked for at the desk"

// asMeant are requests to operations that succeed, after what has to be there before:
// by what the description names them, of each kind where there are several. Of others it
// is enough to send what their schema takes.
var asMeant = map[string]func(*walk) asked{
	"prove-service": func(*walk) asked {
		return asked{body: api.ProveService{Address: "https://accounts.example.org", Challenge: flowA}}
	},
	"sign-up":        func(*walk) asked { return asked{body: signUp(flowA, "boris@example.org", "boris")} },
	"sign-up-state":  func(w *walk) asked { w.signedUp(); return asked{body: api.Flow{Token: flowA}} },
	"resend-sign-up": func(w *walk) asked { w.signedUp(); return asked{body: api.Flow{Token: flowA}} },
	"resend-activation": func(w *walk) asked {
		w.signedUp()
		return asked{body: api.ResendActivation{Identifier: "boris", Password: password}}
	},
	"activate": func(w *walk) asked {
		w.signedUp()
		return asked{body: api.Activate{Flow: flowA, Code: w.newestMail(mail.Activate).Secrets[mail.Code], Password: password}}
	},

	"log-in": func(*walk) asked {
		return asked{body: api.LogIn{Identifier: "amina", Password: password, Keep: true}}
	},
	"refresh": func(w *walk) asked { return asked{body: api.Refresh{Refresh: w.amina.Refresh}} },
	"prove":   func(*walk) asked { return asked{body: api.Reauthenticate{Password: password}} },
	"end-session": func(w *walk) asked {
		w.loggedIn("amina")
		for _, s := range read[api.Sessions](w.t, w.call(w.amina, "GET", "/v1/sessions", nil)).Sessions {
			if !s.Current {
				return asked{name: s.ID}
			}
		}
		w.t.Fatal("one session only")
		return asked{}
	},
	"forget-device": func(w *walk) asked { return asked{body: api.ForgetDevice{Device: w.amina.Device}} },

	"recover":             func(*walk) asked { return asked{body: api.Recover{Flow: flowA, Identifier: "amina"}} },
	"send-recovery":       func(w *walk) asked { w.recovery(); return asked{body: api.Flow{Token: flowA}} },
	"check-recovery-code": func(w *walk) asked { return asked{body: api.RecoveryCode{Flow: flowA, Code: w.recovery()}} },
	"recovery-question":   func(w *walk) asked { return asked{body: api.RecoveryCode{Flow: flowA, Code: w.recovery()}} },
	"check-recovery-answer": func(w *walk) asked {
		return asked{body: api.RecoveryAnswer{Flow: flowA, Code: w.recovery(), Answer: "Main Street"}}
	},
	"reset": func(w *walk) asked {
		return asked{body: api.Reset{Flow: flowA, Code: w.recovery(), Password: otherPassword}}
	},

	"change-password": func(*walk) asked { return asked{body: api.ChangePassword{Current: password, New: otherPassword}} },
	"set-secret-question": func(*walk) asked {
		return asked{body: api.SetSecretQuestion{Question: "first-street", Answer: "Main Street"}}
	},
	"confirm-second-factor": func(w *walk) asked {
		return asked{body: api.ConfirmSecondFactor{Code: w.secondFactor()}}
	},
	"make-recovery-codes": func(w *walk) asked {
		w.succeed(w.amina, "POST", "/v1/account/second-factor/confirm", api.ConfirmSecondFactor{Code: w.secondFactor()})
		return asked{}
	},
	"change-profile": func(w *walk) asked {
		return asked{body: api.ChangeProfile{FirstName: "Amina", Language: "fr", Version: w.amina.Account.Version}}
	},
	"change-username": func(*walk) asked { return asked{body: api.ChangeUsername{Username: "amina2"}} },
	"change-email":    func(*walk) asked { return asked{body: api.ChangeEmail{Email: "new@example.net"}} },
	"confirm-email": func(w *walk) asked {
		w.succeed(w.amina, "POST", "/v1/account/email", api.ChangeEmail{Email: "new@example.net"})
		return asked{body: api.ConfirmEmail{Code: w.newestMail(mail.EmailCode).Secrets[mail.Code]}}
	},
	"adopt-email": func(w *walk) asked {
		w.exec(`INSERT INTO reset_addresses (account_id, email, email_key, reason, set_by, set_at, expires_at, used_at) VALUES ($1, 'area@example.org', 'area@example.org', '', '', 1, $2, $2)`,
			w.amina.Account.ID, store.Micros(time.Now().Add(time.Hour)))
		return asked{}
	},
	"get-deletion": func(w *walk) asked { w.succeed(w.amina, "POST", "/v1/account/deletion", nil); return asked{} },

	"list-approvals": func(w *walk) asked { w.approval(); return asked{} },
	"decide-approval": func(w *walk) asked {
		return asked{name: w.approval(), body: api.DecideApproval{Approve: true}}
	},
	"get-user": func(w *walk) asked { return w.target(nil) },
	"export-users": func(*walk) asked {
		return asked{body: api.ExportUsers{State: api.UserActive, Role: api.RoleAdministrator}}
	},
	"invite-user": func(*walk) asked {
		return asked{body: api.InviteUser{
			FirstName: "Inês", Email: "ines@example.net", Language: "en", Roles: []string{api.RoleMeetingManager}, Reason: reason,
			NewOrganization: &api.NewOrganization{Name: "Radio Andorra"}, Country: "AD", Membership: "media",
		}}
	},
	"send-file": func(w *walk) asked {
		w.photoMeeting()
		return asked{name: fileID, body: api.SendFile{Meeting: meetingCode, Question: "photo", Name: "me.png", Content: tinyPNG}}
	},
	"get-file": func(w *walk) asked {
		w.photoMeeting()
		w.succeed(w.amina, "PUT", "/v1/files/"+fileID, api.SendFile{Meeting: meetingCode, Question: "photo", Name: "me.png", Content: tinyPNG})
		return asked{name: fileID}
	},
	"list-user-registrations": func(w *walk) asked {
		w.deliver(w.amina, registerOperation(1))
		return w.target(nil)
	},
	"list-users": func(w *walk) asked {
		w.signedUp()
		return asked{query: "?" + url.Values{"query": {"boris"}, "inside": {"true"}, "state": {api.UserUnverified}}.Encode()}
	},
	"change-user activate": func(w *walk) asked {
		w.succeed(w.boss, "POST", w.changes(w.amina.Account.ID), api.ChangeUser{Kind: api.KindDeactivate, Reason: reason})
		return w.target(api.ChangeUser{Kind: api.KindActivate, Reason: reason})
	},
	"change-user deactivate":   func(w *walk) asked { return w.target(api.ChangeUser{Kind: api.KindDeactivate, Reason: reason}) },
	"change-user end-sessions": func(w *walk) asked { return w.target(api.ChangeUser{Kind: api.KindEndSessions, Reason: reason}) },
	"change-user remove-second-factor": func(w *walk) asked {
		w.succeed(w.amina, "POST", "/v1/account/second-factor/confirm", api.ConfirmSecondFactor{Code: w.secondFactor()})
		return w.target(api.ChangeUser{Kind: api.KindRemoveSecondFactor, Reason: reason})
	},
	"change-user reset-address": func(w *walk) asked { return w.target(resetAddress("area@example.org")) },
	"change-user remove-reset-address": func(w *walk) asked {
		w.succeed(w.boss, "POST", w.changes(w.amina.Account.ID), resetAddress("area@example.org"))
		return w.target(api.ChangeUser{Kind: api.KindRemoveResetAddress})
	},
	"change-user roles": func(w *walk) asked {
		return w.target(roles(w.userVersion(w.boss, w.amina.Account.ID), api.RoleMeetingManager))
	},
	"change-user correct-profile": func(w *walk) asked {
		return w.target(api.ChangeUser{
			Kind: api.KindCorrectProfile, Reason: reason, Version: w.userVersion(w.boss, w.amina.Account.ID),
			Profile: &api.CorrectProfile{FirstName: "Amina", NewOrganization: &api.NewOrganization{Name: "Radio Andorra"}, Country: "AD", Membership: "media"},
		})
	},
	"change-user send-activation": func(w *walk) asked {
		return w.signUpTarget(api.ChangeUser{Kind: api.KindSendActivation, Reason: reason})
	},
	"change-user correct-email": func(w *walk) asked {
		return w.signUpTarget(api.ChangeUser{Kind: api.KindCorrectEmail, Email: "boris@example.net", Reason: reason})
	},
	"change-user end-sign-up": func(w *walk) asked {
		return w.signUpTarget(api.ChangeUser{Kind: api.KindEndSignUp, Reason: reason})
	},

	"save-policies": func(w *walk) asked {
		return asked{body: read[api.Policies](w.t, w.call(w.boss, "GET", "/v1/policies", nil))}
	},
	"save-settings": func(*walk) asked { return asked{body: api.ServiceSettings{Organization: "Example"}} },
	"export-audit":  func(*walk) asked { return asked{body: api.ExportAudit{From: "2026-01-01"}} },
	"export-mails":  func(*walk) asked { return asked{body: api.ExportMails{State: "failed"}} },
	"list-audit":    func(*walk) asked { return asked{query: "?from=2026-01-01&event=logged-in"} },

	"list-entered-organizations": func(w *walk) asked { w.entered(); return asked{} },
	"accept-organization": func(w *walk) asked {
		return asked{name: w.entered(), body: api.AcceptOrganization{Name: "Andorran School of Radio", Country: "AD", Membership: "academia"}}
	},
	"merge-organization": func(w *walk) asked {
		return asked{name: w.entered(), body: api.MergeOrganization{OrganizationID: w.deps.Organizations.Directory().All()[0].ID}}
	},

	"save-mail-settings": func(w *walk) asked {
		in := mailServer(mailtest.Start(w.t, mailtest.Manners{}))
		in.Version = read[api.MailSettings](w.t, w.call(w.boss, "GET", "/v1/mail/settings", nil)).Version
		return asked{body: in}
	},
	"test-mail": func(w *walk) asked {
		return asked{body: api.TestMail{Settings: mailServer(mailtest.Start(w.t, mailtest.Manners{}))}}
	},
	"get-last-mail-test": func(w *walk) asked {
		w.succeed(w.boss, "POST", "/v1/mail/test", api.TestMail{Settings: mailServer(mailtest.Start(w.t, mailtest.Manners{}))})
		return asked{}
	},
	"switch-automatic-mail": func(*walk) asked { return asked{name: mail.Active, body: api.Switch{On: true}} },
	"list-outgoing-mails":   func(w *walk) asked { w.signedUp(); return asked{query: "?query=boris&state=waiting"} },
	"send-mail-again": func(w *walk) asked {
		w.signedUp()
		return asked{name: read[api.OutgoingMails](w.t, w.call(w.boss, "GET", "/v1/mail/outgoing", nil)).Mails[0].ID}
	},

	"join":              func(w *walk) asked { return asked{name: w.joinable(), body: api.Join{Session: 1}} },
	"get-meeting":       func(*walk) asked { return asked{name: meetingCode} },
	"list-meeting-keys": func(*walk) asked { return asked{name: meetingCode} },
	"list-meeting-registrations": func(w *walk) asked {
		w.deliver(w.amina, registerOperation(1))
		return asked{name: meetingCode}
	},
	"export-registrations": func(*walk) asked {
		return asked{name: meetingCode, body: api.ExportRegistrations{State: api.Confirmed}}
	},
	"import-registrations": func(*walk) asked {
		row := api.ImportedPerson{Organization: "Radio Andorra", Country: "AD", RegisterFor: api.RegisterFor{
			Register: api.Register{Meeting: meetingCode, Participation: api.OnSite, BadgeName: "Inês"}, FamilyName: "Inês", Email: "ines@example.net",
		}}
		return asked{name: meetingCode, body: api.ImportRegistrations{ID: uuid.NewString(), Rows: []api.ImportedPerson{row}}}
	},
	"invite":           func(*walk) asked { return asked{name: meetingCode, body: invite()} },
	"list-invitations": func(w *walk) asked { w.invited(); return asked{name: meetingCode} },
	"send-invitation": func(w *walk) asked {
		return asked{name: w.invited(), body: api.SendInvitation{Until: time.Now().Add(time.Hour).UTC()}}
	},
	"withdraw-invitation": func(w *walk) asked { return asked{name: w.invited()} },
	"read-invitation": func(w *walk) asked {
		w.invited()
		_, token, _ := strings.Cut(w.newestMail(mail.MeetingInvitation).Secrets[mail.Link], "#")
		return asked{body: api.ReadInvitation{Token: token}}
	},
	"get-statistics": func(w *walk) asked {
		w.deliver(w.amina, registerOperation(1))
		return asked{name: meetingCode}
	},
	"list-participants": func(w *walk) asked {
		m, err := w.deps.Meetings.Get(w.t.Context(), meetingCode)
		if err != nil {
			w.t.Fatal(err)
		}
		m.ParticipantList = api.ListForAll
		if reports, err := w.deps.Meetings.Import(w.t.Context(), []api.MeetingDetails{{Meeting: m}}); err != nil || len(reports[0].Wrong) > 0 {
			w.t.Fatal(reports, err)
		}
		return asked{name: meetingCode, query: "?query=amina"}
	},
	"list-notices": func(*walk) asked { return asked{name: meetingCode} },
	"preview-mail": func(*walk) asked {
		return asked{name: meetingCode, body: api.MailParticipants{Meeting: meetingCode, Subject: api.Text{"en": "Room"}, Text: api.Text{"en": "It is another one."}}}
	},
	"list-managed-registrations": func(w *walk) asked {
		w.deliver(w.amina, registerOperation(1))
		return asked{name: meetingCode, query: "?query=amina&country=CH&sort=country&limit=10"}
	},
	"get-registration": func(w *walk) asked {
		return asked{name: w.deliver(w.amina, registerOperation(1)).Registration.Number}
	},
	"read-visa":       func(w *walk) asked { return asked{name: w.visaCase()} },
	"list-visas":      func(w *walk) asked { w.visaCase(); return asked{query: "?state=waiting"} },
	"list-delegation": func(w *walk) asked { w.appointed(); return asked{} },
	"appoint": func(w *walk) asked {
		w.member()
		return w.target(api.Appoint{Kind: api.Assistant, OrganizationID: "itu1"})
	},
	"end-appointment": func(w *walk) asked { w.appointed(); return w.target(nil) },
	"list-focal-points": func(w *walk) asked {
		w.appointed()
		return asked{query: "?query=amina"}
	},
	"confirm-organization": func(w *walk) asked {
		w.appointed()
		return asked{body: api.ConfirmOrganization{Account: w.amina.Account.ID, OrganizationID: "itu1"}}
	},
	"list-registrations": func(w *walk) asked { w.deliver(w.amina, registerOperation(1)); return asked{} },
	"create-meeting": func(*walk) asked {
		return asked{body: api.CreateMeeting{ID: uuid.NewString(), Title: api.Text{"en": "Seventh X.509 Day"}, From: meetingCode}}
	},
	"get-managed-meeting": func(*walk) asked { return asked{name: meetingCode} },
	"save-meeting": func(w *walk) asked {
		m := w.managed(meetingCode)
		m.Contact = "other@example.int"
		return asked{name: meetingCode, body: api.SaveMeeting{MeetingDetails: m.MeetingDetails, Edition: m.Edition}}
	},
	"delete-meeting": func(w *walk) asked { return asked{name: w.draft().Code} },
	"change-meeting-status": func(w *walk) asked {
		return asked{name: meetingCode, body: api.ChangeMeetingStatus{Act: "close", Edition: w.managed(meetingCode).Edition}}
	},
	"cancel-meeting": func(w *walk) asked {
		return asked{name: meetingCode, body: api.CancelMeeting{Reason: "The hall has burnt down.", Edition: w.managed(meetingCode).Edition}}
	},
	"save-meeting-managers": func(w *walk) asked {
		return asked{name: meetingCode, body: api.SaveManagers{Managers: []string{w.boss.Account.ID}, Edition: w.managed(meetingCode).Edition}}
	},
	"deliver-operations": func(*walk) asked {
		return asked{body: api.Deliver{Stream: uuid.NewString(), Sent: time.Now().UTC(), Operations: []api.Operation{registerOperation(1)}}}
	},
}

// succeed has something done that goes before.
func (w *walk) succeed(by api.Session, method, path string, body any) answered {
	w.t.Helper()
	a := w.call(by, method, path, body)
	if a.StatusCode >= 300 {
		w.t.Fatalf("%s %s: %d %s", method, path, a.StatusCode, a.body)
	}
	return a
}

// managed is a meeting as its manager reads it.
func (w *walk) managed(code string) api.ManagedMeeting {
	w.t.Helper()
	return read[api.ManagedMeeting](w.t, w.call(w.boss, "GET", "/v1/managed/meetings/"+code, nil))
}

// draft is a meeting that nobody else sees.
func (w *walk) draft() api.ManagedMeeting {
	w.t.Helper()
	return read[api.ManagedMeeting](w.t, w.call(w.boss, "POST", "/v1/managed/meetings", api.CreateMeeting{ID: uuid.NewString(), Title: api.Text{"en": "Seventh X.509 Day"}}))
}

// joinable is a registration whose meeting takes place now.
func (w *walk) joinable() string {
	w.t.Helper()
	m, err := w.deps.Meetings.Get(w.t.Context(), meetingCode)
	if err != nil {
		w.t.Fatal(err)
	}
	now := time.Now().UTC()
	m.Participation, m.Approval = []string{api.Remote}, api.ApprovalNone
	m.Sessions[0].Start, m.Sessions[0].End = now, now.Add(time.Hour)
	reports, err := w.deps.Meetings.Import(w.t.Context(), []api.MeetingDetails{{
		Meeting: m, MeetingPrivate: api.MeetingPrivate{Platform: "https://remote.example.int/1", Token: &api.JoinToken{Audience: "jitsi", Room: "1"}},
	}})
	if err != nil || len(reports[0].Wrong) > 0 {
		w.t.Fatal(reports, err)
	}
	op := registerOperation(1)
	op.Payload = []byte(`{"meeting":"` + meetingCode + `","participation":"remote","badge_name":"Amina"}`)
	return w.deliver(w.amina, op).Registration.Number
}

func invite() api.Invite {
	return api.Invite{ID: uuid.NewString(), People: []api.Invitee{{Email: "amina@example.org"}}, Until: time.Now().Add(time.Hour).UTC()}
}

// invited invites somebody, and gives the invitation's id.
func (w *walk) invited() string {
	w.t.Helper()
	w.succeed(w.boss, "POST", "/v1/managed/meetings/"+meetingCode+"/invitations", invite())
	return read[api.Invitations](w.t, w.call(w.boss, "GET", "/v1/managed/meetings/"+meetingCode+"/invitations", nil)).Invitations[0].ID
}

// visaCase is a registration of amina's who asks for visa support.
func (w *walk) visaCase() string {
	w.t.Helper()
	m, err := w.deps.Meetings.Get(w.t.Context(), meetingCode)
	if err != nil {
		w.t.Fatal(err)
	}
	m.Participation, m.Visa, m.Approval = []string{api.OnSite}, true, api.ApprovalNone
	reports, err := w.deps.Meetings.Import(w.t.Context(), []api.MeetingDetails{{Meeting: m}})
	if err != nil || len(reports[0].Wrong) > 0 {
		w.t.Fatal(reports, err)
	}
	op := registerOperation(1)
	day := func(years int) string { return m.End().AddDate(years, 0, 0).Format(time.DateOnly) }
	op.Payload, err = json.Marshal(api.Register{
		Meeting: meetingCode, Participation: api.OnSite, BadgeName: "Amina", Visa: true, Passport: &api.Passport{
			FamilyName: "Diallo", Nationality: "SN", Birth: day(-40), BirthPlace: "Thies", Number: "A0123456", Issued: day(-2), Expires: day(3),
		},
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return w.deliver(w.amina, op).Registration.Number
}

// member makes amina one of an organization of the directory.
func (w *walk) member() {
	w.exec(`UPDATE accounts SET organization_id = 'itu1' WHERE id = $1`, w.amina.Account.ID)
}

// appointed makes her its focal point.
func (w *walk) appointed() {
	w.t.Helper()
	w.member()
	w.succeed(w.boss, "PUT", "/v1/focal-points/"+w.amina.Account.ID, api.Appoint{Kind: api.FocalPoint, OrganizationID: "itu1"})
}

func (w *walk) signedUp() {
	w.t.Helper()
	w.succeed(api.Session{}, "POST", "/v1/account/sign-up", signUp(flowA, "boris@example.org", "boris"))
}

func (w *walk) loggedIn(username string) {
	w.t.Helper()
	w.succeed(api.Session{}, "POST", "/v1/session", api.LogIn{Identifier: username, Password: password})
}

// recovery begins "Forgot password?" of an account that has a secret question, and
// gives the code from the e-mail.
func (w *walk) recovery() string {
	w.t.Helper()
	w.succeed(w.amina, "PUT", "/v1/account/secret-question", api.SetSecretQuestion{Question: "first-street", Answer: "Main Street"})
	w.succeed(api.Session{}, "POST", "/v1/account/recovery", api.Recover{Flow: flowA, Identifier: "amina"})
	w.succeed(api.Session{}, "POST", "/v1/account/recovery/send", api.Flow{Token: flowA})
	return w.newestMail(mail.Reset).Secrets[mail.Code]
}

// secondFactor sets two-step log-in up, and gives a code of the app.
func (w *walk) secondFactor() string {
	w.t.Helper()
	setup := read[api.SecondFactorSetup](w.t, w.call(w.amina, "POST", "/v1/account/second-factor", nil))
	code, err := totp.GenerateCode(setup.Secret, time.Now())
	if err != nil {
		w.t.Fatal(err)
	}
	return code
}

// target is a request about the account of no role.
func (w *walk) target(body any) asked { return asked{name: w.amina.Account.ID, body: body} }

// signUpTarget is a request about a sign-up.
func (w *walk) signUpTarget(body api.ChangeUser) asked {
	w.t.Helper()
	w.signedUp()
	return asked{name: w.userID(w.boss, "boris"), body: body}
}

// approval is one that waits, of a change that another administrator has asked for.
func (w *walk) approval() string {
	w.t.Helper()
	other := w.proven(w.account("other", api.RoleAdministrator))
	asked := read[api.Outcome](w.t, w.call(other, "POST", w.changes(w.amina.Account.ID), roles(w.userVersion(w.boss, w.amina.Account.ID), api.RoleAdministrator)))
	return asked.Approval
}

// entered is an organization that somebody entered.
func (w *walk) entered() string {
	w.t.Helper()
	const id = "01900000-0000-7000-8000-000000000001"
	w.exec(`INSERT INTO entered_organizations (id, account_id, name, city, website, country, membership, created_at)
		VALUES ($1, $2, 'Univeristy of Andora', '', '', 'AD', 'academia', 1)`, id, w.amina.Account.ID)
	return id
}
