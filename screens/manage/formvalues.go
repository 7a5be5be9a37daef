package manage

import (
	"crypto/rand"
	"slices"
	"strconv"
	"strings"

	"plenary/api"
)

// formRows are the sections of a meeting's form. Each has its questions as rows, and these
// have their choices: form.0.questions.2.choices.1.label.fr.
const formRows = "form"

func sectionName(s int) string { return formRows + "." + strconv.Itoa(s) }

// questionRows are those of a section, choiceRows those of a question, by their names.
func questionRows(section string) string { return section + ".questions" }
func choiceRows(question string) string  { return question + ".choices" }

func rowName(rows string, n int) string { return rows + "." + strconv.Itoa(n) }

// newID is one that nothing has had before: what was answered to a question that is gone is
// not to be taken for an answer to a new one.
func newID(first string) string { return first + strings.ToLower(rand.Text()[:10]) }

// row is what stands in a row.
func (v values) row(rows string, n int) map[string]string {
	row, prefix := map[string]string{}, rowName(rows, n)+"."
	for name, value := range v {
		if rest, ok := strings.CutPrefix(name, prefix); ok {
			row[rest] = value
		}
	}
	return row
}

// moveRow moves a row, or takes it to others.
func (v values) moveRow(rows string, n int, to string, place int) {
	row := v.row(rows, n)
	v.removeRow(rows, n)
	v.insertRow(to, place, row)
}

// insertRow puts a row before another one, or behind all.
func (v values) insertRow(rows string, n int, row map[string]string) {
	v.renumber(rows, func(i int) int {
		if i >= n {
			return i + 1
		}
		return i
	})
	for name, value := range row {
		v[ofRow(rows, n, name)] = value
	}
	v[rows] = strconv.Itoa(v.rows(rows) + 1)
}

// kinds are those of questions, in the order in which they are offered. Whatever else a
// kind has is said here.
var kinds = []kind{
	{id: api.KindText, long: true},
	{id: api.KindLong, long: true},
	{id: api.KindYesNo},
	{id: api.KindChoice, choices: true},
	{id: api.KindChoices, choices: true},
	{id: api.KindNumber},
	{id: api.KindDate},
	{id: api.KindCountry, known: true},
	{id: api.KindPhone, known: true},
	{id: api.KindEmail, known: true},
	{id: api.KindPhoto, file: true},
	{id: api.KindFile, file: true},
}

type kind struct {
	id      string
	choices bool // to choose from
	long    bool // how long an answer can be is said
	known   bool // the account has it
	file    bool // how large it can be is said
}

func kindOf(id string) kind {
	for _, k := range kinds {
		if k.id == id {
			return k
		}
	}
	return kind{id: id}
}

// setForm puts a form in, with the questions whose answers are approved anew.
func (v values) setForm(form *api.Form, reapprove []string) {
	v[formRows] = strconv.Itoa(len(form.Sections))
	for s, section := range form.Sections {
		name := sectionName(s)
		v.setTexts(name+".title", section.Title)
		v.setCondition(name, section.If)
		rows := questionRows(name)
		v[rows] = strconv.Itoa(len(section.Questions))
		for i, q := range section.Questions {
			v.setQuestion(rowName(rows, i), &q)
			v.tick(rowName(rows, i)+".reapprove", slices.Contains(reapprove, "/answers/"+q.ID))
		}
	}
}

// megabytes is a number of bytes in MB, rounded up.
func megabytes(bytes int) int { return (bytes + 1<<20 - 1) >> 20 }

func (v values) setCondition(of string, on *api.ShownIf) {
	if on != nil {
		v[of+".if.question"], v[of+".if.answer"] = on.Question, on.Answer
	}
}

