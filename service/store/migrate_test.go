package store_test

import (
	"context"
	"database/sql"
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"strconv"
	"strings"
	"testing"

	"plenary/service/store"
	"plenary/service/store/storetest"
)

// eachFile runs a test on a database of each kind that has all its tables, by the
// driver and the address with which it is opened.
func eachFile(t *testing.T, test func(t *testing.T, driver, dsn string)) {
	t.Run("sqlite", func(t *testing.T) {
		path := filepath.Join(t.TempDir(), "plenary.db")
		reopen(t, path)
		test(t, "sqlite-keeping", path)
	})
	if runtime.GOOS == "windows" {
		return // see storetest.Each
	}
	t.Run("postgres", func(t *testing.T) { test(t, "pgx", storetest.PostgresDSN(t)) })
}

func reopen(t *testing.T, dsn string) {
	t.Helper()
	db, err := store.Open(t.Context(), dsn, testLog(t))
	if err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
}

// run runs statements past the store.
func run(t *testing.T, driver, dsn string, queries ...string) {
	t.Helper()
	db, err := sql.Open(driver, dsn)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	for _, q := range queries {
		if _, err := db.ExecContext(context.Background(), q); err != nil {
			t.Fatalf("%s: %v", q, err)
		}
	}
}

func TestOpen_refusesDatabasesOfOtherVersionsAndLeavesThemAlone(t *testing.T) {
	const mark = `INSERT INTO settings (name, value) VALUES ('mark', 'here')`
	for name, c := range map[string]struct {
		change []string
		want   error
	}{
		"from before the first release": {[]string{`UPDATE goose_db_version SET version_id = version_id - 100 WHERE version_id > 0`}, store.ErrOldDatabase},
		"partly from before":            {[]string{`INSERT INTO goose_db_version (version_id, is_applied) VALUES (21, TRUE)`}, store.ErrOldDatabase},
		"newer":                         {[]string{`INSERT INTO goose_db_version (version_id, is_applied) VALUES (999, TRUE)`}, store.ErrNewerDatabase},
	} {
		t.Run(name, func(t *testing.T) {
			eachFile(t, func(t *testing.T, driver, dsn string) {
				run(t, driver, dsn, append([]string{mark}, c.change...)...)
				db, err := store.Open(t.Context(), dsn, testLog(t))
				if err == nil {
					db.Close()
				}
				if !errors.Is(err, c.want) {
					t.Errorf("got %v, want %v", err, c.want)
				}
				run(t, driver, dsn, mark+` ON CONFLICT (name) DO UPDATE SET value = 'still here'`)
			})
		})
	}
}

// What a start of the service that was killed has left half is made whole.
func TestOpen_goesOnWithMigrations(t *testing.T) {
	newest := strconv.FormatInt(store.Newest(), 10)
	undo := []string{`DELETE FROM goose_db_version WHERE version_id = ` + newest}
	var redone []string
	for _, table := range tablesOf(t, newest) {
		undo = append([]string{`DROP TABLE ` + table}, undo...)
		redone = append(redone, `SELECT COUNT(*) FROM `+table)
	}
	eachFile(t, func(t *testing.T, driver, dsn string) {
		run(t, driver, dsn, undo...)
		reopen(t, dsn)
		run(t, driver, dsn, redone...)
		reopen(t, dsn)
	})
}

// tablesOf are the tables that a migration makes, in order.
func tablesOf(t *testing.T, number string) (tables []string) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join("migrations", "*"+number+"_*.sql"))
	if err != nil || len(files) != 1 {
		t.Fatal(files, err)
	}
	text, err := os.ReadFile(files[0])
	if err != nil {
		t.Fatal(err)
	}
	for _, made := range regexp.MustCompile(`CREATE TABLE (\w+)`).FindAllStringSubmatch(string(text), -1) {
		tables = append(tables, made[1])
	}
	if len(tables) == 0 {
		t.Fatalf("%s makes no table: undo it here by what it does", files[0])
	}
	return tables
}

// What other engines that speak PostgreSQL's protocol lack, or do otherwise.
var unportable = map[string]*regexp.Regexp{
	"a lock of its own (FOR UPDATE and the like)": regexp.MustCompile(`FOR (UPDATE|SHARE|NO KEY|KEY)|SKIP LOCKED|NOWAIT|LOCK TABLE|ADVISORY`),
	"an order of texts (COLLATE)":                 regexp.MustCompile(`\bCOLLATE\b`),
	"a counter that all writers share":            regexp.MustCompile(`SERIAL\b|AUTOINCREMENT|\bSEQUENCE\b|\bGENERATED\b`),
	"a type that only one has": regexp.MustCompile(
		`\b(JSONB?|UUID|TIMESTAMP|TIMESTAMPTZ|DATETIME|INTERVAL|BLOB|BOOLEAN|INTEGER|INT|NUMERIC|REAL|VARCHAR|CITEXT|ENUM)\b|\[\]`),
	"a setting or extension of the engine": regexp.MustCompile(`\b(PRAGMA|EXTENSION|VACUUM|CLUSTER|TABLESPACE|INHERITS|PARTITION|WITHOUT ROWID|STRICT|UNLOGGED)\b`),
	"procedures":                           regexp.MustCompile(`\b(TRIGGER|FUNCTION|PROCEDURE)\b|\$\$`),
	"an index of a kind of its own":        regexp.MustCompile(`\bUSING (GIN|GIST|HASH|BRIN|BTREE)\b|\bCONCURRENTLY\b|\bINCLUDE\b`),
	"a constraint checked at the end":      regexp.MustCompile(`\bDEFERRABLE\b`),
}

