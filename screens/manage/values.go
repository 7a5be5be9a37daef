package manage

import (
	"cmp"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"plenary/api"
	"plenary/rules"
	"plenary/screens/kit"
)

// values are a description as it stands in the form, each by the name of its input: so
// what is half typed is kept as it is. A text in several languages has one for each,
// NAME.LANGUAGE; rows have ROWS.NUMBER.NAME, and their number is under ROWS; a box that
// is ticked has yes.
type values map[string]string

const yes = "yes"

// Rows of the form.
const (
	sessionRows  = "sessions"
	documentRows = "documents"
	listRows     = "lists"
	consentRows  = "consents"
)

// texts are the names of the description's own texts.
var texts = []string{"title", "place", "description"}

func inLanguage(name, lang string) string { return name + "." + lang }

func ofRow(rows string, n int, name string) string { return rows + "." + strconv.Itoa(n) + "." + name }

func (v values) rows(rows string) int {
	n, _ := strconv.Atoi(v[rows])
	return n
}

// removeRow takes a row out; those behind it move up.
func (v values) removeRow(rows string, n int) {
	v.renumber(rows, func(i int) int {
		switch {
		case i == n:
			return -1
		case i > n:
			return i - 1
		}
		return i
	})
	v[rows] = strconv.Itoa(v.rows(rows) - 1)
}

// renumber gives rows other numbers; those with a negative one are gone.
func (v values) renumber(rows string, to func(n int) int) {
	moved, prefix := values{}, rows+"."
	for name, value := range v {
		of, isRow := strings.CutPrefix(name, prefix)
		number, rest, _ := strings.Cut(of, ".")
		n, err := strconv.Atoi(number)
		if !isRow || err != nil {
			continue
		}
		if next := to(n); next != n {
			delete(v, name)
			if next >= 0 {
				moved[ofRow(rows, next, rest)] = value
			}
		}
	}
	maps.Copy(v, moved)
}

// sessionGone follows the removal of a session where it is named by its number: what was for
// that one is for all, and what was for a later one goes on to be.
func (v values) sessionGone(n int) {
	for i := range v.rows(listRows) {
		name := ofRow(listRows, i, "session")
		switch of, _ := strconv.Atoi(v[name]); {
		case of == n+1:
			delete(v, name)
		case of > n+1:
			v[name] = strconv.Itoa(of - 1)
		}
	}
}

func (v values) setTexts(name string, t api.Text) {
	for lang, text := range t {
		v[inLanguage(name, lang)] = text
	}
}

// texts are one text in all languages in which something stands.
func (v values) texts(name string) api.Text {
	t := api.Text{}
	for _, lang := range rules.MeetingLanguages {
		if text := strings.TrimSpace(v[inLanguage(name, lang)]); text != "" {
			t[lang] = text
		}
	}
	return t
}

func (v values) tick(name string, is bool) {
	if is {
		v[name] = yes
	}
}

// boxValue is what stands for a box.
func boxValue(ticked bool) string {
	if ticked {
		return yes
	}
	return ""
}

func number(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}