func (v values) setQuestion(name string, q *api.Question) {
	v[name+".id"], v[name+".kind"] = q.ID, q.Kind
	v.setTexts(name+".label", q.Label)
	v.setTexts(name+".help", q.Help)
	v.setCondition(name, q.If)
	v.tick(name+".required", q.Required)
	v[name+".known"] = q.Known // a box that a person ticks has yes
	v[name+".max"], v[name+".retention"] = number(q.Max), number(q.Retention)
	v[name+".max_bytes"], v[name+".bytes"] = number(megabytes(q.MaxBytes)), number(q.MaxBytes)
	if kindOf(q.Kind).choices {
		rows := choiceRows(name)
		v[rows] = strconv.Itoa(len(q.Choices))
		for i, c := range q.Choices {
			v[ofRow(rows, i, "id")], v[ofRow(rows, i, "places")] = c.ID, number(c.Places)
			v.setTexts(ofRow(rows, i, "label"), c.Label)
		}
	}
}

// form is what stands in the builder as a form, and which of its questions' answers are
// approved anew. count reads a number, and hears where it belongs.
func (v values) form(count func(name, pointer string) int) (form api.Form, reapprove []string) {
	form.Sections = []api.FormSection{}
	for s := range v.rows(formRows) {
		name := sectionName(s)
		section := api.FormSection{Title: v.texts(name + ".title"), If: v.condition(name), Questions: []api.Question{}}
		rows := questionRows(name)
		for i := range v.rows(rows) {
			at := rowName(rows, i)
			q := v.question(at, "/form/sections/"+strconv.Itoa(s)+"/questions/"+strconv.Itoa(i), count)
			section.Questions = append(section.Questions, q)
			if v[at+".reapprove"] == yes {
				reapprove = append(reapprove, "/answers/"+q.ID)
			}
		}
		form.Sections = append(form.Sections, section)
	}
	return form, reapprove
}

func (v values) condition(of string) *api.ShownIf {
	if v[of+".if.question"] == "" {
		return nil
	}
	return &api.ShownIf{Question: v[of+".if.question"], Answer: strings.TrimSpace(v[of+".if.answer"])}
}

// question reads one. What its kind does not have is left out, and stays typed in case the
// kind is changed back.
func (v values) question(name, pointer string, count func(name, pointer string) int) api.Question {
	q := api.Question{
		ID: v[name+".id"], Kind: v[name+".kind"], Label: v.texts(name + ".label"), Help: v.texts(name + ".help"),
		Required: v[name+".required"] == yes, If: v.condition(name), Retention: count(name+".retention", pointer+"/retention"),
	}
	k := kindOf(q.Kind)
	if k.long {
		q.Max = count(name+".max", pointer+"/max")
	}
	if k.file {
		q.MaxBytes = min(count(name+".max_bytes", pointer+"/max_bytes"), 1<<10) << 20
		// One that is no whole number of MB stays what it is until it is changed.
		if was, err := strconv.Atoi(v[name+".bytes"]); err == nil && megabytes(was) == q.MaxBytes>>20 {
			q.MaxBytes = was
		}
	}
	if known := v[name+".known"]; known != yes {
		q.Known = known
	} else if k.known {
		q.Known = q.Kind
	}
	if k.choices {
		rows := choiceRows(name)
		for i := range v.rows(rows) {
			q.Choices = append(q.Choices, api.Choice{
				ID: v[ofRow(rows, i, "id")], Label: v.texts(ofRow(rows, i, "label")),
				Places: count(ofRow(rows, i, "places"), pointer+"/choices/"+strconv.Itoa(i)+"/places"),
			})
		}
	}
	return q
}

// reapprovable are the fields beside answers of which a change can want an approval anew, by
// the names of their boxes.
var reapprovable = []string{"all", "participation", "badge_name", "job_title", "companions", "consents", "listed"}

func reapprovePointer(box string) string {
	if box == "all" {
		return "*"
	}
	return "/" + box
}

// otherReapproved are those of the fields for which there is no box.
func otherReapproved(pointers []string) []string {
	return slices.DeleteFunc(slices.Clone(pointers), func(p string) bool {
		return strings.HasPrefix(p, "/answers/") || slices.ContainsFunc(reapprovable, func(box string) bool { return reapprovePointer(box) == p })
	})
}
