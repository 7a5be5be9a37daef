package visas

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"plenary/api"
	"plenary/rules"
	"plenary/service/audit"
	"plenary/service/caller"
	"plenary/service/cursor"
	"plenary/service/store"
)

// Answers gives what the secretariat wrote to those of registrations that have an answer.
func (v *Visas) Answers(tx *store.Tx, numbers []string) (map[string]string, error) {
	answers := map[string]string{}
	if len(numbers) == 0 {
		return answers, nil
	}
	places, args := make([]string, len(numbers)), make([]any, len(numbers))
	for i, number := range numbers {
		places[i], args[i] = "$"+strconv.Itoa(i+1), number
	}
	for scan := range tx.Each(`SELECT registration, data_key, answer FROM visa_cases
		WHERE answer IS NOT NULL AND registration IN (`+strings.Join(places, ", ")+`)`, args...) {
		var number string
		var sealedKey, sealed []byte
		if !scan(&number, &sealedKey, &sealed) {
			break
		}
		s, err := v.sealer(number, sealedKey)
		if errors.Is(err, errGone) {
			continue
		}
		if err != nil {
			return nil, err
		}
		answer, err := s.open(sealedAnswer, sealed)
		if err != nil {
			return nil, err
		}
		answers[number] = string(answer)
	}
	return answers, tx.Err()
}

// sealedCase is a row of a case.
type sealedCase struct {
	api.VisaCase
	account               string
	key, passport, answer []byte
	opened                int64
}

const caseColumns = `SELECT v.registration, r.meeting, m.document, r.account_id, r.first_name, r.family_name, r.organization, r.country,
	v.state, v.opened_at, v.decided_at, v.data_key, v.passport, v.answer
	FROM visa_cases v JOIN registrations r ON r.number = v.registration JOIN meetings m ON m.code = r.meeting `

func scanCase(scan store.Scan) (c sealedCase, err error) {
	var (
		document, first, family string
		decided                 int64
	)
	if !scan(&c.Registration, &c.Meeting, &document, &c.account, &first, &family, &c.Organization, &c.Country,
		&c.State, &c.opened, &decided, &c.key, &c.passport, &c.answer) {
		return c, nil // the transaction has an error
	}
	var of struct {
		Title api.Text `json:"title"`
	}
	if err := json.Unmarshal([]byte(document), &of); err != nil {
		return c, fmt.Errorf("visas: read the title of %s: %w", c.Meeting, err)
	}
	c.Title, c.Person = of.Title, rules.FullName(first, family)
	c.Opened, c.Decided, c.Erased = store.Time(c.opened), store.Time(decided), c.key == nil
	return c, nil
}

// open opens the answer of a case, and the passport if that is wanted.
func (v *Visas) open(c *sealedCase, withPassport bool) error {
	if c.key == nil {
		return nil
	}
	s, err := v.sealer(c.Registration, c.key)
	if errors.Is(err, errGone) {
		c.Erased = true
		return nil
	}
	if err != nil {
		return err
	}
	if c.answer != nil {
		answer, err := s.open(sealedAnswer, c.answer)
		if err != nil {
			return err
		}
		c.Answer = string(answer)
	}
	if withPassport {
		c.Passport, err = s.passport(c.passport)
	}
	return err
}

// pageSize is how many cases a page has at most.
const pageSize = 50

// position is where a page of List ended.
type position struct {
	Opened int64  `json:"o"`
	Number string `json:"n"`
}