var (
	addedColumn   = regexp.MustCompile(`ALTER TABLE (\w+) ADD (?:COLUMN )?(\w+)`)
	partialIndex  = regexp.MustCompile(`CREATE (?:UNIQUE )?INDEX \w+ ON (\w+) [^;]*WHERE`)
	lineComment   = regexp.MustCompile(`--.*`)
	stringLiteral = regexp.MustCompile(`'[^']*'`)
)

// faults says what is not portable in the text of a migration.
func faults(text string) []string {
	sql := strings.ToUpper(stringLiteral.ReplaceAllString(lineComment.ReplaceAllString(text, ""), "''"))
	var list []string
	for what, pattern := range unportable {
		if pattern.MatchString(sql) {
			list = append(list, what)
		}
	}
	statements := 0
	for s := range strings.SplitSeq(sql, ";") {
		if strings.TrimSpace(s) != "" {
			statements++
		}
	}
	if strings.Contains(sql, "ALTER ") {
		if statements > 1 {
			list = append(list, "an ALTER beside other statements")
		}
		if !strings.Contains(text, "-- +goose NO TRANSACTION") {
			list = append(list, "an ALTER within a transaction")
		}
	}
	for _, added := range addedColumn.FindAllStringSubmatch(sql, -1) {
		for _, index := range partialIndex.FindAllStringSubmatch(sql, -1) {
			if added[1] == index[1] {
				list = append(list, "a partial index on a table that gets a column")
			}
		}
	}
	if !strings.Contains(text, "-- +goose Up") {
		list = append(list, "no -- +goose Up")
	}
	if strings.Contains(text, "-- +goose Down") {
		list = append(list, "a way back, which nothing tests: restore a backup instead")
	}
	return list
}

func TestMigrations_arePortable(t *testing.T) {
	files, err := filepath.Glob(filepath.Join("migrations", "*.sql"))
	if err != nil || len(files) < 7 {
		t.Fatal(files, err)
	}
	for _, f := range files {
		text, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		for _, fault := range faults(string(text)) {
			t.Errorf("%s has %s", f, fault)
		}
	}
}

// The lint itself finds each fault, and no fault where there is none.
func TestMigrations_faultsAreFound(t *testing.T) {
	const begin = "-- +goose Up\n"
	for text, want := range map[string]string{
		begin + "CREATE TABLE a (id TEXT PRIMARY KEY, n BIGINT NOT NULL); -- SERIAL, once\nINSERT INTO a VALUES ('FOR UPDATE', 1);": "",
		begin + "SELECT 1 FROM a FOR UPDATE;":                                         "lock",
		begin + "SELECT pg_advisory_lock(1);":                                         "lock",
		begin + "CREATE TABLE a (id BIGSERIAL PRIMARY KEY);":                          "counter",
		begin + "CREATE TABLE a (t TEXT COLLATE \"C\");":                              "order of texts",
		begin + "CREATE TABLE a (t JSONB);":                                           "type",
		begin + "CREATE TABLE a (t TEXT[]);":                                          "type",
		begin + "CREATE INDEX CONCURRENTLY i ON a (t);":                               "index of a kind",
		begin + "PRAGMA foreign_keys = 1;":                                            "setting",
		begin + "CREATE TRIGGER t AFTER INSERT ON a BEGIN SELECT 1; END;":             "procedures",
		begin + "ALTER TABLE a ADD COLUMN b TEXT;":                                    "within a transaction",
		"-- +goose NO TRANSACTION\n" + begin + "ALTER TABLE a ADD COLUMN b TEXT;":     "",
		begin + "ALTER TABLE a ADD COLUMN b TEXT;\nCREATE INDEX i ON c (d);":          "beside other",
		begin + "ALTER TABLE a ADD b TEXT;\nCREATE INDEX i ON a (id)\n WHERE b = '';": "partial index",
		begin + "CREATE TABLE a (id TEXT);\n-- +goose Down\nDROP TABLE a;":            "way back",
		"CREATE TABLE a (id TEXT);":                                                   "no -- +goose Up",
	} {
		got := strings.Join(faults(text), ", ")
		if want == "" && got != "" || !strings.Contains(got, want) {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}