// valuesOf is a description as the form shows it.
func valuesOf(d *api.MeetingDetails) values {
	v, zone := values{}, kit.Zone(d.Zone)
	v.setTexts("title", d.Title)
	v.setTexts("place", d.Place)
	v.setTexts("description", d.Description)
	v["zone"], v["contact"], v["approval"], v["platform"] = d.Zone, d.Contact, d.Approval, d.Platform
	v["participant_list"] = cmp.Or(d.ParticipantList, nobody)
	if d.Token != nil {
		v["token.audience"], v["token.room"], v["token.subject"] = d.Token.Audience, d.Token.Room, d.Token.Subject
		v.tick("token.email", d.Token.Email)
	}
	v[listRows], v[consentRows] = strconv.Itoa(len(d.Lists)), strconv.Itoa(len(d.Consents))
	for i, list := range d.Lists {
		v[ofRow(listRows, i, "id")], v[ofRow(listRows, i, "session")] = list.ID, number(list.Session)
		v.setTexts(ofRow(listRows, i, "title"), list.Title)
	}
	for i, consent := range d.Consents {
		v[ofRow(consentRows, i, "id")] = consent.ID
		v.tick(ofRow(consentRows, i, "required"), consent.Required)
		v.setTexts(ofRow(consentRows, i, "text"), consent.Text)
	}
	v["capacity"], v["companions"], v["offer_hours"] = number(d.Capacity), number(d.Companions), number(d.OfferHours)
	for _, box := range reapprovable {
		v.tick("reapprove."+box, slices.Contains(d.Reapprove, reapprovePointer(box)))
	}
	v.setForm(&d.Form, d.Reapprove)
	v["registration_from"], v["registration_until"] = moment(d.RegistrationFrom, zone), moment(d.RegistrationUntil, zone)
	v["change_until"], v["withdraw_until"] = moment(d.ChangeUntil, zone), moment(d.WithdrawUntil, zone)
	v.tick("waiting_list", d.WaitingList)
	v["retention"] = number(d.Retention)
	v.tick("retention_names", d.RetentionNames)
	v.tick("visa", d.Visa)
	for _, p := range d.Participation {
		v.tick("participation."+p, true)
	}
	for _, m := range d.Memberships {
		v.tick("memberships."+m, true)
	}
	v[sessionRows], v[documentRows] = strconv.Itoa(len(d.Sessions)), strconv.Itoa(len(d.Documents))
	for i, s := range d.Sessions {
		v.setTexts(ofRow(sessionRows, i, "title"), s.Title)
		v[ofRow(sessionRows, i, "start")], v[ofRow(sessionRows, i, "end")] = moment(s.Start, zone), moment(s.End, zone)
	}
	for i, doc := range d.Documents {
		v.setTexts(ofRow(documentRows, i, "title"), doc.Title)
		v[ofRow(documentRows, i, "url")] = doc.URL
	}
	maps.DeleteFunc(v, func(_, value string) bool { return value == "" })
	return v
}

// details is what stands in the form as a description, and what is wrong with it as it is
// typed. What the form does not show is as in stored.
func (v values) details(stored *api.MeetingDetails) (d api.MeetingDetails, wrong []api.FieldError) {
	d = *stored
	zone := kit.Zone(strings.TrimSpace(v["zone"]))
	bad := func(pointer string) { wrong = append(wrong, api.FieldError{Pointer: pointer, Code: api.FieldInvalid}) }
	at := func(name, pointer string) time.Time {
		t, ok := momentOf(v[name], zone)
		if !ok {
			bad(pointer)
		}
		return t
	}
	count := func(name, pointer string) int {
		text := strings.TrimSpace(v[name])
		n, err := strconv.Atoi(rules.Fold(text)) // in figures of any script
		if text != "" && err != nil {
			bad(pointer)
		}
		return n
	}
	d.Title, d.Place, d.Description = v.texts("title"), v.texts("place"), v.texts("description")
	d.Zone, d.Contact, d.Approval, d.Platform = strings.TrimSpace(v["zone"]), strings.TrimSpace(v["contact"]), v["approval"], strings.TrimSpace(v["platform"])
	d.Capacity, d.Companions, d.WaitingList = count("capacity", "/capacity"), count("companions", "/companions"), v["waiting_list"] == yes
	d.OfferHours, d.Reapprove = count("offer_hours", "/offer_hours"), otherReapproved(stored.Reapprove)
	d.Retention, d.RetentionNames = count("retention", "/retention"), v["retention_names"] == yes
	d.Visa = v["visa"] == yes
	for _, box := range v.ticked("reapprove", reapprovable) {
		d.Reapprove = append(d.Reapprove, reapprovePointer(box))
	}
	form, reapprove := v.form(count)
	d.Form, d.Reapprove = form, append(d.Reapprove, reapprove...)
	d.RegistrationFrom, d.RegistrationUntil = at("registration_from", "/registration_from"), at("registration_until", "/registration_until")
	d.ChangeUntil, d.WithdrawUntil = at("change_until", "/change_until"), at("withdraw_until", "/withdraw_until")
	d.Participation, d.Memberships = v.ticked("participation", []string{api.OnSite, api.Remote}), v.ticked("memberships", memberships())
	if d.ParticipantList = v["participant_list"]; d.ParticipantList == nobody {
		d.ParticipantList = ""
	}
	d.Token = v.token()
	d.Lists, d.Consents = nil, nil
	for i := range v.rows(listRows) {
		d.Lists = append(d.Lists, api.MeetingList{
			ID: v.rowID(listRows, i), Title: v.texts(ofRow(listRows, i, "title")),
			Session: count(ofRow(listRows, i, "session"), "/"+listRows+"/"+strconv.Itoa(i)+"/session"),
		})
	}
	for i := range v.rows(consentRows) {
		d.Consents = append(d.Consents, api.Consent{
			ID: v.rowID(consentRows, i), Text: v.texts(ofRow(consentRows, i, "text")), Required: v[ofRow(consentRows, i, "required")] == yes,
		})
	}
	d.Sessions, d.Documents = []api.MeetingSession{}, nil
	for i := range v.rows(sessionRows) {
		pointer := "/" + sessionRows + "/" + strconv.Itoa(i)
		d.Sessions = append(d.Sessions, api.MeetingSession{
			Title: v.texts(ofRow(sessionRows, i, "title")),
			Start: at(ofRow(sessionRows, i, "start"), pointer+"/start"), End: at(ofRow(sessionRows, i, "end"), pointer+"/end"),
		})
	}
	for i := range v.rows(documentRows) {
		d.Documents = append(d.Documents, api.Document{
			Title: v.texts(ofRow(documentRows, i, "title")), URL: strings.TrimSpace(v[ofRow(documentRows, i, "url")]),
		})
	}
	return d, wrong
}