// List gives a page of the cases, without passports: those that wait, or in another state
// or all, what was asked for first before others.
//
// Errors: api.CodeInvalid for a cursor that there is not.
func (v *Visas) List(ctx context.Context, who caller.Caller, f api.VisaFilter) (page api.VisaCases, err error) {
	var at position
	if f.After != "" && !cursor.Read(f.After, &at) {
		return page, api.Invalid(api.FieldError{Pointer: "/after", Code: api.FieldInvalid})
	}
	var found []sealedCase
	err = v.DB.View(ctx, func(tx *store.Tx) error {
		found, page = nil, api.VisaCases{Cases: []api.VisaCase{}}
		tx.Get(`SELECT COUNT(*) FROM visa_cases WHERE state = $1`, api.VisaWaiting).Into(&page.Waiting)
		for scan := range tx.Each(caseColumns+`WHERE (v.state = $1 OR $1 = '' AND v.state IN ('`+api.VisaWaiting+`', '`+api.VisaAnswered+`', '`+api.VisaRefused+`'))
			AND (v.opened_at > $2 OR v.opened_at = $2 AND v.registration > $3) ORDER BY v.opened_at, v.registration LIMIT $4`,
			f.State, at.Opened, at.Number, pageSize+1) {
			c, err := scanCase(scan)
			if err != nil {
				return err
			}
			found = append(found, c)
		}
		return nil
	})
	if err != nil {
		return page, err
	}
	if len(found) > pageSize {
		found = found[:pageSize]
		last := &found[pageSize-1]
		page.Next = cursor.Write(position{last.opened, last.Registration})
	}
	for i := range found {
		if err := v.open(&found[i], false); err != nil {
			return page, err
		}
		found[i].Own = found[i].account == who.AccountID
		page.Cases = append(page.Cases, found[i].VisaCase)
	}
	return page, nil
}

// One gives a case with its passport, to the role visa once the case has begun, and to
// whose it is. That it was read stands in the audit log before it is answered, and also
// where whoever asked has gone meanwhile.
//
// Errors: api.CodeNotFound, also for what is not the caller's to read.
func (v *Visas) One(ctx context.Context, who caller.Caller, number string) (api.VisaCase, error) {
	number, ok := rules.NormalizeRegistrationNumber(number)
	if !ok {
		return api.VisaCase{}, api.Refuse(api.CodeNotFound)
	}
	var c sealedCase
	// READ COMMITTED: what is read decides nothing that is written.
	err := v.DB.UpdateCommitted(context.WithoutCancel(ctx), func(tx *store.Tx) error {
		found := false
		for scan := range tx.Each(caseColumns+`WHERE v.registration = $1`, number) {
			var err error
			if c, err = scanCase(scan); err != nil {
				return err
			}
			found = true
		}
		own := c.account != "" && c.account == who.AccountID
		begun := c.State != api.VisaAsked && c.State != ended
		if !found || !own && (!begun || !who.Has(api.RoleVisa)) || c.State == ended {
			return api.Refuse(api.CodeNotFound)
		}
		c.Own = own
		if c.passport != nil {
			v.Audit.Note(tx, audit.VisaRead, c.account, audit.Fact(api.DetailRegistration, number))
		}
		return nil
	})
	if err == nil {
		err = v.open(&c, true)
	}
	if err != nil {
		return api.VisaCase{}, err
	}
	return c.VisaCase, nil
}

// Held gives what is held of a person's cases, for the export of their own data.
func (v *Visas) Held(tx *store.Tx, accountID string) ([]api.HeldVisa, error) {
	var found []sealedCase
	for scan := range tx.Each(caseColumns+`WHERE r.account_id = $1 ORDER BY v.opened_at, v.registration`, accountID) {
		c, err := scanCase(scan)
		if err != nil {
			return nil, err
		}
		found = append(found, c)
	}
	held := []api.HeldVisa{}
	for i := range found {
		c := &found[i]
		if err := v.open(c, true); err != nil {
			return nil, err
		}
		held = append(held, api.HeldVisa{
			Registration: c.Registration, State: c.State, Opened: c.Opened, Decided: c.Decided, Answer: c.Answer, Passport: c.Passport,
		})
	}
	return held, tx.Err()
}

// Forget removes from the cases who has decided, of an account that is erased.
func (v *Visas) Forget(tx *store.Tx, accountID string) {
	tx.Do(`UPDATE visa_cases SET decided_by = '' WHERE decided_by = $1`, accountID)
}
