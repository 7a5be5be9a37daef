package visas

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"plenary/api"
	"plenary/rules"
	"plenary/service/mail"
	"plenary/service/store"
)

// RemindLook is how often to look whether somebody is to be told that cases wait.
const RemindLook = 10 * time.Minute

// remindAgain is for how long nobody is told again.
const remindAgain = 24 * time.Hour

// told is the row of settings that says when somebody was told last, in microseconds.
const told = "visas-told"

// Remind tells those who have the role visa how many cases wait, at most once a day. That
// they were told, and what they are told, is one transaction.
func (v *Visas) Remind(ctx context.Context) error {
	now := v.Now()
	// SERIALIZABLE: of two at once, one sees that the other has told them.
	err := v.DB.Update(ctx, func(tx *store.Tx) error {
		var waiting int
		tx.Get(`SELECT COUNT(*) FROM visa_cases WHERE state = $1`, api.VisaWaiting).Into(&waiting)
		last, err := strconv.ParseInt("0"+tx.ReadSetting(told), 10, 64)
		if err != nil || waiting == 0 || now.Sub(store.Time(last)) < remindAgain {
			return err
		}
		tx.WriteSetting(told, strconv.FormatInt(store.Micros(now), 10))
		var letters []mail.Message
		for scan := range tx.Each(`SELECT a.id, a.username, a.email, a.language, a.first_name, a.family_name FROM account_roles r JOIN accounts a ON a.id = r.account_id
			WHERE r.role = $1 AND NOT EXISTS (SELECT 1 FROM deactivated d WHERE d.account_id = a.id) ORDER BY a.id`, api.RoleVisa) {
			var id, username, email, language, first, family string
			scan(&id, &username, &email, &language, &first, &family)
			letters = append(letters, mail.Message{
				To: email, Language: language, Template: mail.VisaNeeded, Subject: id,
				Params: map[string]string{"Name": rules.FullName(first, family), "Username": username, "Waiting": strconv.Itoa(waiting)},
			})
		}
		for _, letter := range letters {
			v.Outbox.Queue(tx, letter)
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("visas: tell that cases wait: %w", err)
	}
	return nil
}