// nobody stands for no list of participants.
const nobody = "nobody"

// token is how the platform takes join tokens; nil where nothing is entered.
func (v values) token() *api.JoinToken {
	t := api.JoinToken{
		Audience: strings.TrimSpace(v["token.audience"]), Room: strings.TrimSpace(v["token.room"]),
		Subject: strings.TrimSpace(v["token.subject"]), Email: v["token.email"] == yes,
	}
	if t == (api.JoinToken{}) {
		return nil
	}
	return &t
}

// rowID is the id of a row, which nobody sees and which never changes. A new one gets one
// that nothing has had: who has agreed to what stood there before has not agreed to it.
func (v values) rowID(rows string, n int) string {
	name := ofRow(rows, n, "id")
	if v[name] == "" {
		v[name] = newID(rows[:1])
	}
	return v[name]
}

func (v values) ticked(name string, of []string) []string {
	var ticked []string
	for _, id := range of {
		if v[name+"."+id] == yes {
			ticked = append(ticked, id)
		}
	}
	return ticked
}

// memberships are the types that a meeting can be for.
func memberships() []string {
	var ids []string
	for _, m := range rules.Memberships() {
		if m.Real() {
			ids = append(ids, string(m))
		}
	}
	return ids
}

// check is details with all that is wrong, each input's first mistake; a draft may lack
// what it needs later.
func (v values) check(stored *api.MeetingDetails, draft bool) (api.MeetingDetails, []api.FieldError) {
	d, wrong := v.details(stored)
	rest := rules.CheckMeeting(&d)
	if draft {
		rest = rules.CheckDraft(&d)
	}
	for _, e := range rest {
		if !slices.ContainsFunc(wrong, func(w api.FieldError) bool { return w.Pointer == e.Pointer }) {
			wrong = append(wrong, e)
		}
	}
	return d, wrong
}

// moment is a time as it is typed, in the meeting's zone; nothing for none.
func moment(t time.Time, zone *time.Location) string {
	if t.IsZero() {
		return ""
	}
	return t.In(zone).Format(time.DateOnly + " 15:04")
}

// momentOf reads a day as of kit.DayOf and a time behind it; nothing is no time.
func momentOf(text string, zone *time.Location) (time.Time, bool) {
	fields := strings.Fields(text)
	if len(fields) == 0 {
		return time.Time{}, true
	}
	last := len(fields) - 1
	day, ok := kit.DayOf(strings.Join(fields[:last], " "))
	clock := strings.ReplaceAll(rules.Fold(fields[last]), ".", ":")
	if !ok || !strings.Contains(clock, ":") {
		return time.Time{}, false
	}
	if len(clock) == 4 { // 9:00
		clock = "0" + clock
	}
	t, err := time.ParseInLocation(time.DateOnly+" 15:04", day+" "+clock, zone)
	return t.UTC(), err == nil
}
